"""The address of an expert's calendar: it opens the calendar and nothing else, and dies with their link."""

import pytest
import vobject
from django.test import Client
from django.urls import reverse

from conference.links import absolute, make_token
from conference.models import Conference, User
from experts.domain.experts import answer, renew_link
from experts.feeds import feed_token
from experts.models import Expert
from tests.experts.factories import browser_of, link, make_expert, make_part
from tests.factories import make_session

pytestmark = pytest.mark.django_db


def statuses(expert: Expert, token: str = "") -> list[str]:
    response = Client().get(reverse("expert_feeds:expert", args=[token or feed_token(expert)]))
    assert response.status_code == 200
    return [event.status.value for event in getattr(vobject.readOne(response.text), "vevent_list", [])]


def test_the_feed_holds_their_sessions_and_cancels_them_when_they_withdraw(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    make_session(conference)
    make_part(expert, make_session(conference))
    assert statuses(expert) == ["CONFIRMED"]
    answer(expert_id=expert.pk, accepts=False, actor=olive, reason="Au téléphone")
    assert statuses(expert) == ["CANCELLED"]


def test_a_new_link_ends_the_old_address(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    old = feed_token(expert)
    renew_link(expert_id=expert.pk, actor=olive)
    assert Client().get(reverse("expert_feeds:expert", args=[old])).status_code == 404


def test_neither_token_opens_what_the_other_does(conference: Conference) -> None:
    expert = make_expert(conference)
    page = make_token("expert", expert.uuid, expert.link_version)
    assert Client().get(reverse("expert_feeds:expert", args=[page])).status_code == 404
    assert Client().get(reverse("experts:link", args=[feed_token(expert)])).status_code == 404
    assert Client().get(link(expert)).status_code == 302
    assert Client().post(reverse("expert_feeds:expert", args=[feed_token(expert)])).status_code == 405


@pytest.mark.parametrize("page", ["experts:briefing", "experts:speaking"])
def test_their_pages_say_the_address_once_they_have_a_date(conference: Conference, page: str) -> None:
    expert, other = make_expert(conference), make_expert(conference)
    address = absolute(reverse("expert_feeds:expert", args=[feed_token(expert)]))
    assert address not in browser_of(expert).get(reverse(page)).text
    for one in (expert, other):
        make_part(one, make_session(conference))
    assert address in browser_of(expert).get(reverse(page)).text
    assert address not in browser_of(other).get(reverse(page)).text
