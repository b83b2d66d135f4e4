"""The panel in the cockpit: who sits where, who is awaited, and what an organiser can do about a seat."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Membership
from conference.words import moment
from panels import access
from panels.domain import invitations, seats
from panels.enums import HOLDING, WAITING, DeclineReason, InvitationState, Place
from panels.files.roster import roster
from panels.forms.panel import InviteForm, ReasonForm, RecordAnswerForm
from panels.mail_kinds import percent
from panels.models import Invitation, Needs, Seat, Volunteer
from panels.overview import overview


@dataclass(frozen=True)
class Row:
    """One seat in the list."""

    seat: seats.SeatView
    deadline: str  # in words; of those who are awaited
    answered: str  # in words
    reachable: bool  # by e-mail


def _when(conference: Conference, at: datetime | None) -> str:
    return moment(conference, at) if at else ""


def _email(volunteer: Volunteer) -> str:
    return volunteer.identity.email if hasattr(volunteer, "identity") else ""


def _row(conference: Conference, seat: seats.SeatView) -> Row:
    invitation = seat.invitation
    if invitation is None:
        return Row(seat, "", "", reachable=True)
    deadline = _when(conference, invitation.deadline) if invitation.state in WAITING else ""
    return Row(seat, deadline, _when(conference, invitation.answered_at), reachable=bool(_email(invitation.volunteer)))


def _may_manage(request: HttpRequest) -> bool:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership.may(Capability.MANAGE)


@login_required
@never_cache
@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    return _panel_page(request, conference)


def _panel_page(request: HttpRequest, conference: Conference, *, form: InviteForm | None = None) -> HttpResponse:
    state = seats.panel_state(conference)
    if form is None and state.draw and not state.invited:
        form = InviteForm(conference=conference, initial={"deadline": _suggested(conference)})
    drawn = _drawn(state) if state.draw and not state.invited else []
    left = seats.alternates_left(state.draw) if state.draw else 0
    context = {
        "state": state,
        "overview": overview(conference, state),
        "rows": [_row(conference, seat) for seat in state.seats],
        "form": form,
        "alternates_left": left,
        "drawn": drawn,
        "unreachable": sum(not _email(volunteer) for volunteer in drawn),
        "free_seat": _free_seat(state, by_itself=conference.auto_replace and left > 0),
    }
    return render_desk(
        request, "panels/panel.html", conference, context, current="panel", status=422 if form and form.errors else 200
    )


def _suggested(conference: Conference) -> datetime:
    deadline = invitations.default_deadline(conference, timezone.now())
    return conference.local(deadline).replace(tzinfo=None)


def _drawn(state: seats.PanelState) -> list[Volunteer]:
    drawn = Volunteer.objects.filter(entries__draw=state.draw, entries__place=Place.PANEL)
    return list(drawn.select_related("identity").order_by("reference"))


def _free_seat(state: seats.PanelState, *, by_itself: bool) -> int | None:
    """The first free seat that waits for somebody's click."""
    free = [seat.number for seat in state.seats if seat.state == seats.FREE]
    return None if by_itself or not free else free[0]


