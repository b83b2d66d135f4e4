"""Seats: who holds them, which are free, and which alternate best restores the quotas when one comes free."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from panels import lottery
from panels.domain.draws import problem_from
from panels.domain.locking import lock_conference
from panels.enums import HOLDING, DrawState, InvitationState, Place, Standing
from panels.models import Draw, DrawEntry, Invitation, Seat, Volunteer

NOT_YET, FREE, INVITED, ACCEPTED = "not_yet", "free", "invited", "accepted"


@dataclass(frozen=True)
class SeatView:
    """One seat as it stands. ``state``: not_yet (nobody invited so far), free, invited or accepted."""

    seat: Seat
    number: int
    state: str
    invitation: Invitation | None  # the one that holds the seat, else the last one
    former: int  # how many earlier invitations to this seat came to nothing

    @property
    def holder(self) -> Volunteer | None:
        return self.invitation.volunteer if self.invitation and self.invitation.state in HOLDING else None


@dataclass(frozen=True)
class PanelState:
    """The panel at one moment."""

    draw: Draw | None
    seats: tuple[SeatView, ...]
    declined: int  # invitations that came to nothing
    replaced: int  # of these, how many seats somebody else was invited to since
    next_deadline: datetime | None  # of those who have not answered

    def count(self, state: str) -> int:
        return sum(seat.state == state for seat in self.seats)

    @property
    def accepted(self) -> int:
        return self.count(ACCEPTED)

    @property
    def waiting(self) -> int:
        return self.count(INVITED)

    @property
    def free(self) -> int:
        return self.count(FREE)

    @property
    def unreached(self) -> int:
        """How many are awaited though no e-mail arrives and no letter was made."""
        return sum(seat.state == INVITED and seat.invitation.is_unreached for seat in self.seats if seat.invitation)

    @property
    def invited(self) -> bool:
        """Whether invitations have been made at all."""
        return any(seat.state != NOT_YET for seat in self.seats)

    @property
    def complete(self) -> bool:
        return bool(self.seats) and self.accepted == len(self.seats)


def current_draw(conference: Conference) -> Draw | None:
    # Deferred: the frozen pool may be megabytes, and most pages only want to know who sits where.
    return Draw.objects.filter(conference=conference).final().defer("problem").first()


def panel_state(conference: Conference) -> PanelState:
    """The panel as it stands now, in three queries whatever its size."""
    draw = current_draw(conference)
    if draw is None:
        return PanelState(None, (), 0, 0, None)
    by_seat: dict[int, list[Invitation]] = {}
    invitations = (
        Invitation.objects.filter(seat__draw=draw)
        .with_letter()
        .select_related("volunteer__identity", "recorded_by", "conference")
    )
    for invitation in invitations.order_by("created_at", "pk"):
        by_seat.setdefault(invitation.seat_id, []).append(invitation)
    seats = tuple(_view(seat, by_seat.get(seat.pk, [])) for seat in Seat.objects.filter(draw=draw).order_by("number"))
    waiting = [seat.invitation.deadline for seat in seats if seat.state == INVITED and seat.invitation]
    lost = sum(invitation.state not in HOLDING for group in by_seat.values() for invitation in group)
    replaced = sum(seat.former for seat in seats if seat.holder is not None)
    return PanelState(draw, seats, lost, replaced, min(waiting, default=None))


def _view(seat: Seat, invitations: list[Invitation]) -> SeatView:
    holding = next((invitation for invitation in invitations if invitation.state in HOLDING), None)
    if holding:
        state = ACCEPTED if holding.state == InvitationState.ACCEPTED else INVITED
        return SeatView(seat, seat.number, state, holding, len(invitations) - 1)
    return SeatView(
        seat, seat.number, FREE if invitations else NOT_YET, invitations[-1] if invitations else None, len(invitations)
    )


def _seated(draw: Draw) -> list[str]:
    holders = Invitation.objects.filter(seat__draw=draw).holding().values("volunteer")
    entries = DrawEntry.objects.filter(draw=draw, volunteer__in=holders)
    return list(entries.order_by("pseudonym").values_list("pseudonym", flat=True))


def _candidates(draw: Draw, place: Place) -> dict[str, str]:
    """Who may still be called up: in the pool, with a known identity, never invited to this panel.

    References by pseudonym.
    """
    entries = DrawEntry.objects.filter(
        draw=draw, place=place, volunteer__standing=Standing.ELIGIBLE, volunteer__identity__isnull=False
    ).exclude(volunteer__invitations__conference_id=draw.conference_id)
    return dict(entries.order_by("rank", "pseudonym").values_list("pseudonym", "volunteer__reference"))


def choose(draw: Draw, *, from_pool: bool = False) -> "lottery.Replacement | None":
    """The candidate who best restores the quotas of those who hold seats now; ties by a recorded lot from the draw's seed.

    Alternates by default; ``from_pool``: everybody else in the pool. The answer holds references.
    """
    candidates = _candidates(draw, Place.NOT_DRAWN if from_pool else Place.ALTERNATE)
    if not candidates:
        return None
    round_ = Invitation.objects.filter(seat__draw=draw, round__gt=0).count() + 1
    # Before the ticket was drawn nobody could know this stream, not even those who know the seed.
    stream = draw.seed if draw.ticket is None else lottery.stream(draw.seed, draw.ticket)
    found = lottery.choose_replacement(
        problem_from(draw.problem), seated=_seated(draw), candidates=list(candidates), seed=stream, round=round_
    )
    chosen = candidates[found.chosen] if found.chosen else None
    return replace(found, chosen=chosen, tied=tuple(candidates[name] for name in found.tied))


def free_seats(draw: Draw) -> list[Seat]:
    """Seats that somebody was invited to and nobody holds."""
    invited = Seat.objects.filter(draw=draw, invitations__isnull=False).distinct()
    return list(
        invited.exclude(pk__in=Invitation.objects.filter(seat__draw=draw).holding().values("seat")).order_by("number")
    )


def alternates_left(draw: Draw) -> int:
    return len(_candidates(draw, Place.ALTERNATE))


def deadline_for_call_up(conference: Conference, now: datetime) -> datetime:
    """The end (18:00) of the last of the days that an alternate has to answer, on the conference's clock."""
    day = conference.local(now).date() + timedelta(days=conference.reply_days_for_alternates)
    return datetime.combine(day, time(18), conference.zone)


