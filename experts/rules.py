"""The balance of views. Pure: no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from experts.enums import Position, Side

SIDE_OF: dict[Position, Side] = {
    Position.FOR: Side.FOR,
    Position.RATHER_FOR: Side.FOR,
    Position.OPEN: Side.BETWEEN,
    Position.RATHER_AGAINST: Side.AGAINST,
    Position.AGAINST: Side.AGAINST,
}
OPPOSED = (Side.FOR, Side.AGAINST)
UNEVEN = 1.5  # one side speaking this many times as long as the other is said in words


@dataclass(frozen=True)
class Share:
    """How many experts of one position there are, and how long they speak."""

    key: str
    label: str
    experts: int
    minutes: int


@dataclass(frozen=True)
class Balance:
    """Speaking time by position and by side. ``undeclared`` counts experts who have not said where they stand."""

    positions: tuple[Share, ...]
    sides: tuple[Share, ...]
    undeclared: int
    undeclared_minutes: int

    @property
    def minutes(self) -> int:
        return sum(share.minutes for share in self.positions) + self.undeclared_minutes

    @property
    def experts(self) -> int:
        return sum(share.experts for share in self.positions) + self.undeclared

    @property
    def missing(self) -> tuple[Side, ...]:
        """The opposed sides that nobody holds. A conference that lacks one is not fair, however long it is."""
        return tuple(side for side in OPPOSED if not self.side(side).experts)

    @property
    def silent(self) -> tuple[Side, ...]:
        """The opposed sides that somebody holds, but without a minute in a programme that exists."""
        if not self.minutes:
            return ()
        return tuple(side for side in OPPOSED if self.side(side).experts and not self.side(side).minutes)

    @property
    def uneven(self) -> bool:
        shorter, longer = sorted(self.side(side).minutes for side in OPPOSED)
        return shorter > 0 and longer >= shorter * UNEVEN

    @property
    def is_fair(self) -> bool:
        """Whether one may say so: both sides heard alike, and nobody speaking whose side is not known."""
        return not (self.missing or self.silent or self.uneven or self.undeclared_minutes or not self.minutes)

    def side(self, side: Side) -> Share:
        return next(share for share in self.sides if share.key == side)


def weigh(counts: Iterable[tuple[str, int, int]]) -> Balance:
    """The balance of (position or "", experts, minutes) rows; rows of one position are added up."""
    totals: dict[str, tuple[int, int]] = {}
    for position, experts, minutes in counts:
        before = totals.get(position, (0, 0))
        totals[position] = (before[0] + experts, before[1] + minutes)
    positions = tuple(
        Share(position.value, str(position.label), *totals.get(position, (0, 0))) for position in Position
    )
    undeclared = totals.get("", (0, 0))
    return Balance(positions, tuple(_side(side, totals) for side in Side), *undeclared)


def _side(side: Side, totals: Mapping[str, tuple[int, int]]) -> Share:
    mine = [totals.get(position, (0, 0)) for position, its_side in SIDE_OF.items() if its_side is side]
    return Share(side.value, str(side.label), sum(count for count, _ in mine), sum(minutes for _, minutes in mine))
