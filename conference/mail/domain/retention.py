"""What is forgotten: the words of messages and whom they named. That something was sent, when, and what came of it stays.

Kept for MAIL_TEXTS_KEPT_DAYS after the last session of the conference (after the message itself, where that is later or
there is no conference), and never beyond the day on which the conference erases its personal data. A message that may
still go out keeps its address until it has.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from conference.mail.enums import OPEN, State
from conference.mail.models import BounceReport, Message, MessageQuerySet, Suppression

BLANK: dict[str, Any] = {"subject": "", "body_text": "", "recipient_email": "", "recipient_name": "", "last_error": ""}
AHEAD = timedelta(hours=14)  # east of Greenwich a day begins that much earlier


@transaction.atomic
def erase_texts(now: datetime) -> int:
    """Erase what has been kept for long enough. Returns how many messages; a second time, none."""
    messages = _with_words()
    old = messages.filter(pk__in=_older_than(now - timedelta(days=settings.MAIL_TEXTS_KEPT_DAYS)).values("pk"))
    ended = messages.filter(conference__in=list(_conferences_to_erase(now)))
    found = list((old | ended).values_list("pk", flat=True))
    BounceReport.objects.filter(message__in=found).update(words="")
    Message.objects.filter(pk__in=found).update(**BLANK)
    if found:
        named = Message.objects.filter(recipient_key=OuterRef("recipient_key")).exclude(recipient_email="")
        Suppression.objects.exclude(Exists(named)).delete()
    return len(found)


def _with_words() -> MessageQuerySet:
    says_something = Q(reports__words__gt="")
    for name in BLANK:
        says_something |= ~Q(**{name: ""})
    done = Message.objects.exclude(state__in=[*OPEN, State.SENDING])
    return done.filter(pk__in=Message.objects.filter(says_something).values("pk"))


def _older_than(moment: datetime) -> MessageQuerySet:
    """PostgreSQL's GREATEST passes over what is null."""
    held = Max("conference__sessions__ends_at", filter=Q(conference__sessions__cancelled_at=None))
    last = Greatest(Coalesce(F("sent_at"), F("due_at")), held)
    return Message.objects.annotate(last=last).filter(last__lt=moment).order_by()


def _conferences_to_erase(now: datetime) -> Iterator[int]:
    near = Message.objects.filter(conference__erase_on__lte=(now + AHEAD).date()).order_by()
    rows = near.values_list("conference", "conference__erase_on", "conference__timezone").distinct()
    for conference, day, zone in rows:
        if day is not None and now.astimezone(ZoneInfo(zone)).date() >= day:
            yield conference
