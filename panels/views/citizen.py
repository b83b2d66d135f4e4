"""The pages of an invited citizen. No account: a signed link opens them, and every answer is a button (POST)."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.calendar import calendar_for
from conference.domain.errors import DomainError
from conference.models import Session
from conference.words import moment, session_when
from panels import access
from panels.domain import invitations, notices
from panels.domain.needs import save_needs
from panels.enums import WAITING, Channel, InvitationState, Place
from panels.forms.panel import DeclineForm, NeedsForm
from panels.mail_kinds import percent
from panels.models import DrawEntry, Invitation, Needs
from panels.own_draw import OwnDraw, own_draws
from panels.views.proof import proof_file

ANSWERS_AN_HOUR = 30
LINKS_A_DAY, LINKS_AN_HOUR_AND_PLACE = 3, 20

type InvitationView = Callable[[HttpRequest, Invitation], HttpResponse]


def by_link(view: InvitationView) -> Callable[[HttpRequest], HttpResponse]:
    """Hands the view the invitation that this browser may see; without one, the friendly page for lost links."""

    @wraps(view)
    @never_cache
    def wrapped(request: HttpRequest) -> HttpResponse:
        invitation = access.remembered(request)
        if invitation is None:
            return _lost_page(request)
        if request.method == "POST" and request.POST.get("of", str(invitation.uuid)) != str(invitation.uuid):
            return _page(request, invitation, problem=_not_yours(invitation))
        return view(request, invitation)

    return wrapped


def _not_yours(invitation: Invitation) -> str:
    """Two people share a computer: the answer came from a page that was open before this one."""
    return _(
        "Nothing was changed: another person’s page was opened in this browser in the meantime. This one is %(name)s’s. If that is not you, open the link in your own message or letter again."
    ) % {"name": invitation.volunteer.identity.first_name}


def _lost_page(request: HttpRequest, *, asked: bool = False) -> HttpResponse:
    """For a link that is malformed, forged, replaced or forgotten: the same words for all of them."""
    lost = None if access.names_nothing(request) else access.lost_invitation(request)
    context = {"asked": asked, "conference": lost.conference if lost else None}
    return render(request, "panels/citizen/lost.html", context, status=200 if asked else 404)


@sensitive_variables("token")
@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Check the link, keep it in the session, take it out of the address. A scanner's visit changes nothing."""
    invitation = access.open_link(token)
    response = redirect("panels:invitation" if invitation else "panels:invitation_lost")
    response.headers["Referrer-Policy"] = (
        "no-referrer"  # only here: on pages with forms it would blank the Origin that CSRF checks
    )
    if request.method == "HEAD":
        return response
    if invitation is None:
        access.remember_lost(request, token)
        return response
    access.remember(request, invitation)
    speak_their_language(request, response, invitation)
    return response


def speak_their_language(request: HttpRequest, response: HttpResponse, invitation: Invitation) -> None:
    """The language follows the person, unless this browser has chosen one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            invitation.volunteer.identity.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE or "Lax",
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """ "Send me a new link": goes to the address on file, and answers the same whether there is one or not."""
    if request.method != "POST":
        return _lost_page(request)
    invitation = access.lost_invitation(request)
    if invitation and notices.has_address(invitation.volunteer) and _may_send_again(request, invitation):
        with suppress(DomainError):  # the invitation is over; saying so would tell a stranger
            invitations.send_link_again(invitation_id=invitation.pk)
    return _lost_page(request, asked=True)


def _may_send_again(request: HttpRequest, invitation: Invitation) -> bool:
    here = access.within_limit("link-from", access.connection(request), times=LINKS_AN_HOUR_AND_PLACE, seconds=3600)
    return here and access.within_limit("link-to", invitation.pk, times=LINKS_A_DAY, seconds=24 * 3600)


@by_link
@require_safe
def invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The invitation and the answer as it stands."""
    return _page(request, invitation)


def _page(request: HttpRequest, invitation: Invitation, *, problem: str = "") -> HttpResponse:
    template = f"panels/citizen/{_stage(invitation)}.html"
    context = _context(invitation) | {
        "problem": problem,
        "own_draws": _own_draws(invitation),
        "instead": not problem and access.is_instead_of_another(request),
    }
    return render(request, template, context, status=409 if problem else 200)


def _own_draws(invitation: Invitation) -> list[tuple[OwnDraw, str]]:
    """The person's part in each draw, with the address of the proof."""
    found = own_draws(invitation.conference, invitation.volunteer)
    return [(own, reverse("panels:invitation_proof", args=[own.shown.draw.number])) for own in found]


