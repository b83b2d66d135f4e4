"""Mail that came back: one from standard input, as a mail server pipes it in, or all of a mailbox."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from conference.mail.domain.bounces import Outcome, TooEarly, receive_mail
from conference.mail.domain.reports import LARGEST
from conference.mail.mailbox import Fate, read_imap, read_maildir

COME_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the mail and tries later
ENVIRONMENT = ("ORIGINAL_RECIPIENT", "RECIPIENT")  # where Postfix says whom the mail was for
UNDERSTOOD = {Outcome.COUNTED, Outcome.REPEATED}


class Command(BaseCommand):
    help = "Notes what mail that came to BOUNCE_ADDRESS says about our messages. Without options: one mail from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipient", nargs="*", help="the address it came to; without it, its headers are searched")
        parser.add_argument("--mailbox", action="store_true", help="read every new mail of BOUNCE_MAILBOX (IMAP)")
        parser.add_argument("--maildir", type=Path, help="read every new mail of this Maildir")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mailbox"] or options["maildir"]:
            self._read_all(options["maildir"])
            return
        raw = sys.stdin.buffer.read(LARGEST + 1)
        recipients = [*options["recipient"], *(os.environ.get(name, "") for name in ENVIRONMENT)]
        try:
            outcome = receive_mail(raw=raw, recipients=recipients)
        except (TooEarly, DatabaseError):  # the mail server would throw the mail away at any other exit
            sys.exit(COME_AGAIN)
        if outcome is Outcome.COUNTED or options["verbosity"] > 1:
            self.stdout.write(outcome.value)

    def _read_all(self, maildir: Path | None) -> None:
        counts: Counter[str] = Counter()

        def take(raw: bytes) -> Fate:
            try:
                outcome = receive_mail(raw=raw)
            except TooEarly:
                return Fate.LATER
            counts[outcome.value] += 1
            return Fate.DELETE if outcome in UNDERSTOOD else Fate.LEAVE

        if maildir:
            read_maildir(maildir, take)
        elif settings.BOUNCE_MAILBOX:
            read_imap(settings.BOUNCE_MAILBOX, take)
        else:
            raise CommandError("BOUNCE_MAILBOX is not set.")
        for outcome, count in sorted(counts.items()):
            self.stdout.write(f"{count} {outcome}")
