"""Criteria and quotas: defining them, and whether they add up. Closed for changes once a draw is under way or done."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from panels.domain.identity import fold
from panels.domain.locking import lock_conference
from panels.enums import BINDING, DrawState
from panels.models import Criterion, Draw, Trait, Value
from panels.rules import CRITERIA_MAX, VALUES_MAX


@dataclass(frozen=True)
class ValueDraft:
    """A value as it was typed or read. ``pk`` is that of the value it changes, None for a new one."""

    name: str
    minimum: int
    maximum: int
    name_en: str = ""
    population_share: Decimal | None = None
    pk: int | None = None


@dataclass(frozen=True)
class CriterionDraft:
    name: str
    values: Sequence[ValueDraft]
    name_en: str = ""


@dataclass(frozen=True)
class Balance:
    """Whether the quotas of one criterion can fill the seats exactly."""

    seats: int
    minimum: int
    maximum: int

    @property
    def adds_up(self) -> bool:
        return self.minimum <= self.seats <= self.maximum

    @property
    def sentence(self) -> str:
        """In words, by how much it is off and what to do."""
        if self.minimum > self.seats:
            over = self.minimum - self.seats
            return ngettext(
                "The “at least” add up to %(sum)s for %(seats)s seats: %(off)s too many. Lower one of them.",
                "The “at least” add up to %(sum)s for %(seats)s seats: %(off)s too many. Lower some of them.",
                over,
            ) % {"sum": self.minimum, "seats": self.seats, "off": over}
        if self.maximum < self.seats:
            short = self.seats - self.maximum
            return ngettext(
                "The “at most” add up to %(sum)s for %(seats)s seats: %(off)s is missing. Raise one of them.",
                "The “at most” add up to %(sum)s for %(seats)s seats: %(off)s are missing. Raise some of them.",
                short,
            ) % {"sum": self.maximum, "seats": self.seats, "off": short}
        return _("From %(minimum)s to %(maximum)s for %(seats)s seats: it adds up.") % {
            "minimum": self.minimum,
            "maximum": self.maximum,
            "seats": self.seats,
        }


def balance(quotas: Iterable[tuple[int, int]], seats: int) -> Balance:
    pairs = list(quotas)
    return Balance(seats, sum(low for low, _high in pairs), sum(high for _low, high in pairs))


def propose(shares: Sequence[Decimal | None], seats: int) -> list[tuple[int, int] | None]:
    """At least and at most from shares of the population in per cent: the seats a share is worth, rounded down and up.

    A share that is worth a whole number of seats gives no room at all, which can make a draw impossible for nothing;
    it gets one seat of room each way.
    """
    proposals: list[tuple[int, int] | None] = []
    for share in shares:
        if share is None:
            proposals.append(None)
            continue
        worth = share * seats / 100
        low, high = math.floor(worth), math.ceil(worth)
        if low == high and worth > 0:
            low, high = max(0, low - 1), high + 1
        proposals.append((low, min(high, seats)))
    return proposals


def why_locked(conference: Conference) -> str:
    """Why the criteria cannot be changed now, in a sentence; empty when they can."""
    states = set(Draw.objects.filter(conference=conference, state__in=BINDING).values_list("state", flat=True))
    if DrawState.DONE in states:
        return _("The draw was made with these criteria: they can be read and not changed any more.")
    if states:
        return _("A draw has been announced with these criteria: they cannot be changed any more.")
    return ""


def _open_conference(conference: Conference) -> Conference:
    conference = lock_conference(conference.pk)
    locked = why_locked(conference)
    if locked:
        raise DomainError(locked)
    return conference


def _check(draft: CriterionDraft) -> None:
    if not draft.name.strip():
        raise DomainError(_("Give the criterion a name."))
    if len(draft.values) < 2:
        raise DomainError(_("“%(name)s” needs at least two values.") % {"name": draft.name})
    if len(draft.values) > VALUES_MAX:
        raise DomainError(
            _("“%(name)s” has more than %(count)s values. Group some of them.")
            % {"name": draft.name, "count": VALUES_MAX}
        )
    seen: dict[str, str] = {}
    for value in draft.values:
        key = fold(value.name)
        if not key:
            raise DomainError(_("A value of “%(name)s” has no name.") % {"name": draft.name})
        if key in seen:
            raise DomainError(
                _(
                    "“%(name)s” has the value “%(value)s” twice "
                    "(upper and lower case, accents and spaces make no difference)."
                )
                % {"name": draft.name, "value": value.name}
            )
        seen[key] = value.name
        if value.minimum > value.maximum:
            raise DomainError(
                _("“%(name)s”, “%(value)s”: at least %(minimum)s cannot be greater than at most %(maximum)s.")
                % {"name": draft.name, "value": value.name, "minimum": value.minimum, "maximum": value.maximum}
            )


def _refuse_used(values: Iterable[Value]) -> None:
    """Values that volunteers have cannot go: nobody should lose an answer silently."""
    for value in values:
        used = Trait.objects.filter(value=value).count()
        if used:
            raise DomainError(
                ngettext(
                    "“%(value)s” cannot be removed: %(count)s volunteer has it. "
                    "Give that volunteer another value first.",
                    "“%(value)s” cannot be removed: %(count)s volunteers have it. "
                    "Give those volunteers another value first.",
                    used,
                )
                % {"value": value.name, "count": used}
            )


def _write_values(criterion: Criterion, drafts: Sequence[ValueDraft]) -> None:
    """Match drafts with what stands by pk, else by folded name; change, add and remove."""
    standing = {value.pk: value for value in criterion.values.all()}
    by_name = {fold(value.name): value for value in standing.values()}
    kept: list[tuple[Value, ValueDraft]] = []
    for draft in drafts:
        value = standing.get(draft.pk) if draft.pk else by_name.get(fold(draft.name))
        kept.append((value or Value(criterion=criterion), draft))
    gone = [value for pk, value in standing.items() if pk not in {kept_value.pk for kept_value, _draft in kept}]
    _refuse_used(gone)
    Value.objects.filter(pk__in=[value.pk for value in gone]).delete()
    # Two values may have swapped names: park those that stand under names that nothing else can have.
    for value, _draft in kept:
        if value.pk is not None:
            Value.objects.filter(pk=value.pk).update(name=f"\u0001{value.pk}")
    for position, (value, draft) in enumerate(kept):
        value.name, value.name_en = draft.name.strip(), draft.name_en.strip() or ("" if draft.pk else value.name_en)
        value.minimum, value.maximum = draft.minimum, draft.maximum
        if draft.pk or draft.population_share is not None:
            value.population_share = draft.population_share
        value.position = position
        value.save()


@transaction.atomic
def save_criterion(
    *, conference: Conference, actor: User, draft: CriterionDraft, criterion: Criterion | None = None
) -> Criterion:
    """Add a criterion with its values, or change one."""
    conference = _open_conference(conference)
    _check(draft)
    own = criterion.pk if criterion else None
    others = [other for other in Criterion.objects.filter(conference=conference) if other.pk != own]
    if any(fold(other.name) == fold(draft.name) for other in others):
        raise DomainError(_("The criterion “%(name)s” exists already.") % {"name": draft.name})
    if criterion is None:
        if len(others) >= CRITERIA_MAX:
            raise DomainError(
                _("More than %(count)s criteria would leave no room for the lot. Remove one first.")
                % {"count": CRITERIA_MAX}
            )
        criterion = Criterion(conference=conference, position=max((other.position for other in others), default=-1) + 1)
    criterion.name, criterion.name_en = draft.name.strip(), draft.name_en.strip()
    criterion.save()
    _write_values(criterion, draft.values)
    record("criteria.changed", conference=conference, actor=actor, obj=criterion, criterion=criterion.name)
    return criterion


@transaction.atomic
def remove_criterion(*, criterion: Criterion, actor: User) -> None:
    """Remove a criterion that no volunteer has a value of."""
    conference = _open_conference(criterion.conference)
    used = Trait.objects.filter(criterion=criterion).count()
    if used:
        raise DomainError(
            ngettext(
                "“%(name)s” cannot be removed: %(count)s volunteer has a value of it.",
                "“%(name)s” cannot be removed: %(count)s volunteers have a value of it.",
                used,
            )
            % {"name": criterion.name, "count": used}
        )
    record("criteria.changed", conference=conference, actor=actor, obj=criterion, removed=criterion.name)
    criterion.delete()


@transaction.atomic
def move_criterion(*, criterion: Criterion, actor: User, up: bool) -> Criterion:
    """Change places with the neighbour above or below; at the end, nothing happens."""
    conference = _open_conference(criterion.conference)
    ordered = list(Criterion.objects.filter(conference=conference))
    at = next(index for index, other in enumerate(ordered) if other.pk == criterion.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(ordered):
        return criterion
    ordered[at], ordered[to] = ordered[to], ordered[at]
    for position, other in enumerate(ordered):
        other.position = position
    Criterion.objects.bulk_update(ordered, ["position"])
    record("criteria.changed", conference=conference, actor=actor, obj=criterion, moved=criterion.name)
    return criterion


@transaction.atomic
def replace_criteria(*, conference: Conference, actor: User, drafts: Sequence[CriterionDraft]) -> list[Criterion]:
    """Put these criteria in the place of all that stand. What keeps its name keeps its volunteers."""
    conference = _open_conference(conference)
    if not drafts:
        raise DomainError(_("There is no criterion in this file."))
    if len(drafts) > CRITERIA_MAX:
        raise DomainError(
            _("More than %(count)s criteria would leave no room for the lot. Remove some first.")
            % {"count": CRITERIA_MAX}
        )
    standing = {fold(criterion.name): criterion for criterion in Criterion.objects.filter(conference=conference)}
    wanted = {fold(draft.name) for draft in drafts}
    gone = [criterion for key, criterion in standing.items() if key not in wanted]
    _refuse_used(Value.objects.filter(criterion__in=gone))
    Criterion.objects.filter(pk__in=[criterion.pk for criterion in gone]).delete()
    written = []
    for position, draft in enumerate(drafts):
        _check(draft)
        criterion = standing.get(fold(draft.name)) or Criterion(conference=conference)
        criterion.name, criterion.position = draft.name.strip(), position
        criterion.name_en = draft.name_en.strip() or criterion.name_en
        criterion.save()
        _write_values(criterion, draft.values)
        written.append(criterion)
    record(
        "criteria.imported",
        conference=conference,
        actor=actor,
        criteria=len(drafts),
        values=sum(len(draft.values) for draft in drafts),
    )
    return written
