"""Writing into the outbox, taking out of it, and what a person may do with one message. Sending is ``delivery``'s."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain.pause import end_pause
from conference.mail.domain.states import move
from conference.mail.domain.telling import PERMANENT
from conference.mail.enums import OPEN, TRANSITIONS, Kind, State
from conference.mail.models import BounceReport, Message, Suppression
from conference.nudge import nudge

DISPATCH = "conference.mail.tasks.dispatch"
AT_ONCE, USUAL = 0, 1  # priorities: somebody sits and waits for it; in its turn


class NotNow(Exception):  # noqa: N818
    """The message is in a state in which this cannot be done; the words say which."""

    def __init__(self, message: Message) -> None:
        words = {
            State.SENDING: _("This message is on its way: wait a moment."),
            State.SENT: _("This message has gone out already."),
        }
        other = _("This cannot be done: the message is now “%(state)s”.") % {"state": message.get_state_display()}
        super().__init__(words.get(State(message.state), other))


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for. ``key``: "volunteer:12", "expert:3", "user:7"."""

    key: str
    email: str
    name: str
    language: str


@transaction.atomic
def schedule(
    *,
    kind: Kind,
    recipient: Recipient,
    conference_id: int | None,
    subject_type: str = "",
    subject_id: object = "",
    occurrence: str = "",
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    data: dict[str, Any] | None = None,
    priority: int = USUAL,
) -> Message:
    """Write a message, once: the same kind, recipient, subject and occurrence give the row that is there already."""
    key = {
        "kind": kind,
        "recipient_key": recipient.key,
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "occurrence": occurrence,
    }
    now = timezone.now()
    message = Message(
        **key,
        conference_id=conference_id,
        recipient_email=recipient.email,
        recipient_name=recipient.name,
        language=recipient.language,
        due_at=due_at or now,
        expires_at=expires_at,
        data=data or {},
        priority=priority,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if (due_at or now) <= now:
        nudge(DISPATCH)
    return Message.objects.get(**key)


@transaction.atomic
def cancel(
    *,
    subject_type: str,
    subject_id: object,
    reason: str,
    kinds: Collection[Kind] | None = None,
    recipient_key: str | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Cancel what has not been claimed yet about this subject. Returns how many."""
    found = Message.objects.open().about(subject_type, subject_id)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    if recipient_key is not None:
        found = found.filter(recipient_key=recipient_key)
    if data is not None:
        found = found.filter(data__contains=data)
    return found.update(state=State.CANCELLED, state_reason=reason[:200])


@transaction.atomic
def erase_recipient(*, recipient_key: str) -> int:
    """Blank everything that names this person; what has not gone out does not go out. Returns how many rows."""
    rows = Message.objects.filter(recipient_key=recipient_key)
    rows.open().update(state=State.CANCELLED, state_reason=_("The person has been erased"))
    Suppression.objects.filter(recipient_key=recipient_key).delete()
    BounceReport.objects.filter(message__in=rows).update(words="")
    return rows.update(recipient_email="", recipient_name="", body_text="", last_error="")


@transaction.atomic
def recipient_changed(*, recipient: Recipient) -> int:
    """What has not gone out goes to the new address, in the new language. Returns how many rows changed.

    Without an address they fail when they are due, and say so. One that a dispatcher has just prepared is taken from it.
    """
    facts = {"recipient_email": recipient.email, "recipient_name": recipient.name, "language": recipient.language}
    changed = Message.objects.open().filter(recipient_key=recipient.key).exclude(**facts)
    return changed.update(**facts, claimed_by="", claimed_at=None)


# -- One message, by a person's hand -----------------------------------------------------------------------------------
def _locked(message_id: int) -> Message:
    return Message.objects.select_for_update(of=("self",)).get(pk=message_id)


def _to(message: Message, state: State) -> None:
    if state not in TRANSITIONS[State(message.state)]:
        raise NotNow(message)
    move(message, state)


@transaction.atomic
def hold(*, message_id: int) -> Message:
    """It does not go out until it is released."""
    message = _locked(message_id)
    _to(message, State.HELD)
    message.save(update_fields=["state"])
    return message


@transaction.atomic
def release(*, message_id: int) -> Message:
    """A held message goes out at its time; at once if that has passed."""
    message = _locked(message_id)
    if message.state != State.HELD:
        raise NotNow(message)
    _to(message, State.SCHEDULED)
    message.save(update_fields=["state"])
    nudge(DISPATCH)
    return message


@transaction.atomic
def send_now(*, message_id: int) -> Message:
    """What waits for its time or for another try goes out at once; what has failed is tried anew from the beginning."""
    message = _locked(message_id)
    if message.state == State.FAILED:
        _to(message, State.SCHEDULED)
        message.attempts, message.claimed_by = 0, ""
        for note in ("recovered", PERMANENT):
            message.data.pop(note, None)
    elif State.SENDING not in TRANSITIONS[State(message.state)]:
        raise NotNow(message)
    message.due_at = timezone.now()
    message.save(update_fields=["state", "due_at", "attempts", "claimed_by", "data"])
    end_pause()
    nudge(DISPATCH)
    return message


class TooLate(Exception):  # noqa: N818
    """The message would come after the moment from which on it is useless."""

    def __init__(self, message: Message) -> None:
        super().__init__(_("At that time the message would no longer be of use. Choose an earlier one."))
        self.message = message


@transaction.atomic
def move_to(*, message_id: int, due_at: datetime) -> Message:
    """Let a message that waits leave at another time; no rule moves it again. A past time means at once."""
    message = _locked(message_id)
    if message.state not in OPEN:
        raise NotNow(message)
    if message.expires_at is not None and due_at >= message.expires_at:
        raise TooLate(message)
    message.due_at, message.data = due_at, {**message.data, "moved": True}
    message.save(update_fields=["due_at", "data"])
    if due_at <= timezone.now():
        nudge(DISPATCH)
    return message


@transaction.atomic
def cancel_one(*, message_id: int, reason: str) -> Message:
    message = _locked(message_id)
    if message.state == State.SENDING:  # only its dispatcher may still cancel it
        raise NotNow(message)
    _to(message, State.CANCELLED)
    message.state_reason = reason[:200]
    message.save(update_fields=["state", "state_reason"])
    return message
