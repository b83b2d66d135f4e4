"""The cast: Olive organises one conference, Otto another; Irène is an expert of the first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from conference.enums import Role
from conference.models import Conference, User
from experts.enums import ExpertState
from experts.models import Expert
from tests.experts.factories import make_expert
from tests.factories import add_member, make_conference, make_user


@pytest.fixture(autouse=True)
def _files_of_one_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    """A request leaves its language behind in the thread: no test may depend on the one before."""
    with translation.override("fr"):
        yield


@pytest.fixture
def olive(db: None) -> User:
    return make_user(name="Olive")


@pytest.fixture
def conference(olive: User) -> Conference:
    return make_conference(olive)


@pytest.fixture
def otto(db: None) -> User:
    user = make_user(name="Otto")
    make_conference(user)
    return user


@pytest.fixture
def irene(conference: Conference) -> Expert:
    return make_expert(conference, ExpertState.INVITED, invited_at=conference.created_at)


@pytest.fixture
def desk(olive: User) -> Client:
    return signed_in(olive)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


READERS = (Role.FACILITATOR, Role.STEERING, Role.GUARANTOR, Role.OBSERVER)


@pytest.fixture(params=READERS, ids=[role.value for role in READERS])
def reader(request: pytest.FixtureRequest, conference: Conference) -> Client:
    """Each role that may look at experts and change nothing, in turn."""
    return signed_in(add_member(conference, role=request.param))
