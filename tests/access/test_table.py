"""Who may do what, page by page: every address, nine kinds of visitor, looking and acting.

What is written in ``table.txt`` is what happens: a page that is not in it, or a cell that changes, fails here and is
looked at by a person. To write the table anew: ``CONCITOYEN_WRITE_TABLE=1 pytest tests/access``.

Each cell is the answer's status; "in" stands for the way to sign in. Acting is a POST without a single field, so that
what is allowed shows its form again (200), is done (302), or says what is missing (400, 409).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from conference.enums import Role
from conference.links import make_token
from conference.models import Conference, Membership, User
from experts.enums import ExpertState
from experts.models import Expert
from panels.enums import InvitationState
from panels.models import Invitation
from tests.access.pages import Page, World, pages

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("table.txt")
VISITORS = ("organiser", "facilitator", "steering", "guarantor", "observer", "expert", "citizen", "public", "stranger")
METHODS = ("GET", "POST")
TEAM = VISITORS[:5]
type Cells = dict[tuple[str, str], list[str]]


def _member(conference: Conference, role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Membership.objects.filter(conference=conference, role=role)[0].user)
    return client


def _by_link(name: str, token: str) -> Client:
    client = Client(raise_request_exception=False)
    assert client.get(reverse(name, args=[token])).status_code == 302
    return client


def _visitors(conference: Conference) -> dict[str, Client]:
    expert = Expert.objects.filter(conference=conference, state=ExpertState.ACCEPTED)[0]
    invitation = Invitation.objects.filter(conference=conference, state=InvitationState.ACCEPTED)[0]
    other = User.objects.create_user("stranger@example.org", "a password that is long")
    stranger = Client(raise_request_exception=False)
    stranger.force_login(other)
    return {
        "organiser": _member(conference, Role.ORGANISER),
        "facilitator": _member(conference, Role.FACILITATOR),
        "steering": _member(conference, Role.STEERING),
        "guarantor": _member(conference, Role.GUARANTOR),
        "observer": _member(conference, Role.OBSERVER),
        "expert": _by_link("experts:link", make_token("expert", expert.uuid, expert.link_version)),
        "citizen": _by_link("panels:invitation_link", make_token("invitation", invitation.uuid, invitation.version)),
        "public": Client(raise_request_exception=False),
        "stranger": stranger,
    }


def _answer(client: Client, method: str, path: str) -> str:
    """What comes back; whatever it changed is undone."""
    cache.clear()  # limits on how often one may ask are another test's business
    with transaction.atomic():
        response: Any = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        if response.streaming:
            b"".join(response.streaming_content)  # to the end: the file is closed
        transaction.set_rollback(True)
    if response.status_code == 302 and "/accounts/login/" in response.headers["Location"]:
        return "in"
    return str(response.status_code)


@pytest.fixture(scope="module")
def cells(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cells]:
    """Every cell, tried on the demo; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        conference = Conference.objects.get(slug="eaux-usees")
        visitors = _visitors(conference)
        yield {
            (page.name, method): [_answer(visitors[visitor], method, page.path) for visitor in VISITORS]
            for page in pages(World(conference))
            for method in METHODS
        }
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def addresses(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Page]:
    with django_db_blocker.unblock():
        return pages(World(Conference(slug="eaux-usees", pk=0)))


def written() -> Cells:
    found: Cells = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, method, *row = line.split()
            found[name, method] = row
    return found


def write(cells: Cells) -> None:
    width = max(len(name) for name, _method in cells)
    head = f"# {'page':<{width - 2}} method " + " ".join(f"{visitor[:6]:<6}" for visitor in VISITORS)
    rows = [
        f"{name:<{width}} {method:<6} " + " ".join(f"{cell:<6}" for cell in row)
        for (name, method), row in cells.items()
    ]
    TABLE.write_text("\n".join([head, *(row.rstrip() for row in rows)]) + "\n")


def test_every_cell_is_as_it_is_written(cells: Cells) -> None:
    if os.environ.get("CONCITOYEN_WRITE_TABLE") == "1":
        write(cells)
    expected = written()
    differing = {key: (expected.get(key), row) for key, row in cells.items() if expected.get(key) != row}
    assert differing == {}
    assert expected.keys() == cells.keys()


def test_no_page_breaks(cells: Cells) -> None:
    assert {key: row for key, row in cells.items() if any(cell.startswith("5") for cell in row)} == {}


def desk(cells: Cells, addresses: list[Page], method: str) -> dict[str, dict[str, str]]:
    names = {page.name for page in addresses if page.is_desk}
    return {
        name: dict(zip(VISITORS, row, strict=True))
        for (name, its_method), row in cells.items()
        if name in names and its_method == method
    }


@pytest.mark.parametrize("method", METHODS)
def test_nobody_from_outside_opens_a_page_of_the_cockpit(cells: Cells, addresses: list[Page], method: str) -> None:
    """Whatever the table says: who has no account is sent to sign in, who has no role finds nothing."""
    for name, row in desk(cells, addresses, method).items():
        assert {row["stranger"]} <= {"404", "405"}, name
        assert {row["expert"], row["citizen"], row["public"]} <= {"in", "405"}, name


# What the others may do besides looking. Read line by line: an act that a role gains by mistake is not in here. Everybody
# may have a text measured, which keeps nothing.
ACTS: dict[str, frozenset[str]] = {
    "facilitator": frozenset(
        {
            "attendance:close",
            "attendance:correct",
            "attendance:roll",
            "attendance:sync",
            "board:wish_add",
            "board:wish_edit",
            "board:wish_remove",
            "information:sheet_tick",
            "plain:desk",
            "questions:cell",
            "questions:edit",
            "questions:freeze",
            "questions:move",
            "questions:questions",
            "questions:remove",
            "questions:spoken",
        }
    ),
    "steering": frozenset(
        {"board:sign", "experts_desk:opinion", "experts_desk:opinion_take_back", "information:sheet_sign", "plain:desk"}
    ),
    "guarantor": frozenset({"plain:desk"}),
    "observer": frozenset({"plain:desk"}),
}


@pytest.mark.parametrize("role", ACTS)
def test_a_role_acts_only_where_its_work_is(cells: Cells, addresses: list[Page], role: str) -> None:
    done = {name for name, row in desk(cells, addresses, "POST").items() if row[role] not in {"404", "405", "403"}}
    assert done == ACTS[role]


def test_citizens_and_experts_open_their_own_pages_only(cells: Cells) -> None:
    for (name, method), row in cells.items():
        of = dict(zip(VISITORS, row, strict=True))
        if name.startswith(("experts:", "experts_questions:")) and method == "GET":
            assert of["citizen"] == of["public"], name
        if name in {"panels:invitation", "panels:needs", "attendance:own"} and method == "GET":
            assert of["citizen"] == "200", name
            assert of["expert"] == of["public"], name
