"""Writing a message at the moment it goes out: whether it still should, what it says, and the letter of it."""

import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from functools import lru_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.mail.domain import outcomes, suppression, unsubscribe
from conference.mail.domain.kinds import Build, Content, ReasonGone, Text, registered
from conference.mail.domain.outcomes import Claim
from conference.mail.domain.providers import provider_headers
from conference.mail.domain.render import Rendered, TextError, blank_link, one_line, render
from conference.mail.domain.return_path import return_path
from conference.mail.domain.server import Refused
from conference.mail.domain.texts import TextKey, default_text, text_in_force, texts_in_force
from conference.mail.letter import PLAIN_ADDRESS, Letter
from conference.mail.models import Message

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A message, ready to go. ``at``: when what it says was read."""

    claim: Claim
    message: Message
    subject: str
    kept: str  # the copy that stays: no personal link is in it
    letter: Letter
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Together:
    """What many messages need, read at once in a few queries. A room that cannot reads for each message apart."""

    builds: Mapping[str, Build] = field(default_factory=dict)
    texts: Mapping[TextKey, Text] | None = None
    at: float = field(default_factory=time.monotonic)

    def build(self, message: Message) -> Content:
        return self.builds.get(message.kind, registered(message.kind).build)(message)

    def text(self, message: Message) -> Text:
        key = (message.conference_id, message.kind, message.language)
        if self.texts is None:
            return text_in_force(*key)
        return self.texts.get(key) or default_text(message.kind, message.language)


def read_together(messages: Collection[Message]) -> Together:
    at = time.monotonic()
    builds: dict[str, Build] = {}
    for kind in {message.kind for message in messages}:
        try:
            for_many = registered(kind).for_many
            if for_many:
                builds[kind] = for_many([message for message in messages if message.kind == kind])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - then each is built apart, and says what is wrong with it
            logger.error("Messages of kind %s could not be prepared together: %s", kind, type(error).__name__)
    return Together(builds, texts_in_force(messages), at)


def log_mistake(pk: int, error: Exception) -> None:
    logger.error("Message %s could not be written: %s", pk, type(error).__name__)


def write(claim: Claim, message: Message | None = None, together: Together | None = None) -> Written | None:
    """The letter, or None where it does not go out; the row says why. ``message``: the row, where it has been read;
    ``together``: what its batch needs, if that has been too."""
    if message is None:
        message = Message.objects.select_related("conference").filter(pk=claim.pk, claimed_by=claim.by).first()
    if message is None:
        return None
    if not message.recipient_email:
        outcomes.failed(claim, _("No address is known."))
        return None
    if reason := suppression.why_not(message):
        outcomes.failed(claim, reason)
        return None
    try:
        if unsubscribe.is_unwanted(message):
            raise ReasonGone(_("The person wants no optional messages"))
        return _written(claim, message, together or Together())
    except ReasonGone as gone:
        outcomes.cancelled(claim, str(gone))
    except Refused as refused:
        outcomes.failed(claim, refused.words)
    except (OperationalError, InterfaceError):
        raise  # our trouble, not the message's
    except Exception as error:  # noqa: BLE001 - whatever a room's renderer does, the others' messages go out
        log_mistake(claim.pk, error)
        words = str(error) if isinstance(error, TextError | LookupError) else type(error).__name__
        outcomes.failed(claim, _("The message could not be written: %(error)s") % {"error": words})
    return None


def _written(claim: Claim, message: Message, together: Together) -> Written:
    content, rendered = prepare(message, together)
    letter = letter_of(message, content, rendered)
    letter.seal()
    kept = blank_link(rendered.text, content.action_url, message.language)
    return Written(claim, message, rendered.subject, kept, letter, together.at)


def prepare(message: Message, together: Together | None = None) -> tuple[Content, Rendered]:
    """The message as it would go out now, in the person's language. Raises ReasonGone, TextError or LookupError."""
    together = together or Together()
    with override(message.language):
        content = together.build(message)
        if registered(message.kind).optional:
            content = replace(content, leave_url=unsubscribe.unsubscribe_link(message))
        text = content.text or together.text(message)
        return content, render(message.kind, message.language, content, text=text)


def letter_of(message: Message, content: Content, rendered: Rendered) -> Letter:
    """Both forms of the same words, with the headers that mail programs and machines look at."""
    sender = _sender(one_line(content.from_name) or _organiser(message), settings.MAIL_FROM)
    back = return_path(message.uuid)
    letter = Letter(
        subject=rendered.subject,
        body=rendered.text,
        from_email=back or sender,  # the envelope's; people see the header
        to=[_address(one_line(message.recipient_name), message.recipient_email)],
        reply_to=[content.reply_to] if content.reply_to else None,
        headers={
            "From": sender,
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            **unsubscribe.unsubscribe_headers(message),
            **provider_headers(message),
        },
    )
    envelope = back or settings.MAIL_FROM, message.recipient_email
    letter.envelope = envelope if all(map(PLAIN_ADDRESS.fullmatch, envelope)) else None
    letter.attach_alternative(rendered.html, "text/html")
    for attachment in content.attachments:
        text = attachment.content_type.startswith("text/")
        body = attachment.content.decode() if text else attachment.content
        letter.attach(attachment.filename, body, attachment.content_type)
    return letter


def _address(name: str, address: str) -> str:
    """The address with its name, quoted where the name needs it; encoding is the mail library's business."""
    try:
        if PLAIN_ADDRESS.fullmatch(address):  # the library's parser is thorough and slow
            local, _at, domain = address.partition("@")
            return str(Address(name, local, domain))
        return str(Address(name, addr_spec=address))
    except ValueError as error:  # what the parser of addresses raises, all kinds of it
        raise Refused(_("This address cannot be written to."), permanent=True) from error


_sender = lru_cache(maxsize=64)(_address)


def _organiser(message: Message) -> str:
    conference = message.conference
    return one_line(conference.organised_by or conference.commissioner) if conference else ""
