"""What is printed for the room. Nothing here is published: the hall is prepared with the programme as it is now."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.attendees import Attendee, Group, attendees_of
from conference.desk import render_desk
from conference.enums import Capability
from conference.half_days import half_days_of
from conference.models import Conference, Session
from conference.print.cards import Card, badges_pdf, plates_pdf
from conference.print.programme import Words, programme_pdf
from conference.print.sheet import MOST_HALVES, Sheet, sheets_pdf
from conference.programme_pages import days_of
from conference.published import programme_now
from conference.words import moment, session_when


@login_required
@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to print, and how many of each."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    people = attendees_of(conference)
    context = {
        "counts": [(group.label, sum(1 for one in people if one.group == group)) for group in Group],
        "people": len(people),
        "sessions": Session.objects.filter(conference=conference).held().count(),
    }
    return render_desk(request, "conference/publication/print.html", conference, context, current="programme")


@login_required
@require_safe
def printed(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    make = _MAKERS.get(what)
    if make is None:
        raise Http404
    response = HttpResponse(make(conference), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{conference.slug}-{what}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _foot(conference: Conference) -> str:
    return f"{conference.title} · " + _("printed on %(when)s") % {"when": moment(conference, timezone.now())}


def _programme(conference: Conference) -> bytes:
    words = Words(
        title=conference.title,
        question=conference.question,
        foot=_foot(conference),
        cancelled=_("cancelled"),
        led_by=_("Led by %s"),
    )
    return programme_pdf(days_of(conference, programme_now(conference), public=False), words)


def _cards(conference: Conference) -> list[Card]:
    return [Card(one.name, one.about, str(one.group.label)) for one in attendees_of(conference)]


def _plates(conference: Conference) -> bytes:
    return plates_pdf(_cards(conference), title=conference.title)


def _badges(conference: Conference) -> bytes:
    return badges_pdf(_cards(conference), title=conference.title)


def _attendance(conference: Conference) -> bytes:
    citizens = [one for one in attendees_of(conference) if one.group == Group.CITIZEN]
    sessions = (
        Session.objects.filter(conference=conference).held().select_related("conference").prefetch_related("items")
    )
    sheets = [sheet for session in sessions for sheet in _sheets(session, citizens)]
    if not sheets:
        raise Http404
    return sheets_pdf(sheets, title=_("Attendance sheet"))


def _sheets(session: Session, citizens: list[Attendee]) -> list[Sheet]:
    halves = [half.words for half in half_days_of(session)]
    parts = [halves[at : at + MOST_HALVES] for at in range(0, len(halves), MOST_HALVES)]
    return [
        Sheet(
            title=_("Attendance sheet: %(session)s") % {"session": session.title},
            about=" · ".join(fact for fact in (session_when(session), session.place) if fact),
            halves=part,
            rows=[(one.name, one.about) for one in citizens],
            name_heading=_("Name"),
            foot=_foot(session.conference),
        )
        for part in parts
    ]


_MAKERS: dict[str, Callable[[Conference], bytes]] = {
    "programme": _programme,
    "plates": _plates,
    "badges": _badges,
    "attendance": _attendance,
}
