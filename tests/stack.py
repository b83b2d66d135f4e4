"""The real worker, beat, mail catcher and web server, run by the tests against the test database."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conference.celery import app
from conference.local import mailbox
from conference.local.configuration import Configuration
from conference.local.processes import Service
from conference.local.supervisor import Supervisor


@dataclass(slots=True)
class LiveStack:
    """``url`` is the address of the site; what it sends is read with ``letters`` and ``wait_for_letter``."""

    url: str
    mail_url: str
    home: Path
    services: dict[str, Service]

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    def letters(self, recipient: str = "") -> list[mailbox.Letter]:
        """What was caught, newest first."""
        found = (mailbox.letter(self.mail, line.id) for line in mailbox.lines(self.mail, recipient))
        return [letter for letter in found if letter]

    def wait_for_letter(self, recipient: str, subject: str = "", seconds: float = 20.0) -> mailbox.Letter:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in self.letters(recipient):
                if subject.casefold() in letter.subject.casefold():
                    return letter
            time.sleep(0.1)
        caught = [(letter.recipients, letter.subject) for letter in self.letters()]
        raise AssertionError(f"no letter to {recipient} about {subject!r} within {seconds} s; caught: {caught}")

    def tick(self) -> None:
        """Ask the worker now for what beat asks of it every minute."""
        for task in ("panels.tasks.sweep", "conference.mail.tasks.dispatch"):
            app.send_task(task)

    def log(self, name: str) -> str:
        return self.services[name].said()


@contextmanager
def running_stack(home: Path, database_url: str) -> Iterator[LiveStack]:
    """Started through the supervisor's own functions, so that the tests run what ``make run`` runs."""
    environment = {name: value for name, value in os.environ.items() if name not in {"SITE_URL", "MAIL_URL"}}
    wanted = Configuration("127.0.0.1", 0, home, database_url, os.environ["REDIS_URL"], mail_url="", demo=False)
    supervisor = Supervisor(wanted, environment)
    try:
        supervisor.start()
        services = {service.name: service for service in [*supervisor.servers, *supervisor.workers]}
        yield LiveStack(supervisor.services.site_url, supervisor.services.mail_url, home, services)
    finally:
        supervisor.stop()
