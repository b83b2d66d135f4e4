"""The life of an invitation: made, sent, answered, changed, expired, withdrawn, taken back.

Every function locks the conference first (``locking``), re-reads the invitation, checks the one table of transitions,
writes the event and the messages in the same transaction, and frees the seat where it must.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import StepKey
from conference.models import Conference, User
from panels.domain import notices
from panels.domain.draws import finish_step
from panels.domain.locking import lock_conference
from panels.domain.seats import current_draw, panel_state, replace_free_seats
from panels.enums import (
    HOLDING,
    INVITATION_TRANSITIONS,
    WAITING,
    Channel,
    DeclineReason,
    InvitationState,
    Place,
    Standing,
    Way,
)
from panels.models import DrawEntry, Invitation, Seat, Volunteer

DEFAULT_DAYS_TO_ANSWER = 10


def default_deadline(conference: Conference, now: datetime) -> datetime:
    if conference.reply_deadline and conference.reply_deadline > now:
        return conference.reply_deadline
    day = conference.local(now).date() + timedelta(days=DEFAULT_DAYS_TO_ANSWER)
    return datetime.combine(day, time(18), conference.zone)


@transaction.atomic
def invite_panel(*, conference: Conference, actor: User, deadline: datetime | None = None) -> list[Invitation]:
    """Invite every member of the drawn panel, one seat each. A second click invites nobody twice."""
    conference = lock_conference(conference.pk)
    draw = current_draw(conference)
    if draw is None:
        raise DomainError(_("Draw the panel first."))
    now = timezone.now()
    deadline = deadline or default_deadline(conference, now)
    if deadline <= now:
        raise DomainError(_("The deadline has passed already. Choose a later one."))
    seats = list(Seat.objects.filter(draw=draw, invitations=None).order_by("number"))
    drawn = Volunteer.objects.filter(entries__draw=draw, entries__place=Place.PANEL, invitations=None).order_by(
        "reference"
    )
    made, gone = [], False
    for seat, volunteer in zip(seats, drawn.select_related("identity"), strict=False):
        if volunteer.standing == Standing.ELIGIBLE and hasattr(volunteer, "identity"):
            made.append(
                create_invitation(conference=conference, seat=seat, volunteer=volunteer, deadline=deadline, actor=actor)
            )
        else:
            _free_at_once(seat, volunteer, deadline=deadline)
            gone = True
    if gone:
        replace_free_seats(conference_id=conference.pk)
    return made


def _free_at_once(seat: Seat, volunteer: Volunteer, *, deadline: datetime) -> None:
    """Who left the pool between the announcement and the ticket is drawn all the same; an alternate takes the seat."""
    Invitation.objects.create(
        conference_id=seat.conference_id,
        seat=seat,
        volunteer=volunteer,
        deadline=deadline,
        state=InvitationState.REVOKED,
        channel=Channel.PROGRAM,
        answered_at=timezone.now(),
    )
    record(
        "seat.left_before",
        conference=seat.conference,
        actor_label=_("the program"),
        obj=seat,
        seat=seat.number,
        reference=volunteer.reference,
    )


def create_invitation(
    *,
    conference: Conference,
    seat: Seat,
    volunteer: Volunteer,
    deadline: datetime,
    actor: User | None,
    round_: int = 0,
    lot: dict[str, Any] | None = None,
) -> Invitation:
    """One invitation with its message and reminders. The caller holds the lock."""
    invitation = Invitation.objects.create(
        conference=conference, seat=seat, volunteer=volunteer, deadline=deadline, round=round_, lot=lot or {}
    )
    record(
        "invitation.created",
        conference=conference,
        actor=actor,
        actor_label="" if actor else _("the program"),
        obj=invitation,
        reference=volunteer.reference,
        seat=seat.number,
    )
    notices.invite(invitation, at_once=actor is not None)
    return invitation


def _begin(invitation_id: int) -> Invitation:
    """The invitation, re-read under the conference's lock and locked itself (the outbox marks it as sent without the first)."""
    conference_id = Invitation.objects.values_list("conference_id", flat=True).get(pk=invitation_id)
    lock_conference(conference_id)
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("conference", "seat", "volunteer").get(pk=invitation_id)


def _move(invitation: Invitation, to: InvitationState) -> None:
    if to not in INVITATION_TRANSITIONS[InvitationState(invitation.state)]:
        raise DomainError(
            _("This is no longer possible: the invitation stands at “%(state)s”.")
            % {"state": invitation.get_state_display()}
        )
    invitation.state = to


