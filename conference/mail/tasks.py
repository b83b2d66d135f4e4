"""The outbox's tasks. The database says what is due; running them twice, or at once, sends nothing twice."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from types import FrameType
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down
from django.utils import timezone

from conference.mail.domain import delivery, retention
from conference.mail.domain.health import TICK
from conference.mail.domain.pause import beat

RUN_SECONDS = 45.0  # then another run goes on: no task lasts so long that the broker would deliver it again

_worker_ends: list[Event] = []  # at most one; made before the worker's children, who inherit it


@worker_init.connect
def _prepare_to_end(**_kwargs: Any) -> None:
    _worker_ends[:] = [multiprocessing.Event()]


@worker_shutting_down.connect
def _end(**_kwargs: Any) -> None:
    for event in _worker_ends:
        event.set()


@contextmanager
def told_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether the worker is to end. Its children are ended by SIGTERM, which waits here until a message is through."""
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: any(event.is_set() for event in _worker_ends)
        return
    before = signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: bool(came) or any(event.is_set() for event in _worker_ends)
    finally:
        signal.signal(signal.SIGTERM, before)
        if came:
            os.kill(os.getpid(), signal.SIGTERM)


@shared_task
def dispatch() -> None:
    with told_to_stop() as stop:
        delivery.dispatch(seconds=RUN_SECONDS, stop=stop)


@shared_task
def tick() -> None:
    """Every minute, asked for by beat alone: so a beat that is dead is seen, however busy people are."""
    beat(TICK, timezone.now())
    dispatch()


@shared_task
def erase_old_texts() -> None:
    """Every hour: words and addresses that have been kept for long enough."""
    retention.erase_texts(timezone.now())
