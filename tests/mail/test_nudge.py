"""Waking the worker: an accelerator that no page may wait for."""

import time
from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.db import transaction
from redis import Redis

from conference import nudge, settings
from conference.mail.domain.outbox import DISPATCH
from conference.mail.tasks import dispatch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge, "_not_before", 0.0)


def celery_on(url: str) -> Celery:
    found = Celery("of-this-test")
    found.config_from_object({**settings.CELERY, "broker_url": url})
    return found


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many tasks wait in the mail queue; on a database of the broker where no worker of another test listens."""
    url = django_settings.REDIS_URL.rsplit("/", 1)[0] + "/15"
    monkeypatch.setattr(nudge, "app", celery_on(url))
    with Redis.from_url(url) as broker:
        broker.flushdb()
        yield lambda: len(list(broker.lrange("mail", 0, -1)))
        broker.flushdb()


def test_the_nudge_names_the_task_that_is_there() -> None:
    assert dispatch.name == DISPATCH


def test_the_worker_is_woken_once_the_transaction_has_committed(queue: Callable[[], int]) -> None:
    with transaction.atomic():
        nudge.nudge(DISPATCH)
        assert queue() == 0

    assert queue() == 1


def test_a_transaction_that_is_taken_back_wakes_nobody(queue: Callable[[], int]) -> None:
    with transaction.atomic():
        nudge.nudge(DISPATCH)
        transaction.set_rollback(True)

    assert queue() == 0


def test_a_transaction_that_writes_many_messages_wakes_the_worker_once(queue: Callable[[], int]) -> None:
    with transaction.atomic():
        for _number in range(100):
            nudge.nudge(DISPATCH)
        nudge.nudge("panels.tasks.run_draw", 1)  # other work is asked for by itself

    assert queue() == 1


def test_what_a_savepoint_asked_for_and_lost_can_be_asked_for_again(queue: Callable[[], int]) -> None:
    with transaction.atomic():
        savepoint = transaction.savepoint_create()
        nudge.nudge(DISPATCH)
        transaction.savepoint_rollback(savepoint)
        nudge.nudge(DISPATCH)

    assert queue() == 1


def test_a_dead_broker_costs_no_error_and_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge, "app", celery_on("redis://127.0.0.1:9/0"))
    start = time.monotonic()

    for _number in range(20):
        nudge.nudge(DISPATCH)

    assert time.monotonic() - start < 3
