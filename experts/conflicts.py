"""What does not hold in a running order. Pure: no database; times are moments, minutes are whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from conference.enums import ItemKind, SessionKind

LONGEST_WITHOUT_BREAK = timedelta(hours=3)
LONG_ENOUGH = 10  # minutes of a break, or of nothing, that count as one
CLOSED = frozenset({SessionKind.DELIBERATION, SessionKind.DRAFTING})


class Fault(StrEnum):
    EXPERT_TWICE = "expert_twice"
    ROOM_TWICE = "room_twice"
    UNAVAILABLE = "unavailable"
    OUTSIDE = "outside"
    EXPERT_IN_CLOSED = "expert_in_closed"
    NO_BREAK = "no_break"
    NO_FACILITATOR = "no_facilitator"
    FEW_QUESTIONS = "few_questions"
    BEYOND_SLOT = "beyond_slot"


@dataclass(frozen=True)
class Spot:
    """An item. ``room`` 0: none was chosen; two items without a room in one session stand in the same one."""

    key: int
    session: int
    kind: str
    starts: datetime
    ends: datetime
    room: int = 0
    experts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Gathering:
    """A session that is held."""

    key: int
    kind: str
    starts: datetime
    ends: datetime
    facilitators: int = 0


@dataclass(frozen=True)
class Found:
    fault: Fault
    items: tuple[int, ...] = ()
    session: int = 0
    expert: int = 0


type Stretches = dict[int, list[tuple[datetime, datetime]]]  # by expert; none at all: they have not said


def find(gatherings: Sequence[Gathering], spots: Sequence[Spot], available: Stretches) -> list[Found]:
    """Every conflict, those of items first. Items of sessions that are not among the gatherings do not count."""
    held = {one.key: one for one in gatherings}
    here = [spot for spot in spots if spot.session in held]
    found = [*_twice(here), *_single(here, held, available)]
    for gathering in gatherings:
        found += _of_session(gathering, [spot for spot in here if spot.session == gathering.key])
    return found


def _twice(spots: Sequence[Spot]) -> Iterator[Found]:
    for one, other in combinations(sorted(spots, key=lambda spot: (spot.starts, spot.key)), 2):
        if other.starts >= one.ends:
            continue
        for expert in sorted(one.experts & other.experts):
            yield Found(Fault.EXPERT_TWICE, (one.key, other.key), expert=expert)
        if one.room == other.room and (one.room or one.session == other.session):
            yield Found(Fault.ROOM_TWICE, (one.key, other.key))


def _single(spots: Sequence[Spot], held: dict[int, Gathering], available: Stretches) -> Iterator[Found]:
    for spot in spots:
        session = held[spot.session]
        if spot.starts < session.starts or spot.ends > session.ends:
            yield Found(Fault.OUTSIDE, (spot.key,), session.key)
        for expert in sorted(spot.experts):
            stretches = available.get(expert)
            if stretches and not any(first <= spot.starts and spot.ends <= last for first, last in stretches):
                yield Found(Fault.UNAVAILABLE, (spot.key,), expert=expert)
            if session.kind in CLOSED:
                yield Found(Fault.EXPERT_IN_CLOSED, (spot.key,), session.key, expert)
            elif spot.kind in {ItemKind.TABLES, ItemKind.BREAK}:
                yield Found(Fault.BEYOND_SLOT, (spot.key,), session.key, expert)


def _of_session(session: Gathering, spots: Sequence[Spot]) -> Iterator[Found]:
    if not session.facilitators:
        yield Found(Fault.NO_FACILITATOR, session=session.key)
    talk, questions = (_minutes(spots, kind) for kind in (ItemKind.TALK, ItemKind.QUESTIONS))
    if questions < talk:
        yield Found(Fault.FEW_QUESTIONS, session=session.key)
    for first, last in _stretches_of_work(spots):
        if last - first > LONGEST_WITHOUT_BREAK:
            yield Found(Fault.NO_BREAK, session=session.key)
            return


def _minutes(spots: Sequence[Spot], kind: ItemKind) -> int:
    return sum(int((spot.ends - spot.starts).total_seconds()) // 60 for spot in spots if spot.kind == kind)


def _stretches_of_work(spots: Sequence[Spot]) -> Iterator[tuple[datetime, datetime]]:
    """Runs of items between breaks; a gap of ten minutes is a break too."""
    work = sorted((spot.starts, spot.ends) for spot in spots if spot.kind != ItemKind.BREAK)
    if not work:
        return
    first, last = work[0]
    for starts, ends in work[1:]:
        if starts - last >= timedelta(minutes=LONG_ENOUGH):
            yield first, last
            first = starts
        last = max(last, ends)
    yield first, last
