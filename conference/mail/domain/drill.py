"""A drill: many harmless, numbered messages through the real outbox, to see what a server can do before it must."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from conference.mail.domain.kinds import Content, register_kind
from conference.mail.domain.outbox import DISPATCH
from conference.mail.enums import DUE, Kind, State
from conference.mail.models import Message
from conference.nudge import nudge

ABOUT = "mail.drill"
LAST_IN_LINE = 9  # whatever a person waits for goes first
KEPT = timedelta(days=30)
AT_ONCE = 500  # rows in one transaction: the first go out while the last are written
UNDER_WAY = DUE | {State.SENDING, State.HELD}


@dataclass(frozen=True, slots=True)
class Counts:
    """How a drill stands. ``seconds``: from its first row to its last message, so far."""

    drill: str
    queued: int
    sent: int
    failed: int
    waiting: int
    seconds: float

    def as_dict(self) -> dict[str, str | int | float]:
        return asdict(self)


def start(*, count: int, address: str) -> str:
    """Write ``count`` messages to ``address``. Returns the drill's name. Drills of long ago are forgotten."""
    now = timezone.now()
    Message.objects.filter(subject_type=ABOUT, created_at__lt=now - KEPT).delete()
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    for first in range(1, count + 1, AT_ONCE):
        with transaction.atomic():
            numbers = range(first, min(count, first + AT_ONCE - 1) + 1)
            Message.objects.bulk_create(_message(name, number, count, address, now) for number in numbers)
            nudge(DISPATCH)
    return name


def _message(name: str, number: int, count: int, address: str, now: datetime) -> Message:
    return Message(
        kind=Kind.DRILL,
        recipient_key=f"drill:{number}",
        recipient_email=address,
        language=settings.LANGUAGE_CODE,
        subject_type=ABOUT,
        subject_id=name,
        data={"number": number, "count": count},
        priority=LAST_IN_LINE,
        due_at=now,
    )


def last() -> str | None:
    """The name of the drill that was begun last."""
    return Message.objects.filter(subject_type=ABOUT).order_by("-pk").values_list("subject_id", flat=True).first()


def counts(name: str) -> Counts:
    found = Message.objects.about(ABOUT, name)
    states = dict(found.order_by().values_list("state").annotate(number=Count("pk")))
    times = found.aggregate(first=Min("created_at"), last=Max("sent_at"))
    queued, sent = sum(states.values()), states.get(State.SENT, 0)
    waiting = sum(states.get(state, 0) for state in UNDER_WAY)
    until = timezone.now() if waiting else times["last"]
    seconds = (until - times["first"]).total_seconds() if until and times["first"] else 0.0
    return Counts(name, queued, sent, queued - sent - waiting, waiting, round(seconds, 2))


def build(message: Message) -> Content:
    places = {"number": str(message.data.get("number", "")), "count": str(message.data.get("count", ""))}
    return Content(places)


register_kind(Kind.DRILL, build)
