"""What everybody may see: the conferences, one conference, its calendar and documents, and our two statements."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from conference import rules
from conference.access import public_conference, public_document
from conference.calendar import calendar_for
from conference.enums import DocumentAudience, Role
from conference.models import Conference, Document, Membership, ProgrammeVersion, Session, Step
from conference.thread import thread_of
from conference.views.desk_documents import file_response
from conference.words import day, moment, plain_day, session_when


@dataclass(frozen=True)
class Dated:
    """A session with its time in words. Where citizens deliberate undisturbed is not for everybody to know."""

    session: Session
    when: str
    past: bool

    @property
    def place(self) -> str:
        return self.session.place if self.session.is_public else ""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    listed = Conference.objects.published()
    rows = [(conference, conference.registration_is_open()) for conference in listed]
    return render(request, "public/home.html", {"rows": rows})


def _programme(conference: Conference) -> list[Dated]:
    now = timezone.now()
    sessions = Session.objects.filter(conference=conference).select_related("conference")
    return [Dated(session, session_when(session), session.ends_at < now) for session in sessions]


def _registration(conference: Conference) -> dict[str, object]:
    closes, opens = conference.registration_closes, conference.registration_opens
    soon = opens is not None and opens > timezone.now()
    return {
        "registration_open": conference.registration_is_open(),
        "registration_until": moment(conference, closes) if closes else "",
        "registration_from": day(conference, opens) if opens and soon else "",
    }


@require_safe
def conference(request: HttpRequest, slug: str) -> HttpResponse:
    found = public_conference(slug)
    today = found.local(timezone.now()).date()
    members = Membership.objects.filter(conference=found, is_public=True).select_related("user")
    usual = rules.SEATS_MIN <= found.seats <= rules.SEATS_MAX
    context = {
        "conference": found,
        "thread": thread_of(found, Step.objects.filter(conference=found), today, short=True),
        "programme": _programme(found),
        "has_programme": ProgrammeVersion.objects.filter(conference=found).exists(),
        "members": sorted(members, key=lambda member: list(Role).index(Role(member.role))),
        "documents": Document.objects.served().filter(
            conference=found, audience=DocumentAudience.PUBLIC, is_confidential=False
        ),
        "seats_exception": "" if usual else found.seats_reason,
        "erase_on": plain_day(found.erase_on) if found.erase_on else "",
        **_registration(found),
    }
    return render(request, "public/conference.html", context)


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """A feed that calendar programs may subscribe to; cancelled sessions stay in it, marked as such."""
    found = public_conference(slug)
    sessions = Session.objects.filter(conference=found).select_related("conference")
    response = HttpResponse(calendar_for(found, sessions, public=True), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    patch_cache_control(response, public=True, max_age=600)
    return response


@require_safe
def document(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponseBase:
    return file_response(public_document(slug, uuid))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"conferences": Conference.objects.published()})
