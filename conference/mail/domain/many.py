"""The same kind of message to many people at once, in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from conference.mail.domain.outbox import DISPATCH, Recipient
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.nudge import nudge

BATCH = 500
AFTER_OTHERS = 5  # whoever waits for a code or an invitation does not wait for these


@dataclass(frozen=True)
class Addressee:
    """Whom a message is for, and what it is about."""

    recipient: Recipient
    subject_type: str
    subject_id: object


@transaction.atomic
def schedule_many(*, kind: Kind, conference_id: int, addressees: Iterable[Addressee]) -> int:
    """Write a message to each, once: who has had this one about this subject gets no other. Returns how many are new."""
    now = timezone.now()
    rows = [
        Message(
            kind=kind,
            conference_id=conference_id,
            recipient_key=to.recipient.key,
            recipient_email=to.recipient.email,
            recipient_name=to.recipient.name,
            language=to.recipient.language,
            subject_type=to.subject_type,
            subject_id=str(to.subject_id),
            priority=AFTER_OTHERS,
            due_at=now,
        )
        for to in addressees
    ]
    before = Message.objects.filter(kind=kind, conference=conference_id).count()
    Message.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    nudge(DISPATCH)
    return Message.objects.filter(kind=kind, conference=conference_id).count() - before
