"""What is printed for the room. Nothing here is published: the hall is prepared with the programme as it is now."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.attendees import Group, attendees_of
from conference.desk import render_desk
from conference.enums import Capability
from conference.models import Conference, Membership, Session
from conference.print.cards import Card, badges_pdf, plates_pdf
from conference.print.programme import Words, programme_pdf
from conference.printing import about_of, foot_of, maker_of, register_printed
from conference.programme_pages import days_of
from conference.published import programme_now


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
    make = maker_of(what)
    content = make(request.membership) if make else None  # type: ignore[attr-defined]
    if content is None:
        raise Http404
    return pdf_response(content, f"{conference.slug}-{what}.pdf")


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """It names people: no copy is kept on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _programme(member: Membership) -> bytes:
    conference = member.conference
    words = Words(
        about=about_of(conference, conference.title),
        question=conference.question,
        foot=foot_of(conference),
        cancelled=_("cancelled"),
        led_by=_("Led by %s"),
    )
    return programme_pdf(days_of(conference, programme_now(conference), public=False), words)


def _cards(conference: Conference) -> list[Card]:
    return [Card(one.name, one.about, str(one.group.label)) for one in attendees_of(conference)]


def _plates(member: Membership) -> bytes | None:
    cards = _cards(member.conference)
    return plates_pdf(cards, about_of(member.conference, member.conference.title)) if cards else None


def _badges(member: Membership) -> bytes | None:
    cards = _cards(member.conference)
    return badges_pdf(cards, about_of(member.conference, member.conference.title)) if cards else None


register_printed("programme", _programme)
register_printed("plates", _plates)
register_printed("badges", _badges)
