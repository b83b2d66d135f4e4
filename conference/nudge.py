"""Waking the worker early. The row is the truth and the next minute's sweep would find it: a lost nudge costs a minute."""

import logging
import time
from dataclasses import dataclass

from django.db import transaction
from kombu.exceptions import OperationalError

from conference.celery import app

logger = logging.getLogger(__name__)

SPARE_SECONDS = 10.0  # after a failed try, web requests do not wait for a dead broker again for so long
_not_before = 0.0


@dataclass(frozen=True, slots=True)
class _Nudge:
    task: str
    args: tuple[int, ...]

    def __call__(self) -> None:
        _send(self.task, self.args)


def nudge(task: str, *args: int) -> None:
    """Start the named task once the transaction has committed, if the broker answers. A thousand rows, one nudge."""
    wanted = _Nudge(task, args)
    waiting = transaction.get_connection().run_on_commit  # what a rolled-back savepoint had asked for is not in it
    if not any(entry[1] == wanted for entry in waiting):
        transaction.on_commit(wanted)


def _send(task: str, args: tuple[int, ...]) -> None:
    global _not_before  # noqa: PLW0603 - one memory per process, on purpose
    if time.monotonic() < _not_before:
        return
    try:
        app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        _not_before = time.monotonic() + SPARE_SECONDS
        logger.warning("The broker does not answer (%s); %s waits for the next sweep.", type(error).__name__, task)
