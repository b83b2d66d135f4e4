"""Two acts on the citizens' questions at the same moment. Real threads, real connections, real locks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, User
from experts.domain import questions as domain
from experts.models import Ask, KeyQuestion
from tests.experts.factories import make_expert
from tests.panels.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_questions_typed_at_once_get_two_numbers(conference: Conference, olive: User) -> None:
    add = domain.add_question

    outcomes = at_once(
        lambda: add(conference_id=conference.pk, actor=olive, text="Qui paie ?"),
        lambda: add(conference_id=conference.pk, actor=olive, text="Qui décide ?"),
        lambda: domain.freeze(conference_id=conference.pk, actor=olive),
    )

    numbers = list(KeyQuestion.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert outcomes.count("done") >= 1


def test_a_double_click_puts_the_questions_once(conference: Conference, olive: User) -> None:
    question = domain.add_question(conference_id=conference.pk, actor=olive, text="Qui paie ?")
    expert = make_expert(conference)
    domain.freeze(conference_id=conference.pk, actor=olive)
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(question.pk, expert.pk)])
    due = timezone.now() + timedelta(days=20)

    outcomes = at_once(*[lambda: domain.put(conference_id=conference.pk, actor=olive, due_at=due)] * 4)

    assert outcomes == ["DomainError"] * 3 + ["done"]
    assert Message.objects.filter(kind=Kind.QUESTIONS_ASKED).count() == 1
    assert Message.objects.filter(kind=Kind.ANSWERS_DUE).count() == 2


def test_an_answer_handed_in_while_all_are_published_is_in_or_out(conference: Conference, olive: User) -> None:
    question = domain.add_question(conference_id=conference.pk, actor=olive, text="Qui paie ?")
    early, late = make_expert(conference), make_expert(conference)
    domain.freeze(conference_id=conference.pk, actor=olive)
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(question.pk, one.pk) for one in (early, late)])
    domain.put(conference_id=conference.pk, actor=olive, due_at=timezone.now() + timedelta(days=20))
    domain.hand_in(ask_id=Ask.objects.get(expert=early).pk, expert=early, text="L’usager.")
    owed = Ask.objects.get(expert=late)

    outcomes = at_once(
        lambda: domain.publish_answers(conference_id=conference.pk, actor=olive),
        lambda: domain.hand_in(ask_id=owed.pk, expert=late, text="L’impôt."),
    )

    owed.refresh_from_db()
    assert (outcomes, owed.answer) in [(["done", "done"], "L’impôt."), (["DomainError", "done"], "")]
