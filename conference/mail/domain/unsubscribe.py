"""Leaving optional messages with one click (RFC 8058), and coming back. What a person must know is never optional."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from conference.links import absolute, make_token, read_token
from conference.mail.domain.kinds import registered
from conference.mail.enums import Cause
from conference.mail.models import Message, MessageQuerySet, OptOut

SCOPE = "unsubscribe"


def unsubscribe_link(message: Message) -> str:
    return absolute(reverse("unsubscribe", args=[make_token(SCOPE, message.uuid, 0)]))


def unsubscribe_headers(message: Message) -> dict[str, str]:
    """Of an optional message; none for a duty, which nobody can leave."""
    if not registered(message.kind).optional:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_link(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def message_behind(token: str) -> Message | None:
    """The message whose link this is; None for anything malformed, foreign or forged."""
    read = read_token(SCOPE, token)
    if read is None:
        return None
    return Message.objects.select_related("conference").filter(uuid=read.uuid).first()


def has_opted_out(message: Message) -> bool:
    return OptOut.objects.filter(conference=message.conference_id, recipient_key=message.recipient_key).exists()


def marked(messages: MessageQuerySet) -> MessageQuerySet:
    """With ``has_left`` on each, true if they may have: saves asking for each message apart where thousands go out."""
    here = Q(conference=OuterRef("conference")) | Q(conference=None)
    left = OptOut.objects.filter(here, recipient_key=OuterRef("recipient_key"))
    return messages.annotate(has_left=Exists(left))


def is_unwanted(message: Message) -> bool:
    """Whether it is an optional message to somebody who wants none. Asks nothing of a row that says so by itself."""
    return registered(message.kind).optional and getattr(message, "has_left", True) and has_opted_out(message)


@transaction.atomic
def opt_out(message: Message, *, cause: Cause) -> bool:
    """The message's recipient wants no more optional messages of its conference. False where that was so already."""
    _row, made = OptOut.objects.get_or_create(
        conference=message.conference, recipient_key=message.recipient_key, defaults={"cause": cause}
    )
    return made


@transaction.atomic
def opt_in(message: Message) -> bool:
    """They want them again. False where they had not left."""
    rows = OptOut.objects.filter(conference=message.conference_id, recipient_key=message.recipient_key)
    return rows.delete()[0] > 0
