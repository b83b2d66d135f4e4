"""Telling the room that owns a kind what came of a message: that it was sent, that it failed, that it came back.

First the outcome is noted and committed, then the room is told in a transaction of its own. So no lock on a message is
held while the room takes its own locks (people who answer take them in the other order), and noting stays quick. Between
the two the row says ``claimed_by``: whoever dies in between leaves it so, and the next dispatcher tells in its place.
The room's transaction clears it, so that a room is told once; a telling that meets another one is undone.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from conference.mail.domain.kinds import AfterManySent, Content, Registered, registered
from conference.mail.enums import State
from conference.mail.models import Message

logger = logging.getLogger(__name__)

ENDS = (State.SENT, State.FAILED, State.BOUNCED)
NOBODY = "untold"  # in the place of a dispatcher's name: whoever comes first
PERMANENT = "permanent"  # in a failed message's data: to try again would not help
AT_ONCE = 500


def room_of(message: Message) -> Registered:
    try:
        return registered(message.kind)
    except LookupError:  # a kind of earlier days
        return Registered(build=lambda message: Content({}))


def wants_to_know(message: Message, state: State) -> bool:
    room = room_of(message)
    return bool(room.after_sent if state == State.SENT else room.on_failed)


def tell(messages: Iterable[Message], *, by: str) -> None:
    """Tell the rooms of these messages, whose rows say that ``by`` still has to."""
    waiting = {message.pk: message for message in messages}
    together: dict[AfterManySent, list[Message]] = defaultdict(list)
    for message in waiting.values():
        room = room_of(message)
        if room.after_many_sent and message.state == State.SENT:
            together[room.after_many_sent].append(message)
    for after_many_sent, sent in together.items():
        for pk in _tell_many(after_many_sent, sent, by) if len(sent) > 1 else ():
            del waiting[pk]
    for message in waiting.values():
        _tell_one(message, by)


def _tell_many(after_many_sent: AfterManySent, messages: Sequence[Message], by: str) -> set[int]:
    """Those that are done. Nobody is waited for here, so many rows can be locked without fear of a deadlock."""
    try:
        with transaction.atomic():
            mine = Message.objects.filter(pk__in=[message.pk for message in messages], claimed_by=by)
            free = set(mine.select_for_update(skip_locked=True).order_by().values_list("pk", flat=True))
            with _in_its_room():
                done = set(after_many_sent([message for message in messages if message.pk in free]))
            Message.objects.filter(pk__in=done).update(claimed_by="")
            return done
    except _Mistake as mistake:
        logger.error("A room could not be told of %s messages: %s", len(messages), mistake)
        return set()


def _tell_one(message: Message, by: str) -> None:
    try:
        with transaction.atomic():
            with _in_its_room():
                _call(message)
            if not _clear(message, by):  # somebody else has told
                transaction.set_rollback(True)
    except _Mistake as mistake:  # it must not undo what is true
        logger.error("Message %s (%s): the room could not be told: %s", message.uuid, message.kind, mistake)
        _clear(message, by)


class _Mistake(Exception):  # noqa: N818
    """A room's own. Its words stay out of the log: they may hold an address."""


@contextmanager
def _in_its_room() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database has gone: the caller tells again
        raise _Mistake(type(error).__name__) from error


def _call(message: Message) -> None:
    room = room_of(message)
    if message.state == State.SENT and room.after_sent:
        room.after_sent(message)
    elif message.state == State.BOUNCED and room.on_failed:
        room.on_failed(message, True)
    elif message.state == State.FAILED and room.on_failed:
        room.on_failed(message, bool(message.data.get(PERMANENT)))


def _clear(message: Message, by: str) -> bool:
    return bool(Message.objects.filter(pk=message.pk, claimed_by=by, state=message.state).update(claimed_by=""))


def tell_for_the_dead(living: Sequence[str], now: datetime, patience: timedelta) -> int:
    """What dispatchers that live no more did not come to tell."""
    untold = Message.objects.exclude(claimed_by="").filter(state__in=ENDS, claimed_at__lt=now - patience)
    found = list(untold.exclude(claimed_by__in=living).order_by("pk")[:AT_ONCE])
    for message in found:
        _tell_one(message, message.claimed_by)
    return len(found)
