"""The balance board, reckoned without a database."""

import json
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experts.balance.findings import Finding, What, findings, is_fair
from experts.balance.scene import STATES, Meeting, Scene, Scope, Turn, Voice
from experts.balance.signed import Alteration, Altered, alterations, facts_of, fingerprint_of, scene_from
from experts.balance.tally import UNSAID, by_side, tally
from experts.enums import ExpertState, Gender, Position, ProposedBy, Sector, Side

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # whole programmes are drawn
AXES = {
    "position": (lambda voice: voice.position, Position),
    "proposed_by": (lambda voice: voice.proposed_by, ProposedBy),
    "sector": (lambda voice: voice.sector, Sector),
    "gender": (lambda voice: voice.gender, Gender),
}


def voice(key: str, position: str = "", **fields: object) -> Voice:
    """An expert of the fair scene: proposed by the citizens, unless said otherwise."""
    return Voice(key=key, position=position, **{"proposed_by": ProposedBy.CITIZENS, **fields})  # type: ignore[arg-type]


def scene(*voices: Voice, minutes: dict[str, int] | None = None, **fields: object) -> Scene:
    """All of them speak in one session, twenty minutes each, at once: no order."""
    turns = tuple(Turn(one.key, 20 if minutes is None else minutes.get(one.key, 0)) for one in voices)
    return Scene(voices, (Meeting(1, turns),), **fields)  # type: ignore[arg-type]


def whats(of: Scene) -> set[tuple[What, Side | None]]:
    return {(finding.what, finding.side) for finding in findings(of)}


PRO, CONTRA = voice("pro", Position.FOR), voice("contra", Position.RATHER_AGAINST)


# -- What is missing ---------------------------------------------------------------------------------------------------
def test_two_sides_with_the_same_time_are_fair() -> None:
    assert (findings(scene(PRO, CONTRA)), is_fair(scene(PRO, CONTRA))) == ((), True)


def test_nobody_at_all_says_nothing_and_is_not_fair() -> None:
    assert (findings(scene()), is_fair(scene())) == ((), False)


def test_a_missing_side_is_grave() -> None:
    assert findings(scene(PRO)) == (Finding(What.MISSING_SIDE, Side.AGAINST),)
    assert is_fair(scene(PRO)) is False


def test_a_side_without_a_minute_is_silent() -> None:
    assert whats(scene(PRO, CONTRA, minutes={"pro": 20})) == {(What.SILENT_SIDE, Side.AGAINST)}


def test_without_any_minute_it_cannot_be_weighed() -> None:
    assert whats(scene(PRO, CONTRA, minutes={})) == {(What.NO_MINUTES, None)}


@pytest.mark.parametrize(("against", "said"), [(20, True), (21, False), (30, False), (45, True), (44, False)])
def test_forty_per_cent_of_the_time_is_too_little(against: int, said: bool) -> None:
    """20 against 30 is 40 per cent, 30 against 45 too; one minute more is not."""
    found = findings(scene(PRO, CONTRA, minutes={"pro": 30, "contra": against}))
    less = Side.AGAINST if against < 30 else Side.FOR
    assert found == ((Finding(What.UNEVEN, less, number=40),) if said else ())


def test_a_third_of_the_time_is_said_in_per_cent() -> None:
    found = findings(scene(PRO, CONTRA, minutes={"pro": 40, "contra": 20}))
    assert found == (Finding(What.UNEVEN, Side.AGAINST, number=33),)


def test_speaking_without_a_declared_position_is_grave() -> None:
    assert findings(scene(PRO, CONTRA, voice("x"), voice("y"))) == (Finding(What.UNDECLARED, number=2),)


def test_each_question_needs_both_sides() -> None:
    one = voice("pro", Position.FOR, stances={7: Position.FOR, 8: Position.FOR})
    other = voice("contra", Position.AGAINST, stances={7: Position.AGAINST, 8: Position.OPEN})
    found = findings(scene(one, other, questions=(7, 8, 9)))
    assert found == (
        Finding(What.QUESTION_MISSING, Side.AGAINST, 8),
        Finding(What.QUESTION_UNKNOWN, question=9),
    )


def test_a_question_is_put_to_both_sides() -> None:
    one = voice("pro", Position.FOR, stances={7: Position.FOR}, asked=frozenset({7}))
    other = voice("contra", Position.AGAINST, stances={7: Position.AGAINST})
    assert findings(scene(one, other, questions=(7,))) == (Finding(What.QUESTION_ASKED, Side.AGAINST, 7),)


def test_a_question_may_be_uneven_where_the_whole_is_even() -> None:
    voices = (
        voice("a", Position.FOR, stances={7: Position.FOR}),
        voice("b", Position.FOR, stances={7: Position.FOR}),
        voice("c", Position.AGAINST, stances={7: Position.FOR}),
        voice("d", Position.AGAINST, stances={7: Position.AGAINST}),
    )
    assert findings(scene(*voices, questions=(7,))) == (Finding(What.QUESTION_UNEVEN, Side.AGAINST, 7, number=25),)