def _stage(invitation: Invitation) -> str:
    """Which of the five pages the invitation has reached."""
    if invitation.state in WAITING:
        return "closed" if invitation.deadline < timezone.now() else "open"
    return {
        InvitationState.ACCEPTED: "accepted",
        InvitationState.DECLINED: "declined",
        InvitationState.WITHDRAWN: "declined",
    }.get(InvitationState(invitation.state), "closed")


def _context(invitation: Invitation) -> dict[str, object]:
    in_time = invitation.deadline >= timezone.now()
    entry = DrawEntry.objects.filter(draw=invitation.seat.draw_id, volunteer=invitation.volunteer_id).first()
    return {
        "invitation": invitation,
        "conference": invitation.conference,
        "first_name": invitation.volunteer.identity.first_name,
        "sessions": [
            (session, session_when(session))
            for session in Session.objects.filter(conference=invitation.conference).held().select_related("conference")
        ],
        "deadline": moment(invitation.conference, invitation.deadline),
        "pool": DrawEntry.objects.filter(draw=invitation.seat.draw_id).count(),
        "chance": percent(entry.probability) if entry else "",
        "is_alternate": entry is not None and entry.place == Place.ALTERNATE,
        "is_drawn": entry is not None and entry.place == Place.PANEL,
        "in_time": in_time,
        "may_return": in_time and invitation.state == InvitationState.DECLINED and not _is_taken(invitation),
        "needs": Needs.objects.filter(volunteer=invitation.volunteer_id).first(),
    }


def _is_taken(invitation: Invitation) -> bool:
    return Invitation.objects.holding().filter(seat=invitation.seat_id).exclude(pk=invitation.pk).exists()


def _limited(view: InvitationView) -> InvitationView:
    """A brake on answers: nobody changes their mind thirty times an hour."""

    @wraps(view)
    def wrapped(request: HttpRequest, invitation: Invitation) -> HttpResponse:
        if request.method == "POST" and not access.within_limit(
            "answer", invitation.pk, times=ANSWERS_AN_HOUR, seconds=3600
        ):
            return _page(
                request,
                invitation,
                problem=_("That was a lot of answers in a short time. Please try again in an hour, or call us."),
            )
        return view(request, invitation)

    return wrapped


@require_POST
@by_link
@_limited
def accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        invitations.accept(invitation_id=invitation.pk, channel=Channel.LINK)
    except DomainError as error:
        return _page(request, access.remembered(request) or invitation, problem=error.message)
    return redirect("panels:needs")


@require_POST
@by_link
@_limited
def seen(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """ "I have read this and will answer later": the organiser need not wonder whether the invitation arrived."""
    invitations.note_opened(invitation_id=invitation.pk)
    return redirect("panels:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@_limited
def decline(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Asks for a reason that need not be given. On a page of its own, since the seat goes to somebody else at once."""
    if request.method != "POST" and _stage(invitation) not in {"open", "accepted"}:
        return redirect("panels:invitation")
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitations.decline(
                invitation_id=invitation.pk,
                channel=Channel.LINK,
                decline_reason=form.cleaned_data["decline_reason"],
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            return _page(request, access.remembered(request) or invitation, problem=error.message)
        return redirect("panels:invitation")
    return render(
        request,
        "panels/citizen/decline.html",
        _context(invitation) | {"form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def needs(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """What somebody who has accepted needs in order to come."""
    if invitation.state != InvitationState.ACCEPTED:
        return redirect("panels:invitation")
    kept = Needs.objects.filter(volunteer=invitation.volunteer_id).first()
    form = NeedsForm(request.POST if request.method == "POST" else None, instance=kept)
    if form.is_valid():
        save_needs(invitation=invitation, **form.cleaned_data)
        messages.success(request, _("Thank you. We have noted what you need."))
        return redirect("panels:invitation")
    return render(
        request, "panels/citizen/needs.html", _context(invitation) | {"form": form}, status=422 if form.errors else 200
    )


@by_link
@require_safe
def calendar(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The sessions, for the person's own calendar."""
    sessions = list(Session.objects.filter(conference=invitation.conference).held())
    response = HttpResponse(calendar_for(invitation.conference, sessions), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{invitation.conference.slug}.ics"'
    return response


@never_cache
@require_safe
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The file by which the person proves that they were in the list of an announced draw."""
    invitation = access.remembered(request)
    return proof_file(invitation.volunteer if invitation else None, number)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on a shared computer. Whoever is signed in besides stays signed in."""
    access.forget(request)
    return render(request, "panels/citizen/left.html")
