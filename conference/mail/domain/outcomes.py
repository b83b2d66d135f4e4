"""Noting what came of a message. Only the dispatcher that holds the row may, and only once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from conference.mail.domain import suppression
from conference.mail.domain.kinds import Content, Registered, registered
from conference.mail.domain.pause import count_refusal, pause
from conference.mail.domain.render import Rendered, blank_link
from conference.mail.domain.server import LineCut, Refused, ServerGone, Trouble
from conference.mail.domain.states import move
from conference.mail.enums import DUE, State
from conference.mail.models import Message

logger = logging.getLogger(__name__)

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 960, 1200)]  # about two days in all


@dataclass(frozen=True, slots=True)
class Claim:
    pk: int
    by: str


@contextmanager
def _held(claim: Claim) -> Iterator[Message | None]:
    """The message, locked, if it is still this dispatcher's; one that was not begun yet counts as begun from here on."""
    with transaction.atomic(savepoint=False):
        message = (
            Message.objects.select_for_update(of=("self",))
            .filter(pk=claim.pk, claimed_by=claim.by, state__in={State.SENDING, *DUE})
            .first()
        )
        if message is not None:
            message.claimed_by = ""
            if message.state in DUE:
                move(message, State.SENDING)
        yield message


def cancelled(claim: Claim, reason: str) -> None:
    with _held(claim) as message:
        if message is None:
            return
        move(message, State.CANCELLED)
        message.state_reason, message.last_error = reason[:200], ""
        message.save(update_fields=["state", "claimed_by", "state_reason", "last_error"])


def failed(claim: Claim, words: str) -> None:
    with _held(claim) as message:
        if message is not None:
            _fail(message, words, permanent=True)


def _fail(message: Message, words: str, *, permanent: bool) -> None:
    move(message, State.FAILED)
    message.last_error = words[:1000]
    message.save(update_fields=["state", "claimed_by", "attempts", "last_error"])
    tell_of_failure(message, permanent=permanent)


def not_sent(claim: Claim, trouble: Trouble) -> None:
    """By the class of the trouble: an end, a wait that grows, or a wait of all for the server."""
    now = timezone.now()
    count_refusal(trouble.code, now)
    begun, permanent = True, False
    again_at: datetime | None = None
    match trouble:
        case ServerGone():
            begun, again_at = trouble.begun, pause(now)
        case Refused():
            permanent = trouble.permanent
        case LineCut():
            pass
    with _held(claim) as message:
        if message is None:
            return
        message.attempts += begun
        if permanent or message.attempts > len(WAITS):
            if isinstance(trouble, Refused):
                suppression.note_refusal(message, trouble.words, at_recipient=trouble.at_recipient)
            _fail(message, trouble.words, permanent=permanent)
            return
        move(message, State.RETRY)
        message.last_error = trouble.words[:1000]
        message.due_at = again_at if again_at and not begun else now + WAITS[message.attempts - 1]
        message.save(update_fields=["state", "claimed_by", "attempts", "last_error", "due_at"])


def sent(claim: Claim, message: Message, content: Content, rendered: Rendered, at: datetime) -> None:
    """``message``: the row as it was when the letter was written; it is not read again, which takes time."""
    message.state = State.SENDING
    move(message, State.SENT)
    message.sent_at, message.last_error, message.state_reason = at, "", ""
    message.subject = rendered.subject
    message.body_text = blank_link(rendered.text, content.action_url, message.language)
    noted = ["state", "sent_at", "last_error", "state_reason", "subject", "body_text"]
    with transaction.atomic(savepoint=False):
        mine = Message.objects.filter(pk=claim.pk, claimed_by=claim.by, state=State.SENDING)
        values = {name: getattr(message, name) for name in noted}
        if mine.update(claimed_by="", attempts=F("attempts") + 1, **values):
            after_sent = _room(message).after_sent
            if after_sent:
                _tell_room(message, lambda: after_sent(message))


def tell_of_failure(message: Message, *, permanent: bool) -> None:
    """The room that owns the kind hears that the message did not arrive. The caller holds the row's lock."""
    on_failed = _room(message).on_failed
    if on_failed:
        _tell_room(message, lambda: on_failed(message, permanent))


def _room(message: Message) -> Registered:
    try:
        return registered(message.kind)
    except LookupError:  # a kind of earlier days
        return Registered(build=lambda message: Content({}))


def _tell_room(message: Message, tell: Callable[[], None]) -> None:
    """In the same transaction, but its failure must not undo what is true: that would send the message again."""
    try:
        with transaction.atomic():
            tell()
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database has gone: nothing is noted yet, and the caller tries all of it again
        # Its words stay out of the log: they may hold an address.
        logger.error(
            "Message %s (%s): the room could not be told: %s", message.uuid, message.kind, type(error).__name__
        )
