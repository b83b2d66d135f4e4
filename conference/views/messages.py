"""The outbox: what goes out when, what went out, and what an organiser may do about one message."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, message_for, signed_in
from conference.desk import render_desk
from conference.domain import messages as domain
from conference.enums import Capability
from conference.mail.domain.delivery import prepare
from conference.mail.domain.health import health
from conference.mail.domain.kinds import ReasonGone
from conference.mail.domain.render import TextError, blank_link
from conference.mail.enums import OPEN, TRANSITIONS, Kind, State
from conference.mail.models import Message
from conference.models import Conference
from conference.views.acts import attempt
from conference.words import moment

PER_PAGE = 100
TONES = {
    State.SENT: "accepted",
    State.SENDING: "waiting",
    State.RETRY: "waiting",
    State.HELD: "waiting",
    State.FAILED: "gone",
    State.BOUNCED: "gone",
}
ACTS: dict[str, Callable[..., Message]] = {
    "hold": domain.hold,
    "release": domain.release,
    "send": domain.send_now,
    "cancel": domain.cancel,
}


@dataclass(frozen=True)
class Row:
    message: Message
    tone: str
    when: str
    note: str  # why it failed, waits or was cancelled


@dataclass(frozen=True)
class Written:
    """A message as it reads; ``problem`` instead, where it would not go out."""

    subject: str = ""
    text: str = ""
    problem: str = ""


def _row(conference: Conference, message: Message) -> Row:
    when = moment(conference, message.sent_at or message.due_at)
    return Row(message, TONES.get(State(message.state), ""), when, message.state_reason or message.last_error)


def _filtered(request: HttpRequest, messages: QuerySet[Message]) -> tuple[QuerySet[Message], str, str]:
    """By state and kind, each one of those there are; anything else shows all."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state = state if state in State.values else ""
    kind = kind if kind in Kind.values else ""
    if state:
        messages = messages.filter(state=state)
    if kind:
        messages = messages.filter(kind=kind)
    return messages, state, kind


@login_required
@require_safe
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    everything = Message.objects.filter(conference=conference)
    shown, state, kind = _filtered(request, everything)
    counts: Counter[str] = Counter()
    kinds: set[str] = set()
    for one in everything.order_by().values("state", "kind").annotate(number=Count("pk")):
        kinds.add(one["kind"])
        if kind in {"", one["kind"]}:
            counts[one["state"]] += one["number"]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    coming = everything.open().exclude(state=State.HELD).order_by("due_at").first()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [_row(conference, message) for message in page],
        "page": page,
        "query": query.urlencode(),
        "state": state,
        "kind": kind,
        "states": [(one.value, one.label, counts[one]) for one in State if counts[one]],
        "total": counts.total(),
        "kinds": [(one.value, one.label) for one in Kind if one in kinds],
        "waiting": counts[State.SCHEDULED] + counts[State.RETRY] + counts[State.SENDING],
        "sent": counts[State.SENT],
        "failed": counts[State.FAILED] + counts[State.BOUNCED],
        "next": moment(conference, coming.due_at) if coming and coming.due_at > timezone.now() else "",
        "warnings": health(timezone.now()).warnings(),
    }
    return render_desk(request, "mail/desk/messages.html", conference, context, current="messages")


@login_required
@require_safe
def message(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    shown = message_for(request, slug, uuid, Capability.VIEW_PEOPLE)
    conference = shown.conference
    if conference is None:
        raise Http404
    state = State(shown.state)
    may_change = state in OPEN or state == State.FAILED
    context = {
        "row": _row(conference, shown),
        "written": _written(shown),
        "due": moment(conference, shown.due_at),
        "is_open": state in OPEN or state == State.SENDING,
        "may_hold": State.HELD in TRANSITIONS[state],
        "may_release": state == State.HELD,
        "may_send": may_change and state != State.HELD,
        "may_cancel": state in OPEN,
    }
    return render_desk(request, "mail/desk/message.html", conference, context, current="messages")


def _written(shown: Message) -> Written:
    """The kept copy of what went out; for what has not, how it would read now. Never with the personal link."""
    if shown.state in {State.SENT, State.BOUNCED}:
        return Written(shown.subject, shown.body_text, "" if shown.body_text else _("The text has been erased."))
    if shown.state in {State.CANCELLED, State.MISSED}:
        return Written(problem=_("This message did not go out."))
    try:
        content, rendered = prepare(shown)
    except ReasonGone as gone:
        return Written(problem=_("It would not go out: %(reason)s.") % {"reason": gone})
    except (TextError, LookupError) as error:
        return Written(problem=_("It cannot be written: %(error)s") % {"error": error})
    return Written(rendered.subject, blank_link(rendered.text, content.action_url, shown.language))


@login_required
@require_POST
def act(request: HttpRequest, slug: str, uuid: UUID, act: str) -> HttpResponse:
    """Hold, release, send now or cancel one message."""
    changed = message_for(request, slug, uuid, Capability.MANAGE)
    if act not in ACTS:
        raise Http404
    done = {
        "hold": _("The message is held: it does not go out until you release it."),
        "release": _("The message is released."),
        "send": _("The message goes out within a minute."),
        "cancel": _("The message is cancelled."),
    }
    attempt(request, lambda: ACTS[act](message_id=changed.pk, actor=signed_in(request)), done[act])
    return redirect("mail:message", slug, changed.uuid)
