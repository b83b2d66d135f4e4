"""Waking the worker early. The row is the truth and the next minute's sweep would find it: a lost nudge costs a minute."""

import logging
import time

from django.db import transaction
from kombu.exceptions import OperationalError

from conference.celery import app

logger = logging.getLogger(__name__)

SPARE_SECONDS = 10.0  # after a failed try, web requests do not wait for a dead broker again for so long
_not_before = 0.0


def nudge(task: str, *args: int) -> None:
    """Start the named task once the transaction has committed, if the broker answers."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: str, args: tuple[int, ...]) -> None:
    global _not_before  # noqa: PLW0603 - one memory per process, on purpose
    if time.monotonic() < _not_before:
        return
    try:
        app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        _not_before = time.monotonic() + SPARE_SECONDS
        logger.warning("The broker does not answer (%s); %s waits for the next sweep.", type(error).__name__, task)
