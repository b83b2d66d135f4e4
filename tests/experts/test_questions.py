"""The citizens' questions: their list, whom they are put to, the answers, the verdicts, and the letters that go with them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.domain.errors import DomainError
from conference.enums import ItemKind, Role
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, Item, User
from conference.timing import reminder_before
from experts.domain import questions as domain
from experts.domain.experts import answer
from experts.enums import ExpertState, Position, Verdict
from experts.matrix import matrix_of
from experts.models import Ask, Expert, KeyQuestion, QuestionList
from tests.experts.factories import make_expert
from tests.factories import add_member, make_conference, make_session

pytestmark = pytest.mark.django_db

WORDS = ["Qui paie ?", "Qui décide ?", "Qui mesure ?"]


@pytest.fixture
def amine(conference: Conference) -> User:
    return add_member(conference, role=Role.FACILITATOR)


@pytest.fixture
def asked(conference: Conference, amine: User) -> list[KeyQuestion]:
    return [domain.add_question(conference_id=conference.pk, actor=amine, text=text) for text in WORDS]


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def put(conference: Conference, olive: User, *pairs: tuple[KeyQuestion, Expert], days: float = 20) -> list[Ask]:
    """Frozen, given to these experts, put to them with so many days to answer."""
    domain.freeze(conference_id=conference.pk, actor=olive)
    ids = [(question.pk, expert.pk) for question, expert in pairs]
    domain.assign(conference_id=conference.pk, actor=olive, pairs=ids)
    domain.put(conference_id=conference.pk, actor=olive, due_at=in_days(days))
    asks = {(ask.question_id, ask.expert_id): ask for ask in Ask.objects.filter(question__conference=conference)}
    return [asks[pair] for pair in ids]


def texts(conference: Conference) -> list[tuple[int, str]]:
    return list(KeyQuestion.objects.filter(conference=conference).order_by("number").values_list("number", "text"))


def verbs(conference: Conference) -> list[str]:
    return list(Event.objects.filter(conference=conference).order_by("pk").values_list("verb", flat=True))


# -- The list ----------------------------------------------------------------------------------------------------------
def test_questions_are_numbered_as_they_come(conference: Conference, asked: list[KeyQuestion]) -> None:
    assert texts(conference) == [(1, "Qui paie ?"), (2, "Qui décide ?"), (3, "Qui mesure ?")]
    assert verbs(conference).count("question.added") == 3


@pytest.mark.parametrize(
    ("which", "places", "expected"),
    [
        (0, 1, ["Qui décide ?", "Qui paie ?", "Qui mesure ?"]),
        (2, -2, ["Qui mesure ?", "Qui paie ?", "Qui décide ?"]),
        (0, -1, WORDS),  # the first cannot come earlier
        (2, 99, WORDS),
    ],
)
def test_moving_closes_up(
    conference: Conference, amine: User, asked: list[KeyQuestion], which: int, places: int, expected: list[str]
) -> None:
    domain.move_question(question_id=asked[which].pk, actor=amine, places=places)

    assert texts(conference) == list(enumerate(expected, start=1))


def test_removing_closes_up(conference: Conference, amine: User, asked: list[KeyQuestion]) -> None:
    domain.remove_question(question_id=asked[0].pk, actor=amine)

    assert texts(conference) == [(1, "Qui décide ?"), (2, "Qui mesure ?")]


def test_a_question_on_which_experts_stand_is_not_removed(
    conference: Conference, amine: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    expert.stances.create(question=asked[0], position=Position.FOR)

    with pytest.raises(DomainError, match="reformulez"):
        domain.remove_question(question_id=asked[0].pk, actor=amine)
    assert expert.stances.count() == 1


def test_the_list_of_another_conference_is_its_own(
    conference: Conference, asked: list[KeyQuestion], otto: User
) -> None:
    other = make_conference(otto)

    assert domain.add_question(conference_id=other.pk, actor=otto, text="Et chez nous ?").number == 1


# -- Frozen ------------------------------------------------------------------------------------------------------------
def test_an_empty_list_is_not_frozen(conference: Conference, amine: User) -> None:
    with pytest.raises(DomainError):
        domain.freeze(conference_id=conference.pk, actor=amine)
    assert domain.state_of(conference).frozen_at is None


def test_what_is_frozen_stays(conference: Conference, amine: User, asked: list[KeyQuestion]) -> None:
    first = domain.freeze(conference_id=conference.pk, actor=amine).frozen_at
    assert domain.freeze(conference_id=conference.pk, actor=amine).frozen_at == first  # twice is once

    with pytest.raises(DomainError):
        domain.add_question(conference_id=conference.pk, actor=amine, text="Encore une ?")
    with pytest.raises(DomainError):
        domain.change_question(question_id=asked[0].pk, actor=amine, text="Qui paiera ?", explanation="")
    with pytest.raises(DomainError):
        domain.move_question(question_id=asked[0].pk, actor=amine, places=1)
    with pytest.raises(DomainError):
        domain.remove_question(question_id=asked[0].pk, actor=amine)
    assert texts(conference) == list(enumerate(WORDS, start=1))
    assert verbs(conference).count("questions.frozen") == 1


@pytest.mark.parametrize("change", [{"text": "Autre"}, {"explanation": "Autre"}, {"number": 9}])
def test_the_database_refuses_what_the_verbs_refuse(
    conference: Conference, amine: User, asked: list[KeyQuestion], change: dict[str, object]
) -> None:
    domain.freeze(conference_id=conference.pk, actor=amine)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        KeyQuestion.objects.filter(pk=asked[0].pk).update(**change)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        KeyQuestion.objects.create(conference=conference, number=4, text="Encore une ?")


def test_a_conference_with_frozen_questions_can_be_deleted(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    (ask,) = put(conference, olive, (asked[0], expert))
    domain.hand_in(ask_id=ask.pk, expert=expert, text="Tous.")
    domain.publish_answers(conference_id=conference.pk, actor=olive)

    KeyQuestion.objects.filter(conference=conference).delete()

    assert not Ask.objects.exists()


def test_opening_again_needs_a_reason_that_everybody_reads(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    domain.freeze(conference_id=conference.pk, actor=olive)
    with pytest.raises(DomainError):
        domain.reopen(conference_id=conference.pk, actor=olive, reason="  ")

    domain.reopen(conference_id=conference.pk, actor=olive, reason="Une question était mal recopiée.")

    assert domain.state_of(conference).frozen_at is None
    event = Event.objects.get(conference=conference, verb="questions.reopened")
    assert event.reason == "Une question était mal recopiée."
    domain.change_question(question_id=asked[0].pk, actor=olive, text="Qui paiera ?", explanation="")


# -- Who answers what --------------------------------------------------------------------------------------------------
def test_only_pairs_of_the_conference_are_kept(
    conference: Conference, olive: User, otto: User, asked: list[KeyQuestion]
) -> None:
    mine, foreign = make_expert(conference), make_expert(make_conference(otto))

    count = domain.assign(
        conference_id=conference.pk,
        actor=olive,
        pairs=[(asked[0].pk, mine.pk), (asked[0].pk, foreign.pk), (0, mine.pk)],
    )

    assert count == 1
    assert list(Ask.objects.values_list("question", "expert", "asked_at")) == [(asked[0].pk, mine.pk, None)]


def test_what_was_put_stays_when_the_grid_is_saved_without_it(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    put(conference, olive, (asked[0], expert))

    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(asked[1].pk, expert.pk)])

    assert sorted(Ask.objects.values_list("question__number", flat=True)) == [1, 2]


def test_questions_are_put_once_frozen_and_before_the_day(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(asked[0].pk, expert.pk)])
    with pytest.raises(DomainError, match="Arrêtez"):
        domain.put(conference_id=conference.pk, actor=olive, due_at=in_days(20))
    domain.freeze(conference_id=conference.pk, actor=olive)
    with pytest.raises(DomainError, match="passée"):
        domain.put(conference_id=conference.pk, actor=olive, due_at=in_days(-1))
    assert not Message.objects.exists()


def test_one_letter_for_all_questions_of_an_expert(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    speaks, silent = make_expert(conference), make_expert(conference)
    withdrawn = make_expert(conference, ExpertState.WITHDRAWN)

    put(conference, olive, (asked[0], speaks), (asked[2], speaks), (asked[1], withdrawn))

    (letter,) = Message.objects.filter(kind=Kind.QUESTIONS_ASKED)
    assert letter.recipient_key == f"expert:{speaks.pk}"
    assert not Message.objects.filter(recipient_key__in=[f"expert:{silent.pk}", f"expert:{withdrawn.pk}"]).exists()
    assert Ask.objects.get(expert=withdrawn).asked_at is None


def test_a_question_added_later_is_put_with_a_letter_of_its_own(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    first, second = make_expert(conference), make_expert(conference)
    put(conference, olive, (asked[0], first))
    pairs = [(asked[0].pk, first.pk), (asked[1].pk, second.pk)]
    domain.assign(conference_id=conference.pk, actor=olive, pairs=pairs)

    told = domain.put(
        conference_id=conference.pk, actor=olive, due_at=domain.state_of(conference).answers_due_at or in_days(20)
    )

    assert told == [second]
    assert Message.objects.filter(kind=Kind.QUESTIONS_ASKED).count() == 2


def test_nothing_new_is_said_and_not_sent(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    put(conference, olive, (asked[0], make_expert(conference)))
    due = domain.state_of(conference).answers_due_at
    assert due is not None

    with pytest.raises(DomainError):
        domain.put(conference_id=conference.pk, actor=olive, due_at=due)
    assert Message.objects.filter(kind=Kind.QUESTIONS_ASKED).count() == 1


# -- Reminders ---------------------------------------------------------------------------------------------------------
def reminders(state: State = State.SCHEDULED) -> list[datetime]:
    found = Message.objects.filter(kind=Kind.ANSWERS_DUE, state=state)
    return list(found.order_by("due_at").values_list("due_at", flat=True))


def expected(conference: Conference, due: datetime) -> list[datetime]:
    day = conference.local(due).date()
    return sorted(reminder_before(conference, day - timedelta(days=days)) for days in (7, 2))


def test_reminders_leave_seven_and_two_days_before(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    put(conference, olive, (asked[0], make_expert(conference)))
    due = domain.state_of(conference).answers_due_at
    assert due is not None

    assert reminders() == expected(conference, due)


def test_a_moved_day_moves_the_reminders(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    put(conference, olive, (asked[0], make_expert(conference)))
    later = in_days(40)

    assert domain.put(conference_id=conference.pk, actor=olive, due_at=later) == []  # nobody has anything new

    assert reminders() == expected(conference, later)
    assert len(reminders(State.CANCELLED)) == 2


def test_reminders_stop_with_the_last_answer_and_come_back_with_a_retraction(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    one, two = put(conference, olive, (asked[0], expert), (asked[1], expert))

    domain.hand_in(ask_id=one.pk, expert=expert, text="L’usager.")
    assert len(reminders()) == 2
    domain.hand_in(ask_id=two.pk, expert=expert, text="L’élu.")
    assert reminders() == []
    domain.take_back(ask_id=two.pk, expert=expert)
    assert len(reminders()) == 2


def test_nobody_is_reminded_after_withdrawing(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    expert = make_expert(conference)
    put(conference, olive, (asked[0], expert))

    answer(expert_id=expert.pk, accepts=False)

    assert reminders() == []


# -- Answers -----------------------------------------------------------------------------------------------------------
def test_a_draft_becomes_an_answer_and_a_draft_again(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    expert = make_expert(conference)
    (ask,) = put(conference, olive, (asked[0], expert))

    domain.save_draft(ask_id=ask.pk, expert=expert, text="L’us")
    ask.refresh_from_db()
    assert (ask.draft, ask.answer, ask.answered_at) == ("L’us", "", None)

    domain.hand_in(ask_id=ask.pk, expert=expert, text="  L’usager.\n")
    ask.refresh_from_db()
    assert (ask.draft, ask.answer) == ("", "L’usager.")
    with pytest.raises(DomainError):
        domain.save_draft(ask_id=ask.pk, expert=expert, text="Autre")

    domain.take_back(ask_id=ask.pk, expert=expert)
    ask.refresh_from_db()
    assert (ask.draft, ask.answer, ask.answered_at) == ("L’usager.", "", None)


def test_an_empty_answer_is_not_handed_in(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    expert = make_expert(conference)
    (ask,) = put(conference, olive, (asked[0], expert))

    with pytest.raises(DomainError):
        domain.hand_in(ask_id=ask.pk, expert=expert, text=" \n")


def test_nobody_answers_for_somebody_else(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    (ask,) = put(conference, olive, (asked[0], make_expert(conference)))

    with pytest.raises(Ask.DoesNotExist):
        domain.hand_in(ask_id=ask.pk, expert=make_expert(conference), text="À sa place.")


def test_published_answers_stay(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    expert, late = make_expert(conference), make_expert(conference)
    ask, owed = put(conference, olive, (asked[0], expert), (asked[0], late))
    with pytest.raises(DomainError):
        domain.publish_answers(conference_id=conference.pk, actor=olive)  # none yet
    domain.hand_in(ask_id=ask.pk, expert=expert, text="L’usager.")

    assert domain.publish_answers(conference_id=conference.pk, actor=olive) == 1

    with pytest.raises(DomainError):
        domain.take_back(ask_id=ask.pk, expert=expert)
    with pytest.raises(DomainError):
        domain.hand_in(ask_id=owed.pk, expert=late, text="Trop tard.")
    with pytest.raises(DomainError):
        domain.reopen(conference_id=conference.pk, actor=olive, reason="Pour voir.")
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Ask.objects.filter(pk=ask.pk).update(answer="L’impôt.")
    assert reminders() == []
    assert domain.publish_answers(conference_id=conference.pk, actor=olive) == 0


# -- The hearing -------------------------------------------------------------------------------------------------------
def test_spoken_answers_carry_the_hour_and_the_item(
    conference: Conference, olive: User, amine: User, asked: list[KeyQuestion]
) -> None:
    nine = datetime(2026, 3, 14, 8, tzinfo=UTC)
    hearing = make_session(conference, nine, 8)
    talk = Item.objects.create(session=hearing, title="Exposé", kind=ItemKind.TALK, starts_at=nine, minutes=20)
    Item.objects.create(
        session=hearing, title="Questions", kind=ItemKind.QUESTIONS, starts_at=nine + timedelta(minutes=20), minutes=20
    )
    (ask,) = put(conference, olive, (asked[0], make_expert(conference)))

    noted = domain.note_spoken(ask_id=ask.pk, actor=amine, at=nine + timedelta(minutes=19))
    assert noted.spoken_item == talk
    noted = domain.note_spoken(ask_id=ask.pk, actor=amine, at=nine + timedelta(minutes=50))
    assert noted.spoken_item is None
    domain.note_spoken(ask_id=ask.pk, actor=amine, at=None)

    ask.refresh_from_db()
    assert (ask.spoken_at, ask.spoken_item) == (None, None)
    assert verbs(conference)[-3:] == ["answer.spoken", "answer.spoken", "answer.not_spoken"]


def test_a_verdict_needs_an_answer_and_its_contradictor(
    conference: Conference, olive: User, amine: User, asked: list[KeyQuestion]
) -> None:
    expert, other = make_expert(conference), make_expert(conference)
    (ask,) = put(conference, olive, (asked[0], expert))
    with pytest.raises(DomainError):
        domain.give_verdict(ask_id=ask.pk, actor=amine, verdict=Verdict.EVADED)
    domain.note_spoken(ask_id=ask.pk, actor=amine, at=timezone.now())
    with pytest.raises(DomainError):
        domain.give_verdict(ask_id=ask.pk, actor=amine, verdict=Verdict.CONTRADICTED)

    domain.give_verdict(
        ask_id=ask.pk, actor=amine, verdict=Verdict.CONTRADICTED, contradicted_by=other, note="Chiffres."
    )
    ask.refresh_from_db()
    assert (ask.verdict, ask.contradicted_by, ask.verdict_note) == (Verdict.CONTRADICTED, other, "Chiffres.")
    domain.give_verdict(ask_id=ask.pk, actor=amine, verdict=Verdict.ANSWERED, contradicted_by=other)
    ask.refresh_from_db()
    assert (ask.verdict, ask.contradicted_by) == (Verdict.ANSWERED, None)  # nobody contradicts what is answered
    assert verbs(conference).count("answer.judged") == 2


# -- The matrix --------------------------------------------------------------------------------------------------------
def states(conference: Conference, *, public: bool = False) -> list[list[str]]:
    matrix = matrix_of(conference, domain.state_of(conference), public=public)
    return [[cell.state for cell in line.cells] for line in matrix.lines]


def test_the_cells_through_their_life(conference: Conference, olive: User, asked: list[KeyQuestion]) -> None:
    first, second = make_expert(conference, last_name="Abel"), make_expert(conference, last_name="Zoé")
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(asked[0].pk, first.pk)])
    assert states(conference) == [["planned"], [""], [""]]
    assert states(conference, public=True) == [[], [], []]  # what is not put yet is nobody's business

    ask, owed = put(conference, olive, (asked[0], first), (asked[1], second))
    assert states(conference) == [["asked", ""], ["", "asked"], ["", ""]]
    domain.hand_in(ask_id=ask.pk, expert=first, text="L’usager.")
    assert states(conference) == [["answered", ""], ["", "asked"], ["", ""]]
    assert states(conference, public=True) == [["asked", ""], ["", "asked"], ["", ""]]  # published together
    QuestionList.objects.filter(conference=conference).update(answers_due_at=in_days(-1))
    assert states(conference) == [["answered", ""], ["", "overdue"], ["", ""]]
    domain.publish_answers(conference_id=conference.pk, actor=olive)
    assert states(conference, public=True) == [["answered", ""], ["", "missing"], ["", ""]]
    answer(expert_id=second.pk, accepts=False)
    assert states(conference)[1] == ["", "missing"]
    assert states(conference, public=True) == [["answered"], [""], [""]]
    assert owed.answered_at is None
