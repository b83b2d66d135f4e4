"""The event log in words: who did what, when and why."""

from datetime import datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.desk import render_desk
from conference.domain.events import sentence
from conference.enums import Capability
from conference.forms.people import LogFilterForm
from conference.models import Conference, Event, User
from conference.words import moment

PER_PAGE = 50
PROGRAM = "-"  # acts without an account: citizens and experts by their link, the program itself

# The first word of a verb, in words. A room's verbs need no entry to be shown, only to be filtered.
ABOUT = {
    "conference": _("Conference"),
    "step": _("Steps"),
    "session": _("Sessions"),
    "document": _("Documents"),
    "colleague": _("Colleagues"),
    "criteria": _("Criteria"),
    "pool": _("Pool: files"),
    "volunteer": _("Volunteers"),
    "draw": _("Draws"),
    "invitation": _("Invitations"),
    "text": _("Texts of messages"),
    "letter": _("Letters"),
    "call": _("Telephone calls"),
    "seat": _("Seats"),
    "panel": _("Panel"),
    "needs": _("Needs"),
    "expert": _("Experts"),
    "briefing": _("Briefings"),
    "message": _("Messages"),
}


def _people(conference: Conference) -> list[tuple[str, str]]:
    actors = User.objects.filter(pk__in=Event.objects.filter(conference=conference).values("actor"))
    return [(str(actor.pk), str(actor)) for actor in actors.order_by("name", "email")] + [
        (PROGRAM, str(_("without an account")))
    ]


def _filtered(conference: Conference, form: LogFilterForm) -> QuerySet[Event]:
    events = Event.objects.filter(conference=conference).select_related("actor")
    if not form.is_valid():
        return events
    chosen = form.cleaned_data
    if chosen["about"]:
        events = events.filter(verb__startswith=f"{chosen['about']}.")
    if chosen["who"]:
        events = events.filter(actor=None) if chosen["who"] == PROGRAM else events.filter(actor_id=int(chosen["who"]))
    if chosen["since"]:
        events = events.filter(at__gte=datetime.combine(chosen["since"], time(), conference.zone))
    if chosen["until"]:
        events = events.filter(at__lt=datetime.combine(chosen["until"] + timedelta(days=1), time(), conference.zone))
    return events


@login_required
@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_LOG)
    abouts = [(key, str(label)) for key, label in ABOUT.items()]
    form = LogFilterForm(request.GET or None, abouts=abouts, people=_people(conference))
    page = Paginator(_filtered(conference, form), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(event, sentence(event), moment(conference, event.at)) for event in page],
        "filtered": bool(query),
        "query": query.urlencode(),
    }
    return render_desk(request, "conference/desk/log.html", conference, context, current="log")