def _log(verb: str, invitation: Invitation, *, actor: User | None, channel: str = "", reason: str = "") -> None:
    reference = invitation.volunteer.reference
    if actor:
        label = ""
    elif channel == Channel.PROGRAM:
        label = _("the program")
    else:
        label = _("citizen %(reference)s") % {"reference": reference}
    record(
        verb,
        conference=invitation.conference,
        actor=actor,
        actor_label=label,
        obj=invitation,
        reason=reason,
        reference=reference,
        seat=invitation.seat.number,
        channel=channel,
    )


def _answered(invitation: Invitation, *, channel: str, actor: User | None) -> None:
    invitation.answered_at = timezone.now()
    invitation.channel = channel
    invitation.recorded_by = actor


def _check_in_time(invitation: Invitation, channel: str) -> None:
    """A citizen's own link works until the deadline; an organiser may record a late answer while the seat is free."""
    if channel == Channel.LINK and invitation.deadline < timezone.now():
        raise DomainError(
            _("The time to answer ended. Please write to us or call us: we will see what can still be done.")
        )


@transaction.atomic
def accept(
    *, invitation_id: int, channel: str = Channel.LINK, actor: User | None = None, reason: str = ""
) -> Invitation:
    """Yes. Accepting twice gives the same result as once; a seat that somebody else holds by now cannot be taken back."""
    invitation = _begin(invitation_id)
    if invitation.state == InvitationState.ACCEPTED:
        return invitation
    _check_in_time(invitation, channel)
    if invitation.state not in WAITING and _taken(invitation):
        raise DomainError(
            _("This seat has been offered to somebody else in the meantime. Thank you for coming back to us.")
        )
    _move(invitation, InvitationState.ACCEPTED)
    _answered(invitation, channel=channel, actor=actor)
    invitation.decline_reason, invitation.decline_note = "", ""
    invitation.save()
    _log("invitation.accepted", invitation, actor=actor, channel=channel, reason=reason)
    notices.accepted(invitation)
    state = panel_state(invitation.conference)
    if state.complete:
        record(
            "panel.complete",
            conference=invitation.conference,
            actor_label=_("the program"),
            obj=state.draw,
            seats=len(state.seats),
        )
        finish_step(invitation.conference, StepKey.DRAW)
    return invitation


def _taken(invitation: Invitation) -> bool:
    """Whether the seat is held by somebody else, or the person holds another seat by now."""
    held = Invitation.objects.holding().exclude(pk=invitation.pk)
    return (
        held.filter(seat=invitation.seat).exists()
        or held.filter(conference=invitation.conference, volunteer=invitation.volunteer).exists()
    )


@transaction.atomic
def decline(
    *,
    invitation_id: int,
    channel: str = Channel.LINK,
    decline_reason: str = DeclineReason.UNSAID,
    note: str = "",
    actor: User | None = None,
    reason: str = "",
) -> Invitation:
    """No, or no longer. Before the deadline a refusal; of an accepted seat after the deadline, a withdrawal."""
    invitation = _begin(invitation_id)
    if invitation.state in {InvitationState.DECLINED, InvitationState.WITHDRAWN}:
        return invitation
    late = invitation.deadline < timezone.now()
    if invitation.state == InvitationState.ACCEPTED and late:
        _move(invitation, InvitationState.WITHDRAWN)
        verb = "invitation.withdrawn"
    else:
        _check_in_time(invitation, channel)
        _move(invitation, InvitationState.DECLINED)
        verb = "invitation.declined"
    _answered(invitation, channel=channel, actor=actor)
    invitation.decline_reason, invitation.decline_note = decline_reason, note
    invitation.save()
    _log(verb, invitation, actor=actor, channel=channel, reason=reason)
    notices.declined(invitation)
    replace_free_seats(conference_id=invitation.conference_id)
    return invitation


@transaction.atomic
def withdraw(
    *, invitation_id: int, channel: str = Channel.LINK, note: str = "", actor: User | None = None, reason: str = ""
) -> Invitation:
    """Give up an accepted seat, at any time."""
    invitation = _begin(invitation_id)
    if invitation.state == InvitationState.WITHDRAWN:
        return invitation
    _move(invitation, InvitationState.WITHDRAWN)
    _answered(invitation, channel=channel, actor=actor)
    invitation.decline_note = note
    invitation.save()
    _log("invitation.withdrawn", invitation, actor=actor, channel=channel, reason=reason)
    notices.declined(invitation)
    replace_free_seats(conference_id=invitation.conference_id)
    return invitation


