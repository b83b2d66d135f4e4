"""The draw in the cockpit: before, during, after, and again."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.enums import Role
from conference.models import Conference, User
from panels.domain import draws, invitations
from panels.enums import DrawState
from panels.figures import chance_bars, quota_groups
from panels.models import Draw, Identity, Value
from tests.factories import add_member, make_conference, make_criterion, make_drawn, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def url(name: str, conference: Conference, *args: Any) -> str:
    return reverse(f"panels_desk:{name}", args=[conference.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def filled(organiser: User, *, women: int = 12, men: int = 12) -> Conference:
    """A conference with a pool, ready to be drawn: 15 seats, 7 or 8 of each."""
    conference = make_conference(organiser, seats=15, alternates=3)
    make_criterion(conference, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    for number in range(women + men):
        make_volunteer(conference, {"Sexe": "Femme" if number < women else "Homme"})
    return conference


# -- Before ------------------------------------------------------------------------------------------------------------
def test_ready_pool_offers_the_draw(organiser: User) -> None:
    conference = filled(organiser)

    page = client_of(organiser).get(url("draw", conference))

    assert "a panel of 15 that meets every quota exists among 24 volunteers" in words(page)
    assert f'action="{url("draw_start", conference)}"' in page.content.decode()


def test_quotas_that_cannot_be_met_are_explained_with_the_smallest_change(organiser: User) -> None:
    conference = filled(organiser, women=5, men=20)

    page = words(client_of(organiser).get(url("draw", conference)))

    assert "Sexe, Femme: at least 7 are asked for, and 5 can sit on the panel." in page
    assert "Sexe, Femme: at least 5 instead of 7" in page
    assert "Sexe, Homme: at most 10 instead of 8" in page
    assert "The least likely would then have a chance of 50.0 %." in page


def test_volunteers_without_any_chance_are_named_by_reference(organiser: User) -> None:
    conference = filled(organiser)
    Value.objects.create(criterion=conference.criteria.get(), name="Autre", minimum=0, maximum=0, position=2)
    shut_out = make_volunteer(conference, {"Sexe": "Autre"})

    page = words(client_of(organiser).get(url("draw", conference)))

    assert f"1 volunteer has no chance: no panel that meets the quotas can hold them. {shut_out.reference}" in page


def test_empty_conference_is_told_what_comes_first(organiser: User) -> None:
    page = client_of(organiser).get(url("draw", make_conference(organiser)))

    assert "No criteria yet." in words(page)
    assert "Define the criteria" in words(page)


def test_opening_the_address_of_the_button_prepares_nothing(organiser: User) -> None:
    conference = filled(organiser)
    client = client_of(organiser)

    answers = [client.get(url("draw_start", conference)), client.head(url("draw_start", conference))]

    assert [answer.headers["Location"] for answer in answers] == [url("draw", conference)] * 2
    assert Draw.objects.count() == 0


def test_one_click_prepares_one_draw_and_a_second_none(organiser: User) -> None:
    conference = filled(organiser)
    client = client_of(organiser)

    pages = [client.post(url("draw_start", conference), follow=True) for _ in range(2)]

    assert Draw.objects.get().state == DrawState.WAITING
    assert "The draw waits for a free worker." in words(pages[0])
    assert "A draw is being prepared already." in words(pages[1])


# -- During ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def running(organiser: User) -> Draw:
    draw = draws.prepare_draw(conference=filled(organiser), actor=organiser)
    Draw.objects.filter(pk=draw.pk).update(state=DrawState.RUNNING, progress=42, progress_note="composing panels")
    return draw


def test_progress_tells_how_far_until_it_is_done(organiser: User, running: Draw) -> None:
    client = client_of(organiser)
    address = url("draw_progress", running.conference, running.number)

    before = client.get(address)
    Draw.objects.filter(pk=running.pk).update(state=DrawState.WAITING)
    draws.run_draw(draw_id=running.pk)
    after = client.get(address)

    assert "Panels that meet every quota are being composed." in words(before)
    assert 'value="42"' in before.content.decode()
    assert ["data-progress-done" in page.content.decode() for page in (before, after)] == [False, True]


def test_running_draw_can_be_stopped(organiser: User, running: Draw) -> None:
    client_of(organiser).post(url("draw_stop", running.conference, running.number))

    assert Draw.objects.get().state == DrawState.CANCELLED


def test_finished_draw_cannot_be_stopped(organiser: User) -> None:
    conference, draw = make_drawn(organiser)

    page = client_of(organiser).post(url("draw_stop", conference, draw.number), follow=True)

    assert "it cannot be stopped any more" in words(page)
    assert Draw.objects.get().state == DrawState.DONE


# -- After -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.ORGANISER, True),
        (Role.GUARANTOR, True),
        (Role.FACILITATOR, True),
        (Role.OBSERVER, False),
        (Role.STEERING, False),
    ],
)
def test_names_are_for_those_who_may_see_people(organiser: User, role: Role, names: bool) -> None:
    conference, draw = make_drawn(organiser)
    seated = draw.entries.filter(place="panel").select_related("volunteer__identity")[0].volunteer
    Identity.objects.filter(volunteer=seated).update(last_name="Vaubernier")

    page = words(client_of(add_member(conference, role=role)).get(url("draw", conference)))

    assert (seated.reference in page, "Vaubernier" in page) == (True, names)


@pytest.mark.parametrize("seats", [1, 3])
def test_result_takes_the_same_queries_whatever_the_panel(organiser: User, seats: int) -> None:
    conference, _draw = make_drawn(organiser, seats=seats)
    client = client_of(organiser)

    with CaptureQueriesContext(connection) as queries:
        client.get(url("draw", conference))

    assert len(queries) == 10


# -- Again -------------------------------------------------------------------------------------------------------------
def test_drawing_again_needs_a_written_reason(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    client = client_of(organiser)

    refused = client.post(url("draw_start", conference), {"reason": "  "})
    assert (refused.status_code, Draw.objects.count()) == (422, 1)
    client.post(url("draw_start", conference), {"reason": "Une colonne du fichier était décalée."})

    assert list(Draw.objects.order_by("number").values_list("state", "reason")) == [
        (DrawState.SUPERSEDED, ""),
        (DrawState.WAITING, "Une colonne du fichier était décalée."),
    ]


def test_drawing_again_is_refused_once_invitations_were_made(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    invitations.invite_panel(conference=conference, actor=organiser)
    client = client_of(organiser)

    assert client.get(url("draw_start", conference)).status_code == 302
    page = client.post(url("draw_start", conference), {"reason": "Le panel ne plaît pas."}, follow=True)

    assert "it is final" in words(page)
    assert Draw.objects.count() == 1


# -- Figures -----------------------------------------------------------------------------------------------------------
def test_bars_hold_every_volunteer_once_and_none_above_the_drawing() -> None:
    chances = [0.0, 0.05, 0.0999999, 0.1, 0.1, 1.0]

    bars = chance_bars(chances)

    assert sum(bar.count for bar in bars) == len(chances)
    assert [(bar.low, bar.count) for bar in bars if bar.count] == [(0.0, 3), (10.0, 2), (90.0, 1)]
    assert min(bar.y for bar in bars) == 20


def test_bars_of_equal_chances_are_one_bar() -> None:
    assert [bar.count for bar in chance_bars([0.1] * 150) if bar.count] == [150]


def test_quotas_are_read_from_the_record_of_the_draw() -> None:
    problem = {
        "quotas": [
            {"feature": "Sexe", "value": "Femme", "min": 1, "max": 2},
            {"feature": "Sexe", "value": "Homme", "min": 0, "max": 1},
        ],
        "people": [
            {"id": "V-1", "values": {"Sexe": "Femme"}},
            {"id": "V-2", "values": {"Sexe": "Homme"}},
            {"id": "V-3", "values": {"Sexe": "Femme"}},
        ],
    }

    (feature,) = quota_groups(problem, {"V-1", "V-3"}, labels={("Sexe", ""): "Sex"}, shares={("Sexe", "Femme"): 0.52})

    assert feature.name == "Sex"
    assert [(value.label, value.panel, value.pool, value.population_share) for value in feature.values] == [
        ("Femme", 2, 2, 0.52),
        ("Homme", 0, 1, None),
    ]
