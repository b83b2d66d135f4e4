"""Who holds which message: several dispatchers share the load, and one that dies is noticed.

| step    | in the database                          | what it means                                                     |
|---------|------------------------------------------|-------------------------------------------------------------------|
| reserve | ``claimed_by``, state as it was          | this dispatcher prepares it; whoever cancels or moves it may       |
| start   | ``sending``, committed before the server | only this dispatcher may say what came of it                      |
|         | is given the end of the message         |                                                                   |
| settle  | the outcome, in one transaction          | ``handover`` and ``outcomes`` do it                               |
| tell    | ``claimed_by`` cleared                   | the room knows (``telling``)                                      |

So at any moment a dispatcher has one message of which nobody but the mail server knows whether it went out. A dispatcher
shows that it lives by a heartbeat row. When that stops, what it was sending is tried again with the same Message-ID. What
it had only reserved is free again after a few seconds, whether it lives or not: reserving twice costs work, never a repeat.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import telling, throttle
from conference.mail.domain.pause import beat
from conference.mail.domain.states import move
from conference.mail.enums import DUE, State
from conference.mail.models import Heartbeat, Message

PREFIX = "dispatcher:"
RENEWED_EVERY = 5.0  # seconds
DEAD_AFTER = timedelta(seconds=30)  # without a sign of life
RESERVED_FOR = timedelta(
    seconds=10
)  # a reservation that is older holds nobody back: about a second of work is reserved
RECOVERIES = 3  # so often is a message tried again after its dispatcher died; then a person decides


@dataclass(slots=True)
class Dispatcher:
    """One run of the sending program, known to the others by its name."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    _renew_at: float = 0.0

    def show_life(self) -> None:
        """Cheap when called often."""
        if time.monotonic() >= self._renew_at:
            beat(PREFIX + self.name, timezone.now())
            self._renew_at = time.monotonic() + RENEWED_EVERY

    def leave(self) -> None:
        """Give back what was reserved and not begun."""
        self._renew_at = 0.0
        Message.objects.filter(claimed_by=self.name, state__in=DUE).update(claimed_by="", claimed_at=None)
        Heartbeat.objects.filter(name=PREFIX + self.name).delete()

    @transaction.atomic
    def reserve(self, now: datetime, limit: int) -> list[int]:
        """Up to ``limit`` due messages that nobody else prepares. What would come too late is marked as missed."""
        free = Message.objects.due(now).filter(Q(claimed_by="") | Q(claimed_at__lt=now - RESERVED_FOR))
        with throttle.allowance(now, limit) as allowance:
            rows = (
                allowance.narrow(free)
                .select_for_update(skip_locked=True)
                .in_turn()
                .values_list("pk", "expires_at", "recipient_email")[: allowance.limit]
            )
            missed, taken = [], []
            for pk, expires_at, address in rows:
                if expires_at and expires_at <= now:
                    missed.append(pk)
                elif allowance.take(address):
                    taken.append(pk)
        Message.objects.filter(pk__in=missed).update(
            state=State.MISSED, state_reason=_("It would have come too late"), claimed_by=""
        )
        Message.objects.filter(pk__in=taken).update(claimed_by=self.name, claimed_at=now)
        if missed and not taken:
            return self.reserve(now, limit)
        return taken

    def start(self, pk: int) -> bool:
        """Say that it goes to the server now. False where it was cancelled, held, moved or taken over meanwhile."""
        now = timezone.now()
        mine = Message.objects.due(now).filter(pk=pk, claimed_by=self.name)
        return bool(mine.update(state=State.SENDING, claimed_at=now))


def recover(now: datetime) -> int:
    """What a dead dispatcher was sending: again, with the same Message-ID; after a few times a person decides. And what it
    did not come to tell is told."""
    living = Heartbeat.objects.filter(name__startswith=PREFIX, at__gte=now - DEAD_AFTER).values_list("name", flat=True)
    names = [name.removeprefix(PREFIX) for name in living]
    lost = _take_back(now, names)
    telling.tell((message for message in lost if message.claimed_by), by=telling.NOBODY)
    telling.tell_for_the_dead(names, now, DEAD_AFTER)
    Heartbeat.objects.filter(name__startswith=PREFIX, at__lt=now - 10 * DEAD_AFTER).delete()
    return len(lost)


@transaction.atomic
def _take_back(now: datetime, living: Sequence[str]) -> list[Message]:
    lost = (
        Message.objects.filter(state=State.SENDING, claimed_at__lt=now - DEAD_AFTER)
        .exclude(claimed_by__in=living)
        .select_for_update(skip_locked=True)
    )
    for message in lost:
        times = int(message.data.get("recovered", 0)) + 1
        message.data["recovered"] = times
        move(message, State.RETRY if times <= RECOVERIES else State.FAILED)
        message.due_at, message.claimed_by = now, ""
        message.last_error = _("The worker stopped while sending; whether the message arrived is not known.")
        if message.state == State.FAILED and telling.wants_to_know(message, State.FAILED):
            message.claimed_by = telling.NOBODY
        message.save(update_fields=["data", "state", "due_at", "claimed_by", "last_error"])
    return list(lost)