def ordered(*sessions: str) -> Scene:
    """Sessions written as who speaks when: "pc" is for, then against."""
    voices = {"p": PRO, "c": CONTRA, "o": voice("open", Position.OPEN)}
    meetings = tuple(
        Meeting(number, tuple(Turn(voices[sign].key, 20, rank=rank) for rank, sign in enumerate(signs)))
        for number, signs in enumerate(sessions)
    )
    return Scene(tuple(voices.values()), meetings)


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        (("pc", "pc"), {(What.ALWAYS_OPENS, Side.FOR), (What.ALWAYS_CLOSES, Side.AGAINST)}),
        (("pc", "cp"), set()),
        (("pc",), set()),  # one session must begin with somebody
        (("pc", "cpo"), set()),
        (("opc", "opc"), {(What.ALWAYS_CLOSES, Side.AGAINST)}),
        (("pc", "pc", "p", "c"), {(What.ALWAYS_OPENS, Side.FOR), (What.ALWAYS_CLOSES, Side.AGAINST)}),
    ],
)
def test_the_same_side_opening_every_session_is_said(sessions: tuple[str, ...], said: set[object]) -> None:
    found = {entry for entry in whats(ordered(*sessions)) if entry[0] in {What.ALWAYS_OPENS, What.ALWAYS_CLOSES}}
    assert found == said


def test_two_who_begin_together_open_for_neither_side() -> None:
    together = tuple(Meeting(n, (Turn("pro", 20, rank=0), Turn("contra", 20, rank=0))) for n in (1, 2))
    assert findings(Scene((PRO, CONTRA), together)) == ()


def test_one_sector_alone_is_said() -> None:
    alike = [
        voice(key, position, sector=Sector.COMPANY) for key, position in (("a", Position.FOR), ("b", Position.AGAINST))
    ]
    assert findings(scene(*alike)) == (Finding(What.ONE_SECTOR, key=Sector.COMPANY),)


@pytest.mark.parametrize(("women", "men", "said"), [(1, 2, 1), (2, 3, None), (1, 1, None), (2, 4, 2)])
def test_less_than_forty_per_cent_women_is_said_from_three_on(women: int, men: int, said: int | None) -> None:
    genders = [Gender.WOMAN] * women + [Gender.MAN] * men
    voices = [
        voice(str(number), Position.FOR if number % 2 else Position.AGAINST, gender=gender)
        for number, gender in enumerate(genders)
    ]
    found = [finding for finding in findings(scene(*voices)) if finding.what == What.GENDER]
    assert found == (
        [] if said is None else [Finding(What.GENDER, key=Gender.WOMAN, number=said, data={"of": women + men})]
    )


def test_nobody_proposed_by_the_citizens_is_said() -> None:
    others = [voice(one.key, one.position, proposed_by=ProposedBy.STEERING) for one in (PRO, CONTRA)]
    assert findings(scene(*others)) == (Finding(What.NO_CITIZENS),)


def test_talks_without_a_speaker_are_said() -> None:
    assert findings(scene(PRO, CONTRA, without_speaker=40)) == (Finding(What.WITHOUT_SPEAKER, number=40),)


def test_the_grave_comes_first() -> None:
    found = findings(scene(voice("a", Position.FOR, proposed_by=ProposedBy.STEERING), without_speaker=5))
    assert [finding.is_serious for finding in found] == sorted((f.is_serious for f in found), reverse=True)
    assert {finding.is_serious for finding in found} == {True, False}


# -- Whom the board counts ---------------------------------------------------------------------------------------------
def test_each_scope_counts_those_of_the_next_and_one_state_more() -> None:
    assert [len(STATES[scope]) for scope in Scope] == [4, 3, 2, 1]
    assert STATES[Scope.ACCEPTED] == {ExpertState.ACCEPTED}
    assert ExpertState.DECLINED not in STATES[Scope.LISTED]


# -- Nothing is lost: sums over any running order ----------------------------------------------------------------------
def shared(minutes: int, speakers: int) -> list[int]:
    """Whole minutes, as evenly as they go."""
    return [minutes // speakers + (1 if number < minutes % speakers else 0) for number in range(speakers)]


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Scene, int]:
    """A running order with its minutes of talk: items with speakers, and parts that have no item yet."""
    blank = [""]
    questions = tuple(range(1, draw(st.integers(0, 3)) + 1))
    keys = [f"expert-{number}" for number in range(draw(st.integers(1, 6)))]
    position = st.sampled_from([*Position.values, *blank])
    voices = tuple(
        Voice(
            key=key,
            state=draw(st.sampled_from(list(ExpertState))),
            position=draw(position),
            proposed_by=draw(st.sampled_from(ProposedBy.values)),
            sector=draw(st.sampled_from([*Sector.values, *blank])),
            gender=draw(st.sampled_from([*Gender.values, *blank])),
            stances={question: draw(st.sampled_from(Position.values)) for question in questions if draw(st.booleans())},
        )
        for key in keys
    )
    meetings, minutes_of_talk = [], 0
    for number in range(draw(st.integers(0, 4))):
        turns: list[Turn] = []
        for rank in range(draw(st.integers(0, 5))):
            speakers = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
            minutes = draw(st.integers(0, 240))
            minutes_of_talk += minutes
            placed = rank if draw(st.booleans()) else None
            parts = zip(speakers, shared(minutes, len(speakers)), strict=True)
            turns += [Turn(key, part, draw(st.integers(0, 60)), placed) for key, part in parts]
        meetings.append(Meeting(number, tuple(turns)))
    return Scene(voices, tuple(meetings), questions), minutes_of_talk