@transaction.atomic
def replace_free_seats(*, conference_id: int) -> list[Invitation]:
    """Call up alternates for the free seats, where the conference lets the program do so. Harmless when called twice."""
    conference = lock_conference(conference_id)
    draw = current_draw(conference)
    if draw is None or not conference.auto_replace:
        return []
    called = []
    for seat in free_seats(draw):
        invitation = _call_up(conference, draw, seat, actor=None, from_pool=False)
        if invitation is None:
            break
        called.append(invitation)
    return called


@transaction.atomic
def call_up(*, seat_id: int, actor: User, from_pool: bool = False) -> Invitation:
    """An organiser's click: invite the alternate (or the volunteer of the pool) who best restores the quotas."""
    seat = Seat.objects.select_related("draw").get(pk=seat_id)
    conference = lock_conference(seat.conference_id)
    if seat not in free_seats(seat.draw):
        raise DomainError(_("Seat %(seat)s is not free any more.") % {"seat": seat.number})
    invitation = _call_up(conference, seat.draw, seat, actor=actor, from_pool=from_pool)
    if invitation is None:
        raise DomainError(
            _("Nobody is left in the pool who could take this seat.")
            if from_pool
            else _("No alternate is left. You can call up somebody from the rest of the pool.")
        )
    return invitation


def _call_up(
    conference: Conference, draw: Draw, seat: Seat, *, actor: User | None, from_pool: bool
) -> Invitation | None:
    from panels.domain.invitations import create_invitation  # noqa: PLC0415 - invitations frees seats, which calls up: a true circle

    chosen = choose(draw, from_pool=from_pool)
    label = "" if actor else _("the program")
    if chosen is None or chosen.chosen is None:
        if not draw.conference.events.filter(
            verb="seat.no_alternate", object_id=str(seat.pk), data__lost=_lost(seat)
        ).exists():
            record(
                "seat.no_alternate",
                conference=conference,
                actor=actor,
                actor_label=label,
                obj=seat,
                seat=seat.number,
                lost=_lost(seat),
            )
        return None
    volunteer = Volunteer.objects.get(conference=conference, reference=chosen.chosen)
    round_ = Invitation.objects.filter(seat__draw=draw, round__gt=0).count() + 1
    invitation = create_invitation(
        conference=conference,
        seat=seat,
        volunteer=volunteer,
        round_=round_,
        actor=actor,
        deadline=deadline_for_call_up(conference, timezone.now()),
        lot={"tied": list(chosen.tied), "lot": chosen.lot, "from_pool": from_pool},
    )
    record(
        "seat.replaced",
        conference=conference,
        actor=actor,
        actor_label=label,
        obj=seat,
        seat=seat.number,
        reference=volunteer.reference,
        tied=list(chosen.tied),
        round=round_,
    )
    return invitation


def _lost(seat: Seat) -> int:
    return Invitation.objects.filter(seat=seat).count()


def conferences_with_free_seats() -> list[int]:
    """Where a seat that somebody was invited to is held by nobody (a call-up was lost, or an alternate came back)."""
    held = Invitation.objects.holding().values("seat")
    free = Seat.objects.filter(
        draw__state=DrawState.DONE, invitations__isnull=False, conference__auto_replace=True
    ).exclude(pk__in=held)
    return list(free.values_list("conference_id", flat=True).distinct().order_by("conference_id"))
