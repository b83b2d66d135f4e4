"""What somebody tries who means no good, on the pages of experts and their questions."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from conference.models import Conference, User
from experts.domain import questions as domain
from experts.enums import ClaimState, ExpertState
from experts.models import Ask, Claim, Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, link, make_expert
from tests.experts.test_own_pages import CODE, TRAVEL, unlocked
from tests.experts.test_questions import put
from tests.factories import make_session

pytestmark = pytest.mark.django_db

# Python calls these digits, but the first is no number, and the last is too long to become one.
NO_NUMBERS = ["²", "9" * 5000]


@pytest.fixture
def ask(conference: Conference, olive: User) -> Ask:
    question = domain.add_question(conference_id=conference.pk, actor=olive, text="Qui paie ?")
    return put(conference, olive, (question, make_expert(conference)))[0]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=["superscript", "endless"])
def test_a_digit_that_is_no_number_is_no_expert(conference: Conference, ask: Ask, olive: User, number: str) -> None:
    page = reverse("questions:public", args=[conference.slug])
    assert Client().get(page, {"expert": number}).status_code == 200

    grid = reverse("questions:assign", args=[conference.slug])
    assert signed_in(olive).post(grid, {"pair": [f"{number}-{ask.expert_id}"]}).status_code == 302
    assert list(Ask.objects.all()) == [ask]

    make_session(conference)
    form = reverse("programme:item_add", args=[conference.slug])
    assert signed_in(olive).get(form, {"session": number}).status_code == 200


@pytest.mark.parametrize("state", [ExpertState.DECLINED, ExpertState.WITHDRAWN])
def test_whoever_does_not_come_answers_no_question(ask: Ask, state: ExpertState) -> None:
    expert = ask.expert
    client = browser_of(expert)
    Expert.objects.filter(pk=expert.pk).update(state=state)

    for act in ("save", "hand_in"):
        client.post(reverse("experts_questions:answer", args=[ask.pk]), {"text": "Le voisin paie.", act: ""})

    ask.refresh_from_db()
    assert (ask.draft, ask.answer, ask.answered_at) == ("", "", None)


@pytest.mark.parametrize("state", [ExpertState.INVITED, ExpertState.DECLINED])
def test_nobody_signs_for_a_fee_before_they_have_accepted(conference: Conference, state: ExpertState) -> None:
    expert = make_expert(conference, state, fee=Decimal(400))

    unlocked(expert).post(reverse("experts:sign"), {"name": "Irène"})

    assert not Claim.objects.filter(state=ClaimState.SIGNED).exists()


def test_closing_the_page_on_a_shared_computer_asks_for_the_code_again(conference: Conference) -> None:
    expert = make_expert(conference)
    client = unlocked(expert)
    assert client.get(TRAVEL).status_code == 200

    client.post(reverse("experts:leave"))
    client.get(link(expert))

    assert client.get(TRAVEL)["Location"].startswith(CODE)


def test_no_programme_begins_on_the_last_day_of_all(conference: Conference, olive: User) -> None:
    page = reverse("programme:lay", args=[conference.slug])
    response = signed_in(olive).post(page, {"template": "danish", "first_day": "9999-12-31"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["first_day"])