@UNHURRIED
@given(scenes())
def test_whatever_the_axis_every_minute_of_the_programme_is_counted_once(drawn: tuple[Scene, int]) -> None:
    whole, programme = drawn
    sums = {name: tally(whole, key_of, options).minutes for name, (key_of, options) in AXES.items()}
    sums |= {f"question {question}": by_side(whole, question).minutes for question in whole.questions}
    sums |= {"side": by_side(whole).minutes, "expert": sum(whole.minutes_by_expert().values())}
    assert sums == dict.fromkeys(sums, programme)
    assert whole.minutes == programme


@UNHURRIED
@given(scenes(), st.sampled_from(list(Scope)))
def test_what_a_scope_leaves_out_is_the_rest(drawn: tuple[Scene, int], scope: Scope) -> None:
    whole, programme = drawn
    counted = whole.of(scope)
    left_out = sum(turn.minutes for turn in whole.turns if whole.voice_by_key()[turn.expert].state not in STATES[scope])
    assert counted.minutes + left_out == programme
    for key_of, options in AXES.values():
        found = tally(counted, key_of, options)
        assert (found.minutes, found.experts) == (counted.minutes, len(counted.voices))


@UNHURRIED
@given(scenes())
def test_what_is_missing_is_found_and_nothing_else(drawn: tuple[Scene, int]) -> None:
    whole, _programme = drawn
    said = {finding.side for finding in findings(whole) if finding.what == What.MISSING_SIDE}
    held = {one.side for one in whole.voices}
    assert said == {Side.FOR, Side.AGAINST} - held


def test_those_who_have_not_said_come_last() -> None:
    rows = tally(scene(voice("a"), PRO), lambda one: one.position, Position).rows
    assert (rows[-1].key, rows[-1].experts, rows[-1].minutes) == (UNSAID, 1, 20)


# -- What is signed ----------------------------------------------------------------------------------------------------
@UNHURRIED
@given(scenes())
def test_signed_facts_survive_json_and_give_back_their_figures(drawn: tuple[Scene, int]) -> None:
    whole, _programme = drawn
    facts = facts_of(whole)
    again = json.loads(json.dumps(facts))
    assert (again, fingerprint_of(again)) == (facts, fingerprint_of(facts))
    approved, signed = whole.of(Scope.APPROVED), scene_from(again)
    assert by_side(signed).rows == tuple(type(row)(row.key, row.experts, row.minutes) for row in by_side(approved).rows)
    assert facts_of(signed) == facts


@UNHURRIED
@given(scenes(), scenes())
def test_two_states_differ_exactly_when_something_altered(one: tuple[Scene, int], other: tuple[Scene, int]) -> None:
    before, after = facts_of(one[0]), facts_of(other[0])
    assert (fingerprint_of(before) == fingerprint_of(after)) is (alterations(before, after) == ())


def test_the_fingerprint_is_what_any_program_reckons() -> None:
    facts = facts_of(scene(PRO))
    text = '{"experts":{"pro":{"minutes":20,"position":"for","stances":{}}},"questions":[]}'
    assert fingerprint_of(facts) == sha256(text.encode()).hexdigest()


def test_each_kind_of_alteration() -> None:
    before = facts_of(
        scene(voice("a", Position.FOR, stances={1: Position.FOR}), voice("b", Position.OPEN), questions=(1,))
    )
    after = facts_of(
        scene(voice("a", Position.AGAINST, stances={2: Position.OPEN}), voice("c"), minutes={"a": 30}, questions=(2,))
    )
    assert alterations(before, after) == (
        Alteration(Altered.LEFT, "b"),
        Alteration(Altered.JOINED, "c"),
        Alteration(Altered.POSITION, "a", before="for", after="against"),
        Alteration(Altered.MINUTES, "a", before=20, after=30),
        Alteration(Altered.STANCE, "a", 1, "for", ""),
        Alteration(Altered.STANCE, "a", 2, "", "open"),
        Alteration(Altered.QUESTION_GONE, question=1),
        Alteration(Altered.QUESTION_NEW, question=2),
    )


def test_order_sector_and_an_invitation_do_not_undo_a_signature() -> None:
    signed = Scene(
        (voice("a", Position.FOR, state=ExpertState.APPROVED),), (Meeting(1, (Turn("a", 20), Turn("a", 10, rank=0))),)
    )
    later = Scene(
        (voice("a", Position.FOR, state=ExpertState.ACCEPTED, sector=Sector.COMPANY, gender=Gender.MAN),),
        (Meeting(2, (Turn("a", 30, 15, rank=3),)),),
    )
    assert fingerprint_of(facts_of(signed)) == fingerprint_of(facts_of(later))
