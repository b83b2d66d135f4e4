"""What comes back about a message that had gone out, and what follows.

| told                        | the message                | the address                          | the person           |
|-----------------------------|----------------------------|--------------------------------------|----------------------|
| delayed (4.x.x, tried on)   | keeps a note               | -                                    | -                    |
| came back                   | bounced; its room is told  | takes no more, if it is dead (codes) | -                    |
| reported as unwanted        | keeps a note               | -                                    | no optional messages |
| asked for no more           | keeps a note               | -                                    | no optional messages |

The same report counts once. A report that overtakes the note that its message was sent is to come again later.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from enum import Enum

from django.db import transaction
from django.utils.translation import gettext as _

from conference.mail.domain import suppression, telling, unsubscribe
from conference.mail.domain.reports import Report, read_mail
from conference.mail.domain.return_path import read_return_path
from conference.mail.domain.states import move
from conference.mail.enums import Cause, ReportKind, Route, State
from conference.mail.models import BounceReport, Message

logger = logging.getLogger(__name__)


class Outcome(Enum):
    COUNTED = "counted"
    REPEATED = "counted before"
    NOTHING = "says nothing of a delivery"
    FOREIGN = "bears no valid return path"


class TooEarly(Exception):  # noqa: N818
    """That the message went out has not been noted yet, or not been told its room: the report is to come again."""


def receive_mail(*, raw: bytes, recipients: Iterable[str] = ()) -> Outcome:
    """One mail that came to the return address. ``recipients``: where the mail server says that it was sent to."""
    mailed = read_mail(raw)
    name = next(filter(None, map(read_return_path, [*recipients, *mailed.addresses])), None)
    if name is None:
        return Outcome.FOREIGN
    if mailed.report is None:
        return Outcome.NOTHING
    return receive(message_uuid=name, report=mailed.report, route=Route.RETURN_PATH, identity=mailed.identity)


def receive(*, message_uuid: uuid.UUID, report: Report, route: Route, identity: str) -> Outcome:
    """Note a report on one message and let follow what follows, once. Who sent it has been checked. Raises TooEarly."""
    untold: list[Message] = []
    outcome = _receive(message_uuid, report, route, identity, untold)
    telling.tell(untold, by=telling.NOBODY)
    return outcome


@transaction.atomic
def _receive(message_uuid: uuid.UUID, report: Report, route: Route, identity: str, untold: list[Message]) -> Outcome:
    message = Message.objects.select_for_update(of=("self",)).filter(uuid=message_uuid).first()
    if message is None:
        return Outcome.FOREIGN
    if message.state == State.SENDING or (message.state == State.SENT and message.claimed_by):
        raise TooEarly
    _row, is_new = BounceReport.objects.get_or_create(
        digest=hashlib.sha256(f"{route}:{message_uuid}:{identity}".encode()).hexdigest(),
        defaults={
            "message": message, "kind": report.kind, "route": route, "status": report.status[:12],
            "words": _clean(report.words),
        },
    )  # fmt: skip
    if not is_new:
        return Outcome.REPEATED
    _FOLLOWS[report.kind](message, report)
    if message.claimed_by == telling.NOBODY:
        untold.append(message)
    return Outcome.COUNTED


def _clean(words: str) -> str:
    return words.replace("\x00", "")[:1000]


def _delayed(message: Message, report: Report) -> None:
    if message.state == State.SENT:
        _note(message, _("Delivery is delayed: %(words)s") % {"words": _clean(report.words) or report.status})


def _bounced(message: Message, report: Report) -> None:
    if report.address_is_dead:
        suppression.suppress(message, cause=Cause.BOUNCED, words=_clean(report.words) or report.status)
    if message.state != State.SENT:
        return  # it has been counted, or waits for another try, which the address will stop
    move(message, State.BOUNCED)
    message.last_error = _clean(report.words) or report.status
    message.claimed_by = telling.NOBODY if telling.wants_to_know(message, State.BOUNCED) else ""
    message.save(update_fields=["state", "last_error", "claimed_by"])


def _complained(message: Message, report: Report) -> None:
    unsubscribe.opt_out(message, cause=Cause.COMPLAINT)
    _note(message, _("The person reported this message as unwanted."))


def _unsubscribed(message: Message, report: Report) -> None:
    unsubscribe.opt_out(message, cause=Cause.PROVIDER)
    _note(message, _("The person asked for no more messages of this kind."))


def _note(message: Message, words: str) -> None:
    message.last_error = words[:1000]
    message.save(update_fields=["last_error"])


_FOLLOWS = {
    ReportKind.DELAYED: _delayed,
    ReportKind.BOUNCED: _bounced,
    ReportKind.COMPLAINT: _complained,
    ReportKind.UNSUBSCRIBED: _unsubscribed,
}
