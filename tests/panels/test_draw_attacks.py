"""Attacks on the ceremony: announcements that nobody sees, proofs taken away, and what clumsy hands type."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from conference.domain.conferences import hide
from conference.domain.errors import DomainError
from conference.links import make_token
from conference.models import Conference, User
from panels.domain import draws, registration
from panels.domain.draws import making
from panels.enums import Choosing, DrawState, Standing
from panels.models import Draw, DrawEntry, Volunteer
from tests.factories import make_conference, make_criterion, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_and_fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(making, "GREEDY_DRAWS", 40)
    with translation.override("en"):
        yield


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    made = make_conference(organiser, seats=15, alternates=3)
    make_criterion(made, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    for number in range(24):
        make_volunteer(made, {"Sexe": "Femme" if number % 2 else "Homme"})
    return made


def prepared(conference: Conference, organiser: User) -> Draw:
    return draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)


def committed(conference: Conference, organiser: User, **more: Any) -> Draw:
    told = {"choosing": Choosing.BALLS, "reveal_at": timezone.now(), **more}
    return draws.commit_draw(draw=prepared(conference, organiser), actor=organiser, **told)


# -- An announcement that nobody sees ----------------------------------------------------------------------------------
def test_nothing_is_announced_on_a_page_that_nobody_sees(conference: Conference, organiser: User) -> None:
    conference.is_published = False
    conference.save()
    draw = prepared(conference, organiser)

    with pytest.raises(DomainError, match="public page"):
        draws.commit_draw(draw=draw, actor=organiser, choosing=Choosing.BALLS, reveal_at=timezone.now())

    draw.refresh_from_db()
    assert draw.state == DrawState.PREPARED


@pytest.mark.parametrize("after", ["announced", "drawn", "withdrawn"])
def test_page_that_shows_an_announcement_is_not_hidden(conference: Conference, organiser: User, after: str) -> None:
    draw = committed(conference, organiser)
    if after == "drawn":
        draws.reveal_draw(draw=draw, actor=organiser, ticket=1)
    if after == "withdrawn":
        draws.withdraw_draw(draw=draw, actor=organiser, reason="I did not like it")

    with pytest.raises(DomainError, match="announced"):
        hide(conference_id=conference.pk, actor=organiser)

    conference.refresh_from_db()
    assert conference.is_published


# -- Clumsy hands ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Martinique"])
@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_moment_at_the_end_of_time_is_refused(conference: Conference, organiser: User, zone: str, at: str) -> None:
    conference.timezone = zone
    conference.save()
    draw = prepared(conference, organiser)
    client = Client(headers={"accept-language": "en"})
    client.force_login(organiser)

    answer = client.post(
        reverse("panels_desk:draw_commit", args=[conference.slug, draw.number]),
        {"choosing": "balls", "reveal_at": at, "confirm": "1"},
        follow=True,
    )

    draw.refresh_from_db()
    assert (answer.status_code, draw.state) == (422, DrawState.PREPARED)


TYPED = [
    "０４１",
    "٠٤١",
    "1e2",
    "-41",
    "+41",
    "0x1",
    "4_1",
    "041\x00",
    "9" * 41,
    "9" * 5000,
    "😀😀😀",
    "４１",
    "²²²",
    "<b>",
]


def test_digits_that_are_none_draw_nothing_and_break_nothing(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)
    client = Client(headers={"accept-language": "en"})
    client.force_login(organiser)
    page = reverse("panels_desk:draw_reveal", args=[conference.slug, draw.number])

    for typed in TYPED:
        looked = client.get(page, {"ticket": typed})
        assert (looked.status_code, looked.context.get("asked", "")) == (200, ""), typed
        assert client.post(page, {"ticket": typed, "witnesses": "x"}).status_code == 422, typed

    draw.refresh_from_db()
    assert draw.ticket is None


def test_weird_searches_and_numbers_find_nothing_and_break_nothing(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)
    draws.reveal_draw(draw=draw, actor=organiser, ticket=41, witnesses="<script>alert(1)</script>")
    draws.find_alternates(draw_id=draw.pk)
    client = Client(headers={"accept-language": "en"})
    page = reverse("panels:public_tickets", args=[conference.slug, draw.number])

    for typed in [*TYPED, "KT-٤٧", "kt\x0047", "KT" + "7" * 400, "ﬁ-1", "ß-1"]:
        for number in ["1", "0", "-1", "1e9", "9" * 5000, "\x00"]:
            assert client.get(page, {"q": typed, "page": number}).status_code == 200, (typed, number)
    for number in ["9" * 12, "9" * 30, "9" * 5000, "0"]:
        for end in ["", "tickets/", "bundle.json"]:
            assert client.get(f"/c/{conference.slug}/draw/{number}/{end}").status_code == 404
    assert b"<script>alert(1)" not in client.get(reverse("panels:public_draw", args=[conference.slug])).content


# -- Volunteers --------------------------------------------------------------------------------------------------------
def _link(volunteer: Volunteer) -> str:
    return make_token(registration.SCOPE, volunteer.uuid, volunteer.link_version)


def test_whoever_is_excluded_after_the_announcement_still_has_their_proof(
    conference: Conference, organiser: User
) -> None:
    """Otherwise an organiser could take a volunteer's means of proof away by deciding about them."""
    draw = committed(conference, organiser)
    entry = DrawEntry.objects.filter(draw=draw).select_related("volunteer").first()
    assert entry
    Volunteer.objects.filter(pk=entry.volunteer_id).update(standing=Standing.EXCLUDED)

    answer = Client().get(reverse("panels:registration_proof", args=[_link(entry.volunteer), draw.number]))

    assert answer.status_code == 200


def test_proofs_are_not_made_without_end(conference: Conference, organiser: User) -> None:
    """Each reads the whole bundle and hashes the whole pool."""
    draw = committed(conference, organiser)
    entry = DrawEntry.objects.filter(draw=draw).select_related("volunteer").first()
    assert entry
    page = reverse("panels:registration_proof", args=[_link(entry.volunteer), draw.number])

    codes = [Client().get(page).status_code for _ in range(40)]

    assert codes[:5] == [200] * 5
    assert codes[-1] == 429
