"""Who opens which page of the experts’ records on the desk: every role on every page, tried."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from conference.enums import Role
from conference.models import Conference, Event, User
from experts.domain import claims, papers, photographs
from experts.enums import ExpertState
from experts.models import Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_expert
from tests.experts.test_desk import desk_url
from tests.experts.test_own_pages import receipt, slides
from tests.experts.test_record import picture
from tests.factories import add_member, make_conference

VIEW, MANAGE, COMMITTEE = "view", "manage", "committee"
DESK = {  # page: who opens it (GET), or acts there (POST)
    ("get", "experts"): VIEW,
    ("get", "expert"): VIEW,
    ("get", "photograph"): VIEW,
    ("get", "paper"): VIEW,
    ("get", "expert_add"): MANAGE,
    ("get", "expert_edit"): MANAGE,
    ("get", "scale"): MANAGE,
    ("post", "scale"): MANAGE,
    ("get", "stances"): MANAGE,
    ("post", "stances"): MANAGE,
    ("get", "availability"): MANAGE,
    ("post", "availability"): MANAGE,
    ("get", "photograph_set"): MANAGE,
    ("post", "photograph_remove"): MANAGE,
    ("get", "paper_add"): MANAGE,
    ("post", "paper_open"): MANAGE,
    ("post", "paper_remove"): MANAGE,
    ("get", "claims"): MANAGE,
    ("get", "claims_export"): MANAGE,
    ("get", "claim"): MANAGE,
    ("get", "receipt"): MANAGE,
    ("post", "claim_accept"): MANAGE,
    ("post", "claim_query"): MANAGE,
    ("post", "invite"): MANAGE,
    ("post", "opinion"): COMMITTEE,
    ("post", "opinion_take_back"): COMMITTEE,
}
MAY = {
    "organiser": {VIEW, MANAGE},
    "facilitator": {VIEW},
    "steering": {VIEW, COMMITTEE},
    "guarantor": {VIEW},
    "observer": {VIEW},
    "expert": set(),
    "citizen": set(),
    "stranger": set(),
    "public": set(),
}


@pytest.mark.parametrize("role", list(MAY))
@pytest.mark.parametrize(("method", "name"), list(DESK), ids=[" ".join(key) for key in DESK])
def test_every_role_on_every_page(
    conference: Conference, olive: User, otto: User, role: str, method: str, name: str
) -> None:
    expert = make_expert(conference, ExpertState.ACCEPTED)

    photographs.set_photograph(expert_id=expert.pk, file=picture(), actor=olive)
    paper = papers.hand_in(expert_id=expert.pk, title="Exposé", file=slides(), is_confidential=False)
    line = claims.add_expense(
        expert_id=expert.pk, day=dt.date(2026, 1, 5), label="Train", amount=Decimal(9), receipt=receipt()
    )
    keys: dict[str, list[object]] = {"receipt": [line.uuid]}
    keys |= {key: [] for key in ("experts", "expert_add", "scale", "claims", "claims_export")}
    keys |= {key: [paper.pk] for key in ("paper", "paper_open", "paper_remove")}
    client = _browser(role, conference, olive, otto, expert)
    before = Event.objects.count()
    response = getattr(client, method)(desk_url(name, conference, *keys.get(name, [expert.pk])))
    response.getvalue() if response.streaming else None
    if DESK[method, name] in MAY[role]:
        assert response.status_code in {200, 302, 422}
        return
    at_the_door = role in {"expert", "citizen", "public"}  # not signed in: asked to do so
    assert response.status_code == (302 if at_the_door else 404)
    assert Event.objects.count() == before
    if at_the_door:
        assert response["Location"].startswith("/accounts/login/")


def _browser(role: str, conference: Conference, olive: User, otto: User, expert: Expert) -> Client:
    if role == "organiser":
        return signed_in(olive)
    if role == "stranger":
        return signed_in(otto)
    if role == "expert":
        return browser_of(expert)
    if role in {"public", "citizen"}:
        return Client()
    return signed_in(add_member(conference, role=Role(role)))


def test_another_conferences_expert_is_a_stranger_here(conference: Conference, desk: Client) -> None:
    other = make_expert(make_conference())
    for name in ("expert", "claim", "stances", "availability"):
        assert desk.get(desk_url(name, conference, other.pk)).status_code == 404
