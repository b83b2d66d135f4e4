"""What the panel refuses to the settings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conference.domain.conferences import change_conference
from conference.domain.errors import DomainError
from panels.domain.draws import commit_draw, prepare_draw, run_draw
from panels.enums import Choosing
from tests.factories import make_conference, make_criterion, make_drawn, make_user, make_volunteer

pytestmark = pytest.mark.django_db


def test_the_number_of_seats_cannot_change_under_a_drawn_panel() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)

    with pytest.raises(DomainError):
        change_conference(conference_id=conference.pk, actor=organiser, fields={"seats": 18})

    conference.refresh_from_db()
    assert conference.seats == 15


def test_the_number_of_seats_may_change_before_the_draw() -> None:
    organiser = make_user()
    conference = make_conference(organiser)

    change_conference(conference_id=conference.pk, actor=organiser, fields={"seats": 16})

    conference.refresh_from_db()
    assert conference.seats == 16


def test_announcing_a_draw_closes_the_registration_and_preparing_it_does_not() -> None:
    organiser = make_user()
    conference = make_conference(organiser, seats=15, registration_opens=timezone.now() - timedelta(days=1))
    make_criterion(conference, "Sexe", [("Femme", 0, 15), ("Homme", 0, 15)])
    for number in range(16):
        make_volunteer(conference, {"Sexe": "Femme" if number % 2 else "Homme"})

    draw = run_draw(draw_id=prepare_draw(conference=conference, actor=organiser).pk)
    conference.refresh_from_db()
    assert conference.registration_is_open() is True
    commit_draw(draw=draw, actor=organiser, choosing=Choosing.DICE, reveal_at=timezone.now())

    conference.refresh_from_db()
    assert conference.registration_is_open() is False