@login_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = InviteForm(request.POST, conference=conference)
    if not form.is_valid():
        return _panel_page(request, conference, form=form)
    try:
        made = invitations.invite_panel(
            conference=conference, actor=signed_in(request), deadline=form.cleaned_data["deadline"]
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", len(made))
        messages.success(request, said % {"count": len(made)} if made else _("Everybody had been invited already."))
    return redirect("panels_desk:panel", conference.slug)


# -- One seat ----------------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_safe
def seat(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    return _seat_page(request, conference, access.seat_of(conference, number))


def _seat_page(
    request: HttpRequest, conference: Conference, seat: Seat, *, answer: Form | None = None, revoke: Form | None = None
) -> HttpResponse:
    life = list(
        Invitation.objects.filter(seat=seat)
        .select_related("volunteer__identity", "recorded_by")
        .order_by("-created_at", "-pk")
    )
    current = next((invitation for invitation in life if invitation.state in HOLDING), life[0] if life else None)
    held = current is not None and current.state in HOLDING
    free = current is not None and not held
    may_manage = _may_manage(request)
    context = {
        "seat": seat,
        "life": [
            (invitation, _when(conference, invitation.created_at), _when(conference, invitation.answered_at))
            for invitation in life
        ],
        "current": current,
        "held": held,
        "free": free,
        "deadline": _when(conference, current.deadline) if current and current.state in WAITING else "",
        "reachable": bool(current and _email(current.volunteer)),
        "needs": Needs.objects.filter(volunteer=current.volunteer).first() if current and held else None,
        "traits": _labelled_traits(conference, current.volunteer) if current and held else [],
        "chance": _chance(current) if current and held else "",
        "answer_form": answer or RecordAnswerForm(auto_id="answer_%s"),
        "revoke_form": revoke or ReasonForm(auto_id="revoke_%s"),
        "may_answer": may_manage
        and current is not None
        and current.state not in {InvitationState.REVOKED, InvitationState.WITHDRAWN},
        "call_up": _call_up_context(conference, seat) if free and may_manage else None,
    }
    wrong = any(form is not None and form.errors for form in (answer, revoke))
    return render_desk(request, "panels/seat.html", conference, context, current="panel", status=422 if wrong else 200)


def _labelled_traits(conference: Conference, volunteer: Volunteer) -> list[tuple[str, str]]:
    language = get_language() or conference.language
    found = volunteer.traits.select_related("criterion", "value").order_by("criterion__position", "criterion_id")
    return [(trait.criterion.label(language), trait.value.label(language)) for trait in found]


def _chance(invitation: Invitation) -> str:
    chance = invitations.chance_of(invitation)
    return percent(chance) if chance is not None else ""


def _call_up_context(conference: Conference, seat: Seat) -> dict[str, object]:
    """Who would be called up now, and from where."""
    alternate = seats.choose(seat.draw)
    chosen = alternate.chosen if alternate else None
    who = Volunteer.objects.filter(conference=conference, reference=chosen or "").select_related("identity").first()
    return {"who": who, "tied": len(alternate.tied) if alternate else 0, "from_pool": chosen is None}


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Record what somebody said on the telephone or wrote in a letter."""
    conference = conference_for(request, slug, Capability.MANAGE)
    invitation = access.invitation_in(conference, uuid)
    form = RecordAnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return _seat_page(request, conference, invitation.seat, answer=form)
    said = form.cleaned_data
    try:
        if said["answer"] == RecordAnswerForm.ACCEPTS:
            invitations.accept(
                invitation_id=invitation.pk, channel=said["channel"], actor=signed_in(request), reason=said["reason"]
            )
        else:
            invitations.decline(
                invitation_id=invitation.pk,
                channel=said["channel"],
                actor=signed_in(request),
                reason=said["reason"],
                decline_reason=said["decline_reason"] or DeclineReason.UNSAID,
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The answer is recorded."))
    return _to_seat(conference, invitation)


@login_required
@require_POST
def resend(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    invitation = access.invitation_in(conference, uuid)
    try:
        invitations.resend(invitation_id=invitation.pk, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("A new link is on its way. The earlier one no longer opens."))
    return _to_seat(conference, invitation)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    invitation = access.invitation_in(conference, uuid)
    form = ReasonForm(request.POST, auto_id="revoke_%s")
    if not form.is_valid():
        return _seat_page(request, conference, invitation.seat, revoke=form)
    try:
        invitations.revoke(invitation_id=invitation.pk, actor=signed_in(request), reason=form.cleaned_data["reason"])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The invitation is taken back, and its link no longer opens."))
    return _to_seat(conference, invitation)


def _to_seat(conference: Conference, invitation: Invitation) -> HttpResponse:
    return redirect("panels_desk:seat", conference.slug, invitation.seat.number)


@login_required
@require_POST
def call_up(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    seat = access.seat_of(conference, number)
    try:
        invitation = seats.call_up(
            seat_id=seat.pk, actor=signed_in(request), from_pool=request.POST.get("from_pool") == "yes"
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("%(reference)s is invited to seat %(seat)s.")
            % {"reference": invitation.volunteer.reference, "seat": seat.number},
        )
    return redirect("panels_desk:seat", conference.slug, seat.number)


# -- The list to take along --------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The panel as CSV. Needs are left out: they are read one by one, by those who prepare the welcome."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    language = get_language() or conference.language
    criteria = list(conference.criteria.all())
    held = {
        view.number: view.invitation
        for view in seats.panel_state(conference).seats
        if view.invitation and view.invitation.state in HOLDING
    }
    traits = _traits([invitation.volunteer_id for invitation in held.values()], language)
    header = [
        _("Seat"),
        _("State"),
        _("Reference"),
        _("First name"),
        _("Last name"),
        _("E-mail"),
        _("Telephone"),
        _("Town"),
        _("Answer by"),
        *(criterion.label(language) for criterion in criteria),
    ]
    rows = [
        [
            *_cells(conference, number, invitation),
            *(traits.get((invitation.volunteer_id, criterion.pk), "") for criterion in criteria),
        ]
        for number, invitation in sorted(held.items())
    ]
    response = HttpResponse(roster(header, rows, language=language), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{conference.slug}-panel.csv"'
    return response


def _traits(volunteers: list[int], language: str) -> dict[tuple[int, int], str]:
    found = Volunteer.objects.filter(pk__in=volunteers).prefetch_related("traits__value")
    return {
        (volunteer.pk, trait.criterion_id): trait.value.label(language)
        for volunteer in found
        for trait in volunteer.traits.all()
    }


def _cells(conference: Conference, number: int, invitation: Invitation) -> list[str]:
    volunteer = invitation.volunteer
    who = volunteer.identity if hasattr(volunteer, "identity") else None
    return [
        str(number),
        invitation.get_state_display(),
        volunteer.reference,
        *((who.first_name, who.last_name, who.email, who.phone, who.city) if who else ("", "", "", "", "")),
        _when(conference, invitation.deadline) if invitation.state in WAITING else "",
    ]
