"""No sequence of edits makes two overlapping items for one expert, or in one room, go unwarned: against a minute clock."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from conference.enums import ItemKind, SessionKind
from experts.conflicts import Fault, Gathering, Spot, find
from experts.domain.running_order import shares

NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def day(key: int, kind: str = SessionKind.HEARING, facilitators: int = 1) -> Gathering:
    return Gathering(key, kind, at(key * 1440), at(key * 1440 + 480), facilitators)


def spot(key: int, start: int, minutes: int, session: int = 0, **facts: object) -> Spot:
    return Spot(key, session, str(facts.pop("kind", ItemKind.TALK)), at(start), at(start + minutes), **facts)  # type: ignore[arg-type]


def faults(
    *spots: Spot, session: Gathering | None = None, available: dict[int, list[tuple[datetime, datetime]]] | None = None
) -> list[tuple[Fault, tuple[int, ...]]]:
    return [(one.fault, one.items) for one in find([session or day(0)], spots, available or {})]


QUIET = spot(99, 400, 80, kind=ItemKind.QUESTIONS)


def test_an_expert_or_a_room_twice_at_once() -> None:
    one, other = spot(1, 0, 30, room=1, experts=frozenset({7})), spot(2, 29, 30, room=2, experts=frozenset({7, 8}))
    assert faults(one, other, QUIET) == [(Fault.EXPERT_TWICE, (1, 2))]
    assert faults(spot(1, 0, 30, room=1), spot(2, 29, 30, room=1), QUIET) == [(Fault.ROOM_TWICE, (1, 2))]
    assert (
        faults(spot(1, 0, 30, room=1, experts=frozenset({7})), spot(2, 30, 30, room=1, experts=frozenset({7})), QUIET)
        == []
    )


def test_outside_what_an_expert_has_said() -> None:
    here = spot(1, 60, 30, experts=frozenset({7}))
    assert faults(here, QUIET, available={7: [(at(60), at(90))]}) == []
    assert faults(here, QUIET, available={7: [(at(61), at(200))]}) == [(Fault.UNAVAILABLE, (1,))]
    assert faults(here, QUIET, available={8: [(at(300), at(400))]}) == []  # they have not said


def test_an_expert_among_the_citizens() -> None:
    tables = spot(1, 0, 30, kind=ItemKind.TABLES, experts=frozenset({7}))
    assert faults(tables) == [(Fault.BEYOND_SLOT, (1,))]
    assert (Fault.EXPERT_IN_CLOSED, (1,)) in faults(tables, session=day(0, SessionKind.DRAFTING))


def test_three_hours_without_a_break() -> None:
    work = [spot(key, key * 60, 60, kind=ItemKind.PLENARY) for key in range(3)]
    assert faults(*work) == []
    assert faults(*work, spot(9, 180, 1, kind=ItemKind.PLENARY)) == [(Fault.NO_BREAK, ())]
    assert faults(*work, spot(9, 190, 60, kind=ItemKind.PLENARY)) == []  # ten minutes of nothing are a break
    assert faults(*work, spot(8, 180, 20, kind=ItemKind.BREAK), spot(9, 200, 60, kind=ItemKind.PLENARY)) == []


def test_facilitators_questions_and_hours() -> None:
    assert faults(QUIET, session=day(0, facilitators=0)) == [(Fault.NO_FACILITATOR, ())]
    assert faults(spot(1, 0, 81), QUIET) == [(Fault.FEW_QUESTIONS, ())]
    assert faults(spot(1, 470, 20, kind=ItemKind.QUESTIONS)) == [(Fault.OUTSIDE, (1,))]


edits = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "resize", "room", "experts", "remove", "cancel"]),
        st.integers(0, 5),
        st.integers(0, 100),
        st.integers(1, 40),
        st.frozensets(st.integers(1, 3), max_size=3),
    ),
    max_size=25,
)


@given(edits)
def test_whatever_is_edited_every_overlap_is_warned_of_and_nothing_else(
    steps: list[tuple[str, int, int, int, frozenset[int]]],
) -> None:
    spots: dict[int, Spot] = {}
    held = {0, 1}
    for what, key, start, minutes, experts in steps:
        session = key % 2
        was = spots.get(key, spot(key, start, minutes, session, room=key % 3, experts=experts))
        begins = int((was.starts - NINE).total_seconds()) // 60
        lasts = int((was.ends - was.starts).total_seconds()) // 60
        changed = {
            "add": was,
            "move": spot(key, start, lasts, session, room=was.room, experts=was.experts),
            "resize": spot(key, begins, minutes, session, room=was.room, experts=was.experts),
            "room": spot(key, begins, lasts, session, room=minutes % 3, experts=was.experts),
            "experts": spot(key, begins, lasts, session, room=was.room, experts=experts),
        }.get(what)
        if changed:
            spots[key] = changed
        elif what == "remove":
            spots.pop(key, None)
        else:
            held.discard(session)
    found = find([day(key) for key in sorted(held)], list(spots.values()), {})
    twice = {(one.fault, one.items, one.expert) for one in found if one.fault in {Fault.EXPERT_TWICE, Fault.ROOM_TWICE}}
    assert twice == _by_the_minute([one for one in spots.values() if one.session in held])


def _by_the_minute(spots: list[Spot]) -> set[tuple[Fault, tuple[int, ...], int]]:
    """Who and what stands where, minute by minute."""
    found: set[tuple[Fault, tuple[int, ...], int]] = set()
    for minute in range(150):
        now = sorted(
            (one for one in spots if one.starts <= at(minute) < one.ends), key=lambda one: (one.starts, one.key)
        )
        for place, one in enumerate(now):
            for other in now[place + 1 :]:
                found |= {(Fault.EXPERT_TWICE, (one.key, other.key), expert) for expert in one.experts & other.experts}
                if one.room == other.room and (one.room > 0 or one.session == other.session):
                    found.add((Fault.ROOM_TWICE, (one.key, other.key), 0))
    return found


@given(st.integers(0, 720), st.integers(1, 30))
def test_the_minutes_of_an_item_are_those_of_its_speakers(minutes: int, speakers: int) -> None:
    found = shares(minutes, speakers)
    assert (sum(found), len(found)) == (minutes, speakers)
    assert max(Counter(found)) - min(Counter(found)) <= 1
