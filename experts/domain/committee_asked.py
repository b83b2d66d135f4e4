"""Asking the steering committee: for an opinion on experts of the long list, for a signature under the balance board.

One letter for all that awaits a member, at the conference's hour of reminders, one a day at most. It is written when
something is new since the last one, and once a week as long as something waits. What was done meanwhile is left out when
it goes; where nothing is left, it does not go.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.enums import OPEN, Kind, State
from conference.mail.models import Message
from conference.models import Conference, Membership
from conference.timing import reminder_after
from experts.balance.signed import fingerprint_of
from experts.domain import board, committee
from experts.enums import ExpertState
from experts.models import CommitteeOpinion, Expert

SUBJECT = "conference.membership"
AGAIN_AFTER = timedelta(days=7)
TOLD = frozenset({*OPEN, State.SENDING, State.SENT})


@dataclass(frozen=True)
class Awaited:
    """What awaits one member. ``board``: the fingerprint of the state that they have not signed; empty where none does."""

    experts: tuple[Expert, ...] = ()
    board: str = ""

    def __bool__(self) -> bool:
        return bool(self.experts or self.board)


def awaited_of(member: Membership) -> Awaited:
    """Nothing of somebody who no longer sits on the committee."""
    return awaited(member.conference).get(member.pk, Awaited())


def awaited(conference: Conference) -> dict[int, Awaited]:
    """By member of the committee as it is now."""
    members = committee.committee_of(conference)
    if not members:
        return {}
    listed = Expert.objects.filter(conference=conference, state=ExpertState.LISTED).order_by("last_name", "pk")
    experts = list(listed)
    said = set(CommitteeOpinion.objects.filter(expert__in=experts).values_list("member_id", "expert_id"))
    fingerprint, silent = _unsigned(conference)
    return {
        member.pk: Awaited(
            tuple(expert for expert in experts if (member.pk, expert.pk) not in said),
            fingerprint if member.pk in silent else "",
        )
        for member in members
    }


def _unsigned(conference: Conference) -> tuple[str, set[int]]:
    """A board awaits signatures while somebody is approved and could be invited, and too few have signed."""
    if not Expert.objects.filter(conference=conference, state=ExpertState.APPROVED).exists():
        return "", set()
    facts = board.board_of(conference).facts
    standing = board.committee_of(conference, facts)
    if standing.is_signed:
        return "", set()
    return fingerprint_of(facts), {member.pk for member in standing.silent}


# -- Writing -----------------------------------------------------------------------------------------------------------
def conferences_to_ask(now: datetime) -> Iterable[int]:
    """Those with a committee and somebody who might be invited, and not all of it over."""
    waiting = Expert.objects.filter(state__in=[ExpertState.LISTED, ExpertState.APPROVED])
    seats = Membership.objects.filter(role=Role.STEERING, user__is_active=True)
    to_come = Q(sessions=None) | Q(sessions__ends_at__gt=now, sessions__cancelled_at=None)
    found = Conference.objects.filter(to_come, pk__in=waiting.values("conference"))
    return list(found.filter(pk__in=seats.values("conference")).values_list("pk", flat=True).distinct())


@transaction.atomic
def ask(*, conference_id: int, now: datetime) -> list[Message]:
    """Write to each member for whom something is new, or has waited for a week."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    found = awaited(conference)
    members = Membership.objects.filter(pk__in=[pk for pk, one in found.items() if one]).select_related("user")
    written = [_ask_one(conference, member, found[member.pk], now) for member in members]
    return [message for message in written if message]


def _ask_one(conference: Conference, member: Membership, waits: Awaited, now: datetime) -> Message | None:
    letters = Message.objects.about(SUBJECT, member.pk).filter(kind=Kind.COMMITTEE_ASKED)
    told = list(letters.filter(state__in=TOLD, due_at__gt=now - AGAIN_AFTER).order_by("due_at"))
    experts = {expert.pk for expert in waits.experts}
    known = {pk for letter in told for pk in letter.data["experts"]}
    if experts <= known and (not waits.board or waits.board in {letter.data["board"] for letter in told}):
        return None
    data: dict[str, object] = {"experts": sorted(experts), "board": waits.board}
    waiting = next((letter for letter in told if letter.state in OPEN), None)
    if waiting:
        waiting.data = {**waiting.data, **data}
        waiting.save(update_fields=["data"])
        return waiting
    return _schedule(conference, member, data, now)


def _schedule(conference: Conference, member: Membership, data: dict[str, object], now: datetime) -> Message:
    day = conference.local(now).date()
    due = reminder_after(conference, day)
    letters = Message.objects.about(SUBJECT, member.pk).filter(kind=Kind.COMMITTEE_ASKED)
    while due <= now or letters.filter(occurrence__startswith=f"{due:%Y-%m-%d}", state__in=TOLD).exists():
        day += timedelta(days=1)
        due = reminder_after(conference, day)
    before = letters.filter(occurrence__startswith=f"{due:%Y-%m-%d}").count()  # of that day, all of them cancelled
    person = outbox.Recipient(
        f"user:{member.user_id}", member.user.email, member.user.get_short_name(), member.user.language
    )
    return outbox.schedule(
        kind=Kind.COMMITTEE_ASKED,
        recipient=person,
        conference_id=conference.pk,
        subject_type=SUBJECT,
        subject_id=member.pk,
        occurrence=f"{due:%Y-%m-%d}.{before}",
        due_at=due,
        data=data,
    )


def acted(member: Membership) -> None:
    """They have given an opinion or signed: where nothing is left, the letter that waits does not go."""
    waiting = Message.objects.open().about(SUBJECT, member.pk).filter(kind=Kind.COMMITTEE_ASKED)
    if waiting.exists() and not awaited_of(member):
        outbox.cancel(
            subject_type=SUBJECT,
            subject_id=member.pk,
            kinds={Kind.COMMITTEE_ASKED},
            reason=_("They have said what they think"),
        )
