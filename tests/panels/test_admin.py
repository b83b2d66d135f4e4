"""The panel's records in the admin: those of one's own conferences, for roles that may see them, and read only."""

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.enums import Role
from conference.models import Conference, User
from panels.domain import invitations
from panels.models import Criterion, Draw, Identity, Invitation, PoolImport, Volunteer
from tests.factories import add_member, make_drawn, make_user

pytestmark = pytest.mark.django_db

MODELS = [Criterion, Draw, Invitation, PoolImport, Volunteer]
PEOPLE = {Invitation, PoolImport, Volunteer}


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    conference, _draw = make_drawn(organiser)
    invitations.invite_panel(conference=conference, actor=organiser)
    PoolImport.objects.create(conference=conference, filename="vivier.csv", uploaded_by=organiser)
    return conference


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def record(model: type[models.Model]) -> models.Model:
    return model._default_manager.order_by("pk")[0]


def listing(model: type[models.Model]) -> str:
    return reverse(f"admin:panels_{model._meta.model_name}_changelist")


def change(model: type[models.Model]) -> str:
    return reverse(f"admin:panels_{model._meta.model_name}_change", args=[record(model).pk])


@pytest.mark.parametrize("model", MODELS)
def test_organiser_reads_the_records(conference: Conference, organiser: User, model: type[models.Model]) -> None:
    client = client_of(organiser)

    assert [client.get(page).status_code for page in (listing(model), change(model))] == [200, 200]


@pytest.mark.parametrize("model", MODELS)
def test_organiser_of_another_conference_finds_no_record(conference: Conference, model: type[models.Model]) -> None:
    stranger = make_user()
    make_drawn(stranger)
    client = client_of(stranger)

    page = client.get(listing(model)).content.decode()

    assert f"/{record(model).pk}/change/" not in page
    assert client.get(change(model)).status_code == 302  # to the index, as for a record that does not exist


@pytest.mark.parametrize("model", MODELS)
def test_superuser_without_a_role_finds_no_record(conference: Conference, model: type[models.Model]) -> None:
    client = client_of(make_user(is_superuser=True))

    assert client.get(listing(model)).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_observer_sees_no_people(conference: Conference, model: type[models.Model]) -> None:
    client = client_of(add_member(conference, role=Role.OBSERVER))

    assert client.get(listing(model)).status_code == (403 if model in PEOPLE else 200)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_changed_here(conference: Conference, organiser: User, model: type[models.Model]) -> None:
    client = client_of(organiser)
    delete = reverse(f"admin:panels_{model._meta.model_name}_delete", args=[record(model).pk])
    add = reverse(f"admin:panels_{model._meta.model_name}_add")

    assert [client.post(page, {"post": "yes"}).status_code for page in (change(model), delete, add)] == [403, 403, 403]
    assert model._default_manager.filter(pk=record(model).pk).exists()


def test_volunteer_shows_who_they_are(conference: Conference, organiser: User) -> None:
    Identity.objects.filter(volunteer=record(Volunteer).pk).update(last_name="Vaubernier")

    page = client_of(organiser).get(change(Volunteer)).content.decode()

    assert "Vaubernier" in page


@pytest.mark.parametrize("model", [Volunteer, Invitation])
def test_lists_take_the_same_queries_whatever_their_length(model: type[models.Model]) -> None:
    numbers = []
    for seats in (1, 3):
        organiser = make_user()
        conference, _draw = make_drawn(organiser, seats=seats, alternates=0, others=0)
        invitations.invite_panel(conference=conference, actor=organiser)
        client = client_of(organiser)
        with CaptureQueriesContext(connection) as queries:
            client.get(listing(model))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
