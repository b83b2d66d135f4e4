"""Fixtures of the trials: servers of their own, and the test's own view of their database."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.faults.own_database import looking_at
from tests.faults.stack import FaultStack, fault_stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in item.path.parts:
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def fault_servers() -> Iterator[FaultStack]:
    with fault_stack() as stack:
        yield stack


@pytest.fixture
def stack(fault_servers: FaultStack, django_db_blocker: DjangoDbBlocker) -> Iterator[FaultStack]:
    """The servers, empty, with Django's default connection of this process turned to them."""
    with django_db_blocker.unblock(), looking_at(fault_servers):
        try:
            yield fault_servers
        finally:
            for program in fault_servers.programs:  # shown where the test fails
                print(f"--- {program.log.name}\n{program.said()[-2000:]}")
            fault_servers.end_programs()
