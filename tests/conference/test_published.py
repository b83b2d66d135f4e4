"""What differs between two programmes, whom it concerns, and that a programme survives JSON."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from conference.enums import ItemKind
from conference.published import (
    Meeting,
    Person,
    Programme,
    Slot,
    What,
    compare,
    concerning,
    from_json,
    slots_of,
    to_json,
)

ANNA, BRUNO, CLEO = (Person(f"expert:{name}", name) for name in ("Anna", "Bruno", "Cléo"))
LEAD = Person("member:1", "Olive")
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)


def slot(uid: str, minute: int, minutes: int = 20, **fields: object) -> Slot:
    facts = {"kind": ItemKind.TALK.value, "title": f"Point {uid}", "speakers": (ANNA,)}
    return Slot(uid=uid, starts_at=NINE + timedelta(minutes=minute), minutes=minutes, **{**facts, **fields})  # type: ignore[arg-type]


def hearing(*slots: Slot, **fields: object) -> Meeting:
    facts = {"kind": "hearing", "title": "Audition", "starts_at": NINE, "ends_at": NINE + timedelta(hours=8)}
    return Meeting(uid="s", sequence=0, slots=slots, **{**facts, **fields})  # type: ignore[arg-type]


def differences(before: Programme, after: Programme) -> list[tuple[What, str, frozenset[str]]]:
    return [(one.what, one.slot.title if one.slot else "", one.concerned) for one in compare(before, after)]


def test_the_same_programme_has_no_differences() -> None:
    programme = (hearing(slot("a", 0), slot("b", 30, lead=LEAD)),)
    assert compare(programme, programme) == []


def test_a_moved_item_concerns_those_who_speak_in_it_and_lead_it() -> None:
    before = (hearing(slot("a", 0, lead=LEAD), slot("b", 30, speakers=(BRUNO,))),)
    after = (hearing(slot("a", 10, lead=LEAD), slot("b", 30, speakers=(BRUNO,))),)
    assert differences(before, after) == [(What.MOVED, "Point a", frozenset({ANNA.key, LEAD.key}))]


def test_who_comes_and_who_leaves_are_both_concerned() -> None:
    before, after = (hearing(slot("a", 0, speakers=(ANNA, BRUNO))),), (hearing(slot("a", 0, speakers=(ANNA, CLEO))),)
    assert differences(before, after) == [(What.PEOPLE, "Point a", frozenset({ANNA.key, BRUNO.key, CLEO.key}))]


def test_that_somebody_has_accepted_meanwhile_is_published_and_told_to_nobody() -> None:
    before = (hearing(slot("a", 0, speakers=(replace(ANNA, is_sure=False),))),)
    assert differences(before, (hearing(slot("a", 0)),)) == [(What.PEOPLE, "Point a", frozenset())]


def test_an_item_that_goes_to_another_session_is_told_from_both() -> None:
    afternoon = replace(hearing(), uid="t", title="Après-midi")
    before, after = (hearing(slot("a", 0)), afternoon), (hearing(), replace(afternoon, slots=(slot("a", 300),)))
    assert differences(before, after) == [
        (What.REMOVED, "Point a", frozenset({ANNA.key})),
        (What.ADDED, "Point a", frozenset({ANNA.key})),
    ]


def test_a_cancelled_session_concerns_all_who_had_a_part() -> None:
    before = (hearing(slot("a", 0, lead=LEAD), slot("b", 30, speakers=(BRUNO,)), facilitators=(LEAD,)),)
    after = (replace(before[0], is_cancelled=True),)
    assert differences(before, after) == [
        (What.SESSION_CANCELLED, "", frozenset({ANNA.key, BRUNO.key, LEAD.key})),
    ]
    assert compare(after, after) == []


def test_a_new_session_is_told_with_its_items() -> None:
    assert differences((), (hearing(slot("a", 0)),)) == [
        (What.SESSION_ADDED, "", frozenset()),
        (What.ADDED, "Point a", frozenset({ANNA.key})),
    ]


def test_only_those_whose_facilitation_changed_are_told_of_it() -> None:
    stays, leaves, comes = (Person(f"member:{number}", str(number)) for number in (1, 2, 3))
    before, after = (hearing(facilitators=(stays, leaves)),), (hearing(facilitators=(stays, comes)),)
    assert differences(before, after) == [(What.SESSION_CHANGED, "", frozenset({leaves.key, comes.key}))]


people = st.lists(st.sampled_from([ANNA, BRUNO, CLEO]), unique=True, max_size=3).map(tuple)
slots = st.builds(
    slot,
    st.sampled_from("abcdef"),
    st.integers(0, 400),
    st.integers(1, 90),
    speakers=people,
    room=st.sampled_from(["", "Grande salle"]),
    lead=st.sampled_from([None, LEAD]),
)
meetings = st.builds(
    lambda found, cancelled: hearing(*found, is_cancelled=cancelled),
    st.lists(slots, unique_by=lambda one: one.uid, max_size=6),
    st.booleans(),
)
programmes = st.one_of(st.just(()), meetings.map(lambda meeting: (meeting,)))


@given(programmes, programmes)
def test_nobody_whose_turns_changed_goes_unmentioned_and_nobody_else_is_mentioned(
    before: Programme, after: Programme
) -> None:
    """Against the definition: what a person is told of changes exactly when what they do changes."""
    changes = compare(before, after)
    for key in (ANNA.key, BRUNO.key, CLEO.key, LEAD.key):
        was, now = (turns(programme, key) for programme in (before, after))
        assert bool(concerning(changes, key)) == (was != now)


def turns(programme: Programme, key: str) -> set[tuple[object, ...]]:
    return {
        (one.uid, one.title, one.kind, one.starts_at, one.minutes, one.room, one.lead, one.speakers)
        for _meeting, one in slots_of(programme, key)
    }


@given(programmes)
def test_a_programme_survives_json(programme: Programme) -> None:
    assert from_json(to_json(programme)) == programme
