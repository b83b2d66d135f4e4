"""One mail that came back, from standard input: what the mail server pipes in."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conference.mail.domain.bounces import Outcome, TooEarly, receive_mail
from conference.mail.domain.reports import LARGEST

COME_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the mail and tries later
# Where mail servers say whom the mail was for: Postfix, then Exim.
ENVIRONMENT = ("ORIGINAL_RECIPIENT", "RECIPIENT", "EXTENSION", "LOCAL_PART_SUFFIX")


class Command(BaseCommand):
    help = "Reads one mail that came to BOUNCE_ADDRESS from standard input and notes what it says about our message."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipient", nargs="*", help="the address it came to; without it, its headers are searched")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST + 1)
        try:
            outcome = receive_mail(raw=raw, recipients=[*options["recipient"], *_from_environment()])
        except TooEarly:
            sys.exit(COME_AGAIN)
        if outcome is Outcome.COUNTED or options["verbosity"] > 1:
            self.stdout.write(outcome.value)


def _from_environment() -> list[str]:
    return [value for name in ENVIRONMENT if (value := os.environ.get(name, ""))]
