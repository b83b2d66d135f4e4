"""What an organiser may do with a message of the outbox, with its line in the log."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import outbox, suppression
from conference.mail.models import Message
from conference.models import User


def _act(verb: str, act: Callable[[], Message], actor: User) -> Message:
    """No name in the log: the kind of message, and which row."""
    with transaction.atomic():
        try:
            message = act()
        except (outbox.NotNow, outbox.TooLate) as error:
            raise DomainError(str(error)) from error
        record(f"message.{verb}", conference=message.conference, actor=actor, obj=message, message=message.kind)
        return message


def hold(*, message_id: int, actor: User) -> Message:
    return _act("held", lambda: outbox.hold(message_id=message_id), actor)


def release(*, message_id: int, actor: User) -> Message:
    return _act("released", lambda: outbox.release(message_id=message_id), actor)


def send_now(*, message_id: int, actor: User) -> Message:
    return _act("sent_now", lambda: outbox.send_now(message_id=message_id), actor)


def move(*, message_id: int, actor: User, due_at: datetime) -> Message:
    return _act("moved", lambda: outbox.move_to(message_id=message_id, due_at=due_at), actor)


def cancel(*, message_id: int, actor: User) -> Message:
    reason = _("Cancelled by %(name)s") % {"name": actor}
    return _act("cancelled", lambda: outbox.cancel_one(message_id=message_id, reason=reason), actor)


@transaction.atomic
def lift_address(*, message_id: int, actor: User, reason: str) -> Message:
    """A person says that the address of this message takes mail again, and why they think so."""
    message = Message.objects.select_related("conference").get(pk=message_id)
    if not reason.strip():
        raise DomainError(_("Write how you know that the address works again: the log keeps it."))
    if not suppression.lift(recipient_key=message.recipient_key, email=message.recipient_email):
        raise DomainError(_("This address is written to already."))
    record(
        "message.address_lifted",
        conference=message.conference,
        actor=actor,
        obj=message,
        reason=reason.strip(),
        message=message.kind,
    )
    return message
