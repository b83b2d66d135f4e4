"""Addresses that take no mail: remembered for one recipient, looked at before each sending, lifted by a person."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from conference.mail.domain.codes import address_is_dead, read_code
from conference.mail.enums import Cause
from conference.mail.models import Message, MessageQuerySet, Suppression


def marked(messages: MessageQuerySet) -> MessageQuerySet:
    """With ``is_suppressed`` on each: saves asking for each message apart where thousands go out."""
    held = Suppression.objects.filter(recipient_key=OuterRef("recipient_key"), email=Lower(OuterRef("recipient_email")))
    return messages.annotate(is_suppressed=Exists(held))


@transaction.atomic
def suppress(message: Message, *, cause: Cause, words: str = "") -> bool:
    """Nothing more goes to this message's address for this recipient. False where that was known already."""
    if not message.recipient_email:
        return False
    _row, made = Suppression.objects.get_or_create(
        recipient_key=message.recipient_key,
        email=message.recipient_email.lower(),
        defaults={"cause": cause, "words": words[:1000], "message": message},
    )
    return made


def note_refusal(message: Message, words: str, *, at_recipient: bool) -> bool:
    """The server refused the message for good: the address is dead if that was about the address."""
    code = read_code(words)
    if not at_recipient and not code.status.startswith("5.1."):
        return False
    return address_is_dead(code, words) and suppress(message, cause=Cause.REFUSED, words=words)


def suppression_of(message: Message) -> Suppression | None:
    return Suppression.objects.filter(
        recipient_key=message.recipient_key, email=message.recipient_email.lower()
    ).first()


def why_not(message: Message) -> str:
    """Why nothing is sent to this address; empty where it may be. Asks nothing of a row that says so by itself."""
    if not getattr(message, "is_suppressed", True):
        return ""
    found = suppression_of(message)
    if found is None:
        return ""
    if found.cause == Cause.REFUSED:
        return _("Not sent: the mail server refused this address for good. Correct it, or say that it works again.")
    return _("Not sent: an earlier message to this address came back. Correct it, or say that it works again.")


@transaction.atomic
def lift(*, recipient_key: str, email: str) -> bool:
    """A person says that the address works again. False where nothing was held against it."""
    count, _models = Suppression.objects.filter(recipient_key=recipient_key, email=email.lower()).delete()
    return count > 0
