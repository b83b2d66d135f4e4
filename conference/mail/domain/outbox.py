"""Writing into the outbox and taking out of it. Sending is ``delivery``'s business."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.nudge import nudge


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
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if (due_at or now) <= now:
        nudge("conference.mail.tasks.dispatch")
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
    rows.open().update(state=State.CANCELLED, state_reason="erased")
    return rows.update(recipient_email="", recipient_name="", body_text="")
