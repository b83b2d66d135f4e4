"""One seat in the cockpit: its life, and what an organiser can do about it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Membership
from conference.words import moment, plain_day
from panels import access
from panels.domain import invitations, letters, seats
from panels.enums import HOLDING, WAITING, DeclineReason, InvitationState
from panels.forms.panel import ReasonForm, RecordAnswerForm
from panels.life import lives
from panels.mail_kinds import percent
from panels.models import Identity, Invitation, Needs, Seat, Volunteer


def _may_manage(request: HttpRequest) -> bool:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership.may(Capability.MANAGE)


@login_required
@never_cache
@require_safe
def seat(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    return _seat_page(request, conference, access.seat_of(conference, number))


def _seat_page(
    request: HttpRequest, conference: Conference, seat: Seat, *, answer: Form | None = None, revoke: Form | None = None
) -> HttpResponse:
    every = list(
        Invitation.objects.filter(seat=seat)
        .with_letter()
        .select_related("volunteer__identity", "recorded_by")
        .order_by("-created_at", "-pk")
    )
    current = next((invitation for invitation in every if invitation.state in HOLDING), every[0] if every else None)
    held = current is not None and current.state in HOLDING
    free = current is not None and not held
    may_manage = _may_manage(request)
    context = {
        "seat": seat,
        "lives": lives(conference, every),
        "current": current,
        "held": held,
        "free": free,
        "deadline": moment(conference, current.deadline) if current and current.state in WAITING else "",
        "person": _person(conference, current) if current and held else {},
        "answer_form": answer or RecordAnswerForm(auto_id="answer_%s"),
        "revoke_form": revoke or ReasonForm(auto_id="revoke_%s"),
        "may_answer": may_manage
        and current is not None
        and current.state not in {InvitationState.REVOKED, InvitationState.WITHDRAWN},
        "call_up": _call_up_context(conference, seat) if free and may_manage else None,
    }
    wrong = any(form is not None and form.errors for form in (answer, revoke))
    return render_desk(request, "panels/seat.html", conference, context, current="panel", status=422 if wrong else 200)


def _person(conference: Conference, invitation: Invitation) -> dict[str, object]:
    """Who holds the seat, and how they can be reached."""
    identity: Identity | None = getattr(invitation.volunteer, "identity", None)
    letter = letters.last_letters([invitation]).get(invitation.pk)
    bounced = invitation.bounced_at
    return {
        "identity": identity,
        "has_mail": identity is not None and letters.has_mail(invitation),
        "is_written_to": bool(identity and identity.address and identity.postcode),
        "letter": letter,
        "letter_made": plain_day(conference.local(letter.made_at).date()) if letter else "",
        "bounced": plain_day(conference.local(bounced).date()) if bounced else "",
        "needs": Needs.objects.filter(volunteer=invitation.volunteer).first(),
        "traits": _labelled_traits(conference, invitation.volunteer),
        "chance": _chance(invitation),
    }


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
