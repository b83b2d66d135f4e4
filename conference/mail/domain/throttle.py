"""No more messages a minute than the mail server and its neighbours put up with, for all workers together.

The messages themselves are the ledger: whatever was claimed during the last minute counts, so nothing is lost with the
broker and no two workers count apart. Off unless MAIL_PER_MINUTE or MAIL_PER_MINUTE_PER_DOMAIN is set; then dispatchers
reserve one after another.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower

from conference.mail.models import Message, MessageQuerySet

MINUTE = timedelta(minutes=1)
_LOCK = 4_032_185_001  # of PostgreSQL's advisory locks; any number that nobody else uses


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


@dataclass(slots=True)
class Allowance:
    """How many may be taken now. ``per_domain`` of 0 means as many as one likes."""

    limit: int
    per_domain: int = 0
    used: Counter[str] = field(default_factory=Counter)

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        """Without the domains that have had theirs: a thousand people at one of them hold up nobody else."""
        full = [domain for domain, count in self.used.items() if self.per_domain and count >= self.per_domain]
        if not full:
            return messages
        at = Func(Lower("recipient_email"), Value("@"), Value(-1), function="split_part", output_field=TextField())
        return messages.annotate(domain=at).exclude(domain__in=full)

    def take(self, address: str) -> bool:
        domain = domain_of(address)
        if self.per_domain and self.used[domain] >= self.per_domain:
            return False
        self.used[domain] += 1
        return True


def is_on() -> bool:
    return bool(settings.MAIL_PER_MINUTE or settings.MAIL_PER_MINUTE_PER_DOMAIN)


@contextmanager
def allowance(now: datetime, limit: int) -> Iterator[Allowance]:
    """To be used inside a transaction, which keeps the others from counting until it has committed."""
    if not is_on():
        yield Allowance(limit)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last_minute = Message.objects.filter(claimed_at__gt=now - MINUTE)
    used = Counter(domain_of(address) for address in last_minute.values_list("recipient_email", flat=True))
    total: int = settings.MAIL_PER_MINUTE
    rest = max(0, total - used.total()) if total else limit
    yield Allowance(min(limit, rest), settings.MAIL_PER_MINUTE_PER_DOMAIN, used)
