"""What the panel refuses to the settings."""

import pytest

from conference.domain.conferences import change_conference
from conference.domain.errors import DomainError
from tests.factories import make_conference, make_drawn, make_user

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
