"""Noting what came of a message that did not go out (of one that did: ``handover``). Only the dispatcher that holds the
row may, and only once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conference.mail.domain import suppression, telling
from conference.mail.domain.pause import count_refusal, pause
from conference.mail.domain.server import LineCut, Refused, ServerGone, Trouble
from conference.mail.domain.states import move
from conference.mail.enums import DUE, State
from conference.mail.models import Message

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
            _fail(message, claim, words, permanent=True)
    _tell(message)


def _tell(message: Message | None) -> None:
    """The row is not locked any more: the room takes locks of its own."""
    if message is not None and message.claimed_by:
        telling.tell([message], by=message.claimed_by)


def _fail(message: Message, claim: Claim, words: str, *, permanent: bool) -> None:
    move(message, State.FAILED)
    message.last_error = words[:1000]
    message.data = {**message.data, telling.PERMANENT: True} if permanent else message.data
    message.claimed_by = claim.by if telling.wants_to_know(message, State.FAILED) else ""
    message.save(update_fields=["state", "claimed_by", "attempts", "last_error", "data"])


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
            _fail(message, claim, trouble.words, permanent=permanent)
        else:
            move(message, State.RETRY)
            message.last_error = trouble.words[:1000]
            message.due_at = again_at if again_at and not begun else now + WAITS[message.attempts - 1]
            message.save(update_fields=["state", "claimed_by", "attempts", "last_error", "due_at"])
    _tell(message)
