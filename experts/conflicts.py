"""What does not hold in a running order. Pure: no database; times are moments, minutes are whole."""

from collections.abc import Collection, Iterator, Sequence
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
    GONE = "gone"
    SESSIONS_TWICE = "sessions_twice"


@dataclass(frozen=True)
class Spot:
    """An item. ``room`` 0: none was chosen; two items without a room in one session stand in the same one.

    ``apart``: an expert's part that has an hour, but no item of the running order; only the expert can be twice there.
    """

    key: int
    session: int
    kind: str
    starts: datetime
    ends: datetime
    room: int = 0
    experts: frozenset[int] = frozenset()
    apart: bool = False


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
    other: int = 0  # the second of two sessions


type Stretches = dict[int, list[tuple[datetime, datetime]]]  # by expert; none at all: they have not said


def find(
    gatherings: Sequence[Gathering],
    spots: Sequence[Spot],
    available: Stretches,
    gone: Collection[int] = frozenset(),
    *,
    bare: Sequence[Gathering] = (),
) -> list[Found]:
    """Every conflict, those of items first. Items of sessions that are not among the gatherings do not count.

    ``gone``: experts who have declined or withdrawn. ``bare``: sessions without a running order, which only take time.
    """
    held = {one.key: one for one in gatherings}
    here = [spot for spot in spots if spot.session in held or spot.apart]
    items = [spot for spot in here if not spot.apart]
    free = {expert: _joined(stretches) for expert, stretches in available.items()}
    found = [*_twice(here), *_single(items, held, free, gone)]
    for gathering in gatherings:
        found += _of_session(gathering, [spot for spot in items if spot.session == gathering.key])
    return [*found, *_at_once([*gatherings, *bare], held)]


def _joined(stretches: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """A morning and the afternoon that follows it are one stretch: an item may lie across."""
    joined: list[tuple[datetime, datetime]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _at_once(sessions: Sequence[Gathering], held: Collection[int]) -> Iterator[Found]:
    """The panel cannot be in two sessions; those that have no running order yet are told against those that have."""
    for one, other in combinations(sorted(sessions, key=lambda session: (session.starts, session.key)), 2):
        if other.starts < one.ends and (one.key in held or other.key in held):
            yield Found(Fault.SESSIONS_TWICE, session=one.key, other=other.key)


def _twice(spots: Sequence[Spot]) -> Iterator[Found]:
    for one, other in combinations(sorted(spots, key=lambda spot: (spot.starts, spot.key)), 2):
        if other.starts >= one.ends:
            continue
        for expert in sorted(one.experts & other.experts):
            yield Found(Fault.EXPERT_TWICE, (one.key, other.key), expert=expert)
        if not (one.apart or other.apart) and one.room == other.room and (one.room or one.session == other.session):
            yield Found(Fault.ROOM_TWICE, (one.key, other.key))


def _single(
    spots: Sequence[Spot], held: dict[int, Gathering], available: Stretches, gone: Collection[int]
) -> Iterator[Found]:
    for spot in spots:
        session = held[spot.session]
        if spot.starts < session.starts or spot.ends > session.ends:
            yield Found(Fault.OUTSIDE, (spot.key,), session.key)
        for expert in sorted(spot.experts):
            if expert in gone:
                yield Found(Fault.GONE, (spot.key,), session.key, expert)
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
