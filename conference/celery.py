"""The Celery application. Tasks take ids, call a domain function, and are harmless when run twice."""

import os
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

app = Celery("conference")
app.config_from_object("conference.settings:CELERY")
app.autodiscover_tasks(["conference", "conference.mail", "panels", "experts"])


@beat_init.connect
def tick_at_once(**_kwargs: Any) -> None:
    """A beat that has just started would otherwise say nothing for a minute."""
    for task in ("conference.mail.tasks.tick", "panels.tasks.sweep"):
        with suppress(OperationalError, OSError):
            app.send_task(task, retry=False)


@worker_ready.connect
def look_at_once(**_kwargs: Any) -> None:
    """What waited for a worker does not wait for the next minute."""
    with suppress(OperationalError, OSError):
        app.send_task("conference.mail.tasks.dispatch", retry=False)
