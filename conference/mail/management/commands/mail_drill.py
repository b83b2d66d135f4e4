"""``manage.py mail_drill``: send harmless messages through the real outbox, and say how it went."""

import json
import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import InterfaceError, OperationalError, connection

from conference.mail.domain import drill

LOOK_EVERY = 0.5
UNEASY_AFTER = 90.0  # seconds in which nothing went out
MOST = 1_000_000


def _count(value: str) -> int:
    number = int(value) if value.isdigit() else 0
    if not 1 <= number <= MOST:
        raise ArgumentTypeError(f"a number from 1 to {MOST}")
    return number


def _address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ArgumentTypeError("an e-mail address") from None
    return value


class Command(BaseCommand):
    help = "Send numbered test messages through the outbox, and print queued, sent, failed and seconds as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=_count, default=100, help="how many messages (100)")
        parser.add_argument("--to", type=_address, help="the address that gets them all")
        parser.add_argument("--no-wait", action="store_true", help="return as soon as they are in the outbox")
        parser.add_argument("--status", action="store_true", help="only print the counts of the last drill")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["status"]:
            name = drill.last()
            if name is None:
                raise CommandError("There has been no drill.")
            self._print(drill.counts(name))
            return
        if not options["to"]:
            raise CommandError("Say with --to which address gets the messages.")
        name = drill.start(count=options["count"], address=options["to"])
        self._print(drill.counts(name) if options["no_wait"] else self._wait(name))

    def _print(self, counts: drill.Counts) -> None:
        self.stdout.write(json.dumps(counts.as_dict()))

    def _wait(self, name: str) -> drill.Counts:
        """Until none is under way, however long the database or the mail server are away meanwhile."""
        waiting, moved_at = -1, time.monotonic()
        while True:
            try:
                counts = drill.counts(name)
            except (OperationalError, InterfaceError):
                connection.close()
                time.sleep(LOOK_EVERY)
                continue
            if not counts.waiting:
                return counts
            if counts.waiting != waiting:
                waiting, moved_at = counts.waiting, time.monotonic()
            elif time.monotonic() - moved_at > UNEASY_AFTER:
                self.stderr.write(f"{waiting} messages wait and none has gone out for a while: does a worker run?")
                moved_at = time.monotonic()
            time.sleep(LOOK_EVERY)
