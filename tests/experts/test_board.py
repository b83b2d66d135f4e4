"""The balance board on real rows: its minutes are the programme's, its signatures, and the gate before invitations."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.domain.errors import DomainError
from conference.enums import ItemKind, Role
from conference.models import Conference, Event, Item, Membership, Session, User
from experts.balance.scene import Scope
from experts.balance.signed import fingerprint_of
from experts.domain.board import board_of, committee_of, sign, unsigned
from experts.domain.invitation_gate import closed_gates
from experts.domain.programme import change_contribution
from experts.enums import Decision, ExpertState, Position
from experts.models import Ask, BoardSignature, BoardSnapshot, Contribution, Expert, KeyQuestion, Stance
from tests.experts.factories import make_expert, make_part
from tests.factories import add_member, make_conference, make_session

pytestmark = pytest.mark.django_db


def member(conference: Conference, role: Role = Role.STEERING) -> Membership:
    return Membership.objects.select_related("conference", "user").get(
        user=add_member(conference, role=role), conference=conference
    )


def approved(conference: Conference, position: Position, minutes: int = 20, **fields: object) -> Contribution:
    session = Session.objects.filter(conference=conference).first() or make_session(conference)
    expert = make_expert(conference, ExpertState.APPROVED, position=position, **fields)
    return make_part(expert, session, minutes=minutes)


def now(conference: Conference) -> str:
    return fingerprint_of(board_of(conference).facts)


def signs(who: Membership, decision: Decision = Decision.SIGNS, remark: str = "", seen: str = "") -> BoardSignature:
    return sign(member=who, decision=decision, remark=remark, fingerprint=seen or now(who.conference))


# -- The minutes of the board are the minutes of the programme ---------------------------------------------------------
ORDERS = st.lists(  # sessions: cancelled or not, items (minutes, speakers), agreed parts
    st.tuples(
        st.booleans(),
        st.lists(st.tuples(st.integers(1, 90), st.integers(0, 3)), max_size=4),
        st.lists(st.integers(0, 90), max_size=2),
    ),
    max_size=3,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=ORDERS)
def test_the_board_counts_the_minutes_of_the_programme(
    conference: Conference, orders: list[tuple[bool, list[tuple[int, int]], list[int]]]
) -> None:
    with transaction.atomic():
        speakers = [make_expert(conference, list(ExpertState)[number % 6]) for number in range(3)]
        lay(conference, speakers, orders)
        talks = Item.objects.held().filter(session__conference=conference, kind=ItemKind.TALK)
        with_speakers = talks.filter(contributions__isnull=False).distinct()
        agreed = Contribution.objects.held().filter(item=None, session__conference=conference)
        programme = sum(item.minutes for item in with_speakers) + sum(part.minutes for part in agreed)
        scene = board_of(conference).scene
        assert scene.minutes == programme
        assert scene.without_speaker == sum(item.minutes for item in talks.filter(contributions=None))
        transaction.set_rollback(True)


def lay(
    conference: Conference, speakers: list[Expert], orders: list[tuple[bool, list[tuple[int, int]], list[int]]]
) -> None:
    for cancelled, items, agreed in orders:
        session = make_session(conference, cancelled_at=conference.created_at if cancelled else None)
        for minutes, count in items:
            item = Item.objects.create(session=session, title="Exposé", starts_at=session.starts_at, minutes=minutes)
            for number in range(count):
                part = minutes // count + (1 if number < minutes % count else 0)
                make_part(
                    speakers[number], session, item=item, minutes=part, question_minutes=0, starts_at=item.starts_at
                )
        for number, minutes in enumerate(agreed):
            make_part(speakers[number], session, minutes=minutes, subject=f"{session.pk}-{number}")


def test_a_cancelled_session_counts_for_nobody(conference: Conference) -> None:
    part = approved(conference, Position.FOR)
    Session.objects.update(cancelled_at=conference.created_at)
    assert (part.minutes, board_of(conference).scene.minutes) == (20, 0)


def test_an_hour_outside_the_session_is_no_hour(conference: Conference) -> None:
    part = approved(conference, Position.FOR)
    for starts_at, rank in ((part.session.starts_at, 0), (part.session.ends_at + timedelta(hours=1), None)):
        Contribution.objects.update(starts_at=starts_at)
        assert [turn.rank for turn in board_of(conference).scene.turns] == [rank]


def test_positions_on_questions_and_those_asked_come_from_their_rows(conference: Conference) -> None:
    question = KeyQuestion.objects.create(conference=conference, number=3, text="Qui paie ?")
    expert = make_expert(conference, position=Position.FOR)
    Stance.objects.create(expert=expert, question=question, position=Position.AGAINST)
    Ask.objects.create(expert=expert, question=question)
    (voice,) = board_of(conference).scene.voices
    assert (dict(voice.stances), set(voice.asked)) == ({question.pk: "against"}, {question.pk})


def test_another_conference_is_not_counted(conference: Conference) -> None:
    approved(make_conference(), Position.FOR)
    assert (board_of(conference).scene.voices, board_of(conference).scene.minutes) == ((), 0)


@pytest.mark.parametrize("item_count", [1, 3, 30])
def test_the_facts_cost_the_same_for_one_and_for_thirty(conference: Conference, item_count: int) -> None:
    for number in range(item_count):
        part = approved(conference, Position.FOR)
        question = KeyQuestion.objects.create(conference=conference, number=number, text="Qui paie ?")
        Stance.objects.create(expert=part.expert, question=question, position=Position.FOR)
    with CaptureQueriesContext(connection) as queries:
        board_of(conference)
    assert len(queries) == 5


# -- Signing -----------------------------------------------------------------------------------------------------------
def test_a_signature_freezes_the_state_with_number_name_and_time(conference: Conference) -> None:
    part, helene = approved(conference, Position.FOR), member(conference)
    word = signs(helene, remark="Bien équilibré.")
    snapshot = BoardSnapshot.objects.get()
    assert (snapshot.number, snapshot.fingerprint, snapshot.facts) == (
        1,
        now(conference),
        {"experts": {str(part.expert.uuid): {"position": "for", "minutes": 20, "stances": {}}}, "questions": []},
    )
    assert (word.snapshot, word.name, word.decision, word.remark) == (
        snapshot,
        helene.user.name,
        Decision.SIGNS,
        "Bien équilibré.",
    )
    event = Event.objects.get(verb="board.signed")
    assert (event.actor, event.data) == (helene.user, {"number": 1})


def test_the_same_word_twice_is_one_word_and_another_word_is_kept_beside(conference: Conference) -> None:
    approved(conference, Position.FOR)
    helene = member(conference)
    signs(helene)
    signs(helene)
    assert BoardSignature.objects.count() == 1
    signs(helene, Decision.REFUSES, "Il manque une voix contre.")
    assert [word.decision for word in BoardSignature.objects.all()] == ["signs", "refuses"]
    committee = committee_of(conference, board_of(conference).facts)
    assert ([word.remark for word in committee.refused], committee.signed) == (["Il manque une voix contre."], ())


def test_two_members_sign_one_state(conference: Conference) -> None:
    approved(conference, Position.FOR)
    for _ in range(2):
        signs(member(conference))
    assert (BoardSnapshot.objects.count(), BoardSignature.objects.count()) == (1, 2)


def test_a_refusal_needs_a_reason(conference: Conference) -> None:
    approved(conference, Position.FOR)
    with pytest.raises(DomainError):
        signs(member(conference), Decision.REFUSES, "  ")
    assert BoardSignature.objects.count() == 0


def test_one_signs_what_one_has_seen(conference: Conference) -> None:
    part, helene = approved(conference, Position.FOR), member(conference)
    seen = now(conference)
    Contribution.objects.filter(pk=part.pk).update(minutes=40)
    with pytest.raises(DomainError):
        signs(helene, seen=seen)
    assert (BoardSignature.objects.count(), BoardSnapshot.objects.count()) == (0, 0)


def test_nothing_is_signed_before_somebody_is_approved(conference: Conference) -> None:
    make_expert(conference, ExpertState.LISTED)
    with pytest.raises(DomainError):
        signs(member(conference))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.STEERING])
def test_nobody_signs_for_the_committee(conference: Conference, role: Role) -> None:
    approved(conference, Position.FOR)
    with pytest.raises(DomainError):
        signs(member(conference, role))
    assert BoardSignature.objects.count() == 0


def test_what_was_signed_is_never_changed(conference: Conference) -> None:
    approved(conference, Position.FOR)
    word = signs(member(conference))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        BoardSignature.objects.filter(pk=word.pk).update(remark="Autre chose.")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        BoardSnapshot.objects.update(facts={})


# -- What alters the balance makes a signature one of an earlier state -------------------------------------------------
def standing(conference: Conference) -> tuple[int, int]:
    """Signatures under the present state, and under earlier ones."""
    committee = committee_of(conference, board_of(conference).facts)
    return len(committee.signed), len(committee.earlier)


def test_minutes_position_and_speakers_undo_it(conference: Conference) -> None:
    part = approved(conference, Position.FOR)
    other = approved(conference, Position.AGAINST)
    signs(member(conference))
    assert standing(conference) == (1, 0)
    actor = add_member(conference)
    changes: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (lambda: minutes(part, 30, actor), lambda: minutes(part, 20, actor)),
        (lambda: position(part.expert, Position.OPEN), lambda: position(part.expert, Position.FOR)),
        (lambda: state(other.expert, ExpertState.DECLINED), lambda: state(other.expert, ExpertState.APPROVED)),
    ]
    for alter, undo in changes:
        alter()
        assert standing(conference) == (0, 1)
        undo()  # back to what was signed: the signature holds again
        assert standing(conference) == (1, 0)


def minutes(part: Contribution, number: int, actor: User) -> None:
    fresh = Contribution.objects.select_related("session__conference", "expert").get(pk=part.pk)
    change_contribution(contribution=fresh, actor=actor, fields={"minutes": number})


def position(expert: Expert, to: Position) -> None:
    Expert.objects.filter(pk=expert.pk).update(position=to)


def state(expert: Expert, to: ExpertState) -> None:
    Expert.objects.filter(pk=expert.pk).update(state=to)


def test_inviting_and_accepting_do_not_undo_it(conference: Conference) -> None:
    part = approved(conference, Position.FOR)
    signs(member(conference))
    for to in (ExpertState.INVITED, ExpertState.ACCEPTED):
        state(part.expert, to)
        assert standing(conference) == (1, 0)


def test_who_signed_an_earlier_state_signs_the_new_one(conference: Conference) -> None:
    part, helene = approved(conference, Position.FOR), member(conference)
    signs(helene)
    position(part.expert, Position.AGAINST)
    signs(helene)
    assert (standing(conference), list(BoardSnapshot.objects.values_list("number", flat=True))) == ((1, 0), [2, 1])


# -- Before invitations ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("members", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_more_than_half_of_the_committee_opens_the_gate(conference: Conference, members: int, needed: int) -> None:
    approved(conference, Position.FOR)
    committee = [member(conference) for _ in range(members)]
    for number, who in enumerate(committee):
        closed = unsigned(conference)
        assert (closed is None) is (number >= needed)
        assert (closed in closed_gates(conference)) is (closed is not None)
        signs(who)
    assert unsigned(conference) is None


def test_a_refusal_opens_nothing(conference: Conference) -> None:
    approved(conference, Position.FOR)
    signs(member(conference), Decision.REFUSES, "Non.")
    assert unsigned(conference) is not None


def test_a_conference_without_a_committee_is_not_stopped(conference: Conference) -> None:
    approved(conference, Position.FOR)
    assert unsigned(conference) is None


def test_who_has_left_the_committee_counts_no_more(conference: Conference) -> None:
    approved(conference, Position.FOR)
    gone, left = member(conference), member(conference)
    signs(gone)
    gone.delete()
    committee = committee_of(conference, board_of(conference).facts)
    assert ([one.pk for one in committee.members], committee.signed, unsigned(conference) is None) == (
        [left.pk],
        (),
        False,
    )
    assert BoardSignature.objects.count() == 1  # the record stays


def test_an_altered_board_closes_the_gate_again(conference: Conference) -> None:
    part = approved(conference, Position.FOR)
    signs(member(conference))
    assert unsigned(conference) is None
    position(part.expert, Position.AGAINST)
    assert unsigned(conference) is not None


def test_the_scope_that_is_signed_is_the_approved(conference: Conference) -> None:
    approved(conference, Position.FOR)
    make_expert(conference, ExpertState.LISTED, position=Position.AGAINST)
    board = board_of(conference)
    assert len(board.facts["experts"]) == len(board.scene.of(Scope.APPROVED).voices) == 1
