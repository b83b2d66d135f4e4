"""The cast: Olive organises one conference, Otto another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from conference.models import Conference, User
from tests.factories import make_conference, make_user


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
    return make_user(name="Olive", language="en")


@pytest.fixture
def conference(olive: User) -> Conference:
    return make_conference(olive)


@pytest.fixture
def otto(db: None) -> User:
    user = make_user(name="Otto")
    make_conference(user)
    return user


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def desk(olive: User, conference: Conference) -> Client:
    return signed_in(olive)
