"""Whether mail goes out: for the cockpit, and for the page that watching programs ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.mail.domain.pause import SERVER, SERVER_GONE
from conference.mail.models import Heartbeat, Message

TICK = "beat"  # heartbeat: when beat's last wish reached a worker
LATE = timedelta(minutes=5)
SILENT = timedelta(minutes=3)


@dataclass(frozen=True)
class Health:
    oldest_due: timedelta | None  # for how long the most overdue message has been waiting
    silence: timedelta | None  # since beat last ticked; None if it never did
    server_gone: bool

    @property
    def is_late(self) -> bool:
        return self.oldest_due is not None and self.oldest_due > LATE

    @property
    def is_silent(self) -> bool:
        return self.silence is None or self.silence > SILENT

    @property
    def is_good(self) -> bool:
        return not (self.is_late or self.is_silent or self.server_gone)

    def warnings(self) -> list[str]:
        """What is wrong, in sentences for an organiser; empty when all is well."""
        sentences = []
        if self.is_late and self.oldest_due is not None:
            minutes = int(self.oldest_due.total_seconds() // 60)
            words = ngettext(
                "A message has been waiting for %(count)s minute longer than it should.",
                "A message has been waiting for %(count)s minutes longer than it should.",
                minutes,
            )
            sentences.append(words % {"count": minutes})
        if self.is_silent:
            sentences.append(_("The program that sends messages is not running: tell whoever looks after this server."))
        if self.server_gone:
            sentences.append(_("The mail server does not answer; messages wait and go out when it is back."))
        return sentences


def health(now: datetime) -> Health:
    beats = dict(Heartbeat.objects.filter(name__in=[TICK, SERVER, SERVER_GONE]).values_list("name", "at"))
    oldest = Message.objects.due(now).aggregate(at=Min("due_at"))["at"]
    gone, taken = beats.get(SERVER_GONE), beats.get(SERVER)
    return Health(
        oldest_due=now - oldest if oldest else None,
        silence=now - beats[TICK] if TICK in beats else None,
        server_gone=gone is not None and (taken is None or gone > taken),
    )
