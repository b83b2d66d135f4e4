"""The panel in the cockpit: who sits where, who is awaited, and what an organiser can do about a seat."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
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
from panels.domain import invitations, seats
from panels.enums import HOLDING, WAITING, Place
from panels.files.roster import roster
from panels.forms.panel import InviteForm
from panels.models import Invitation, Volunteer
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