@transaction.atomic
def revoke(*, invitation_id: int, actor: User, reason: str) -> Invitation:
    """Take an invitation back (a mistake, an eligibility found wrong). Needs a written reason; kills the link."""
    if not reason.strip():
        raise DomainError(_("Write the reason: it stays in the log."))
    invitation = _begin(invitation_id)
    _move(invitation, InvitationState.REVOKED)
    invitation.version += 1
    invitation.save()
    _log("invitation.revoked", invitation, actor=actor, reason=reason)
    notices.cancel_all(invitation, reason=_("The invitation was taken back"))
    replace_free_seats(conference_id=invitation.conference_id)
    return invitation


@transaction.atomic
def resend(*, invitation_id: int, actor: User, reason: str = "") -> Invitation:
    """Make a new link, which kills the old one, and send it to the address on file."""
    invitation = _begin(invitation_id)
    if invitation.state not in HOLDING:
        raise DomainError(_("This invitation is over; a link to it would lead nowhere."))
    if not notices.has_address(invitation.volunteer):
        raise DomainError(
            _("No e-mail address is known for this person. Call them or write to them, and record the answer here.")
        )
    invitation.bounced_at = None  # of the new one nothing is known yet
    renew(invitation)
    _log("invitation.resent", invitation, actor=actor, channel=Channel.LINK, reason=reason)
    notices.send_link(invitation)
    return invitation


def renew(invitation: Invitation) -> None:
    """Kill every link and code that leads to this invitation; the caller sends the new one. It holds the lock."""
    invitation.version += 1
    invitation.save(update_fields=["version", "bounced_at"])


@transaction.atomic
def send_link_again(*, invitation_id: int) -> Invitation:
    """Asked for by whoever holds a dead link: the living link goes to the address on file.

    It is not renewed: a stranger with an old link must not be able to kill the one that the citizen holds.
    """
    invitation = _begin(invitation_id)
    if invitation.state not in HOLDING:
        raise DomainError(_("This invitation is over; a link to it would lead nowhere."))
    _log("invitation.link_asked", invitation, actor=None, channel=Channel.LINK)
    notices.send_link(invitation, asked_at=timezone.now())
    return invitation


@transaction.atomic
def expire(*, invitation_id: int, now: datetime) -> Invitation:
    """The deadline has passed without an answer: the seat comes free. An answer that came first wins."""
    invitation = _begin(invitation_id)
    if invitation.state not in WAITING or invitation.deadline >= now:
        return invitation
    _move(invitation, InvitationState.EXPIRED)
    invitation.save(update_fields=["state"])
    _log("invitation.expired", invitation, actor=None, channel=Channel.PROGRAM)
    notices.cancel_all(invitation, reason=_("The deadline has passed"))
    replace_free_seats(conference_id=invitation.conference_id)
    return invitation


def expire_due(now: datetime) -> int:
    """Let every overdue invitation expire, each in its own transaction. Returns how many were looked at."""
    overdue = list(Invitation.objects.overdue(now).values_list("pk", flat=True))
    for pk in overdue:
        expire(invitation_id=pk, now=now)
    return len(overdue)


@transaction.atomic
def mark_sent(*, invitation_id: int, at: datetime, way: Way = Way.EMAIL) -> None:
    """It went out. Of a message, called in the transaction that marks it as sent; of a letter, when it is made."""
    found = Invitation.objects.filter(pk=invitation_id)
    found.holding().update(sent_by=way)
    if found.filter(state=InvitationState.PENDING).update(state=InvitationState.SENT, sent_at=at):
        _log("invitation.sent", _told(invitation_id), actor=None, channel=Channel.PROGRAM)


@transaction.atomic
def mark_bounced(*, invitation_id: int, email: str, at: datetime) -> None:
    """No e-mail arrives at this address. Like ``mark_sent`` it locks the invitation's row only, and answers nothing."""
    found = Invitation.objects.holding().filter(
        pk=invitation_id, bounced_at=None, volunteer__identity__email__iexact=email
    )
    if found.update(bounced_at=at):
        _log("invitation.bounced", _told(invitation_id), actor=None, channel=Channel.PROGRAM)


@transaction.atomic
def note_opened(*, invitation_id: int) -> None:
    """The citizen clicked or typed something on their page for the first time. A hint only: nothing follows from it."""
    if Invitation.objects.filter(pk=invitation_id, opened_at=None).update(opened_at=timezone.now()):
        _log("invitation.opened", _told(invitation_id), actor=None, channel=Channel.LINK)


def _told(invitation_id: int) -> Invitation:
    return Invitation.objects.select_related("conference", "seat", "volunteer").get(pk=invitation_id)


def chance_of(invitation: Invitation) -> float | None:
    """The probability with which the draw could choose this volunteer."""
    entry = DrawEntry.objects.filter(draw__seats=invitation.seat_id, volunteer=invitation.volunteer_id).first()
    return entry.probability if entry else None
