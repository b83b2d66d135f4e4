"""The cockpit of one conference: where it stands, and the next thing to do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.desk import render_desk
from conference.domain.conferences import missing_for_publication
from conference.enums import Capability, Role
from conference.mail.domain.health import health
from conference.mail.enums import State
from conference.mail.models import Message
from conference.models import Conference, Membership, Session, Step
from conference.thread import thread_of
from conference.words import session_when


@login_required
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    now = timezone.now()
    coming = Session.objects.upcoming(now).filter(conference=conference).select_related("conference")
    context = {
        "thread": thread_of(conference, Step.objects.filter(conference=conference), conference.local(now).date()),
        "coming": [(session, session_when(session)) for session in coming[:3]],
        "todo": _todo(request, conference),
        **_mail(request, conference),
    }
    return render_desk(request, "conference/desk/overview.html", conference, context, current="overview")


def _mail(request: HttpRequest, conference: Conference) -> dict[str, object]:
    """What keeps letters from arriving, for those who may see to whom they go."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not membership.may(Capability.VIEW_PEOPLE):
        return {}
    lost = Message.objects.filter(conference=conference, state__in=[State.FAILED, State.BOUNCED]).count()
    return {"lost_messages": lost, "mail_warnings": health(timezone.now()).warnings()}


def _todo(request: HttpRequest, conference: Conference) -> dict[str, bool]:
    """What an organiser should know is missing; nothing for those who cannot mend it."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not membership.may(Capability.MANAGE):
        return {}
    roles = set(Membership.objects.filter(conference=conference).values_list("role", flat=True))
    return {
        "publishable": not conference.is_published and not missing_for_publication(conference),
        "incomplete": not conference.is_published and bool(missing_for_publication(conference)),
        "no_sessions": not Session.objects.held().filter(conference=conference).exists(),
        "no_guarantor": Role.GUARANTOR not in roles,
        "no_deadline": conference.reply_deadline is None,
    }
