"""What each citizen is due now, what was confirmed, and what differs: eleven queries, however many citizens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from conference.models import Conference
from panels.domain.seats import current_draw
from panels.enums import InvitationState, StatementState
from panels.half_days import HalfDay, half_days
from panels.models import AttendanceMark, Claim, Invitation, Rate, Statement, StatementLine
from panels.reckoning import NOTHING, Asked, Attended, Due, Tariff, differences, reckon
from panels.roll import fold


@dataclass(frozen=True)
class Account:
    """One citizen. ``open``: the amounts that a confirmation would add; after the first one they are corrections."""

    invitation: Invitation
    attended: Sequence[Attended]
    dues: Sequence[Due]
    open: Sequence[Due]
    settled: dict[str, Decimal]
    statements: Sequence[Statement]
    claims: Sequence[Claim]

    @property
    def name(self) -> str:
        identity = getattr(self.invitation.volunteer, "identity", None)
        return str(identity) if identity else self.invitation.volunteer.reference

    @property
    def total(self) -> Decimal:
        """All that is due by the roll and the claims as they stand."""
        return self.confirmed + self.difference

    @property
    def confirmed(self) -> Decimal:
        return sum(self.settled.values(), NOTHING)

    @property
    def difference(self) -> Decimal:
        return sum((due.amount for due in self.open), NOTHING)

    @property
    def standing(self) -> list[Statement]:
        return [one for one in self.statements if one.state != StatementState.REOPENED]

    @property
    def state(self) -> str:
        """Of the last statement; a draft where there is none."""
        return self.standing[-1].state if self.standing else StatementState.DRAFT

    @property
    def is_changed(self) -> bool:
        """Whether something has changed since the last confirmation."""
        return bool(self.standing and self.open)


def tariff(rate: Rate) -> Tariff:
    return Tariff(rate.pk, rate.kind, rate.label, rate.amount, rate.cap, rate.by_receipt)


def accounts(conference: Conference, only: int | None = None) -> list[Account]:
    """Of everybody who sits on the panel, was noted at a roll call, or claimed something; or of one invitation."""
    attended = _attended(half_days(conference), only)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in Claim.objects.filter(conference=conference, **_of(only)).select_related("rate"):
        claims[claim.invitation_id].append(claim)
    statements: dict[int, list[Statement]] = defaultdict(list)
    kept = Statement.objects.filter(conference=conference, **_of(only)).select_related("export")
    for statement in kept.prefetch_related("lines"):
        statements[statement.invitation_id].append(statement)
    rates = [tariff(rate) for rate in Rate.objects.filter(conference=conference).in_force()]
    also = {*attended, *claims, *statements}
    people = _people(conference, also, only)
    return [_account(person, rates, attended[person.pk], claims[person.pk], statements[person.pk]) for person in people]


def account_of(invitation: Invitation) -> Account:
    return accounts(invitation.conference, invitation.pk)[0]


def _of(only: int | None) -> dict[str, int]:
    return {} if only is None else {"invitation": only}


def _people(conference: Conference, also: set[int], only: int | None) -> list[Invitation]:
    if only is not None:
        wanted = Q(pk=only)
    else:
        wanted = Q(state=InvitationState.ACCEPTED, seat__draw=current_draw(conference)) | Q(pk__in=also)
    found = Invitation.objects.filter(wanted, conference=conference).select_related("seat", "volunteer__identity")
    return list(found.order_by("seat__number", "pk"))


def _attended(found: Sequence[HalfDay], only: int | None) -> dict[int, list[Attended]]:
    called = {half.roll_call.pk: half for half in found if half.roll_call}
    first: dict[tuple[date, str, bool], int] = {}  # of one morning, in whatever session
    for call in sorted(called):
        first.setdefault(_paid_once(called[call]), call)
    halves = {call: half for call, half in called.items() if half.is_closed}
    marks: dict[tuple[int, int], list[AttendanceMark]] = defaultdict(list)
    for mark in AttendanceMark.objects.filter(roll_call__in=halves, **_of(only)):
        marks[mark.roll_call_id, mark.invitation_id].append(mark)
    result: dict[int, list[Attended]] = defaultdict(list)
    for (call, person), noted in marks.items():
        presence, half = fold(noted), halves[call]
        if presence.is_here:
            minutes = presence.minutes(half.starts_at, half.ends_at, half.day, half.session.conference.zone)
            result[person].append(Attended(call, half.day, minutes, first[_paid_once(half)]))
    return result


def _paid_once(half: HalfDay) -> tuple[date, str, bool]:
    return half.day, half.part, half.is_evening


def _account(
    person: Invitation,
    rates: list[Tariff],
    attended: list[Attended],
    claims: list[Claim],
    statements: list[Statement],
) -> Account:
    asked = [
        Asked(claim.pk, tariff(claim.rate), claim.day, claim.quantity, claim.paid)
        for claim in claims
        if claim.refused_at is None
    ]
    dues = reckon(rates, attended, asked)
    settled: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    described: dict[str, Due] = {}
    for statement in statements:
        if statement.state == StatementState.REOPENED:
            continue
        for line in statement.lines.all():
            settled[line.key] += line.amount
            described[line.key] = described_by(line)
    # Once a person is erased their claims are gone: what was confirmed stays as it was.
    is_known = getattr(person.volunteer, "identity", None) is not None
    changed = differences(dues, settled, described) if is_known else []
    return Account(person, attended, dues, changed, dict(settled), statements, claims)


def described_by(line: StatementLine) -> Due:
    return Due(line.key, line.kind, line.label, line.day, line.amount, line.roll_call_id, dict(line.reckoning))
