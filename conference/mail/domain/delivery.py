"""Taking due messages out of the outbox and handing them to the mail server.

Claim under lock, commit, send, commit. No lock is held while talking to the server, and no state is ever guessed: a
message whose worker died between the two commits may have gone out; it is tried once more with the same Message-ID.
``claimed_at`` is the dispatcher's token: whoever does not hold the row's latest one has nothing more to say about it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.mail.domain.kinds import Content, ReasonGone, Registered, registered
from conference.mail.domain.render import Rendered, TextError, blank_link, one_line, render
from conference.mail.domain.server import Refused, Server, ServerGone, connected
from conference.mail.domain.states import move
from conference.mail.enums import State
from conference.mail.models import Heartbeat, Message

logger = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(minutes=15)  # a claim older than this has lost its worker
TAKE_UP_WITHIN = timedelta(minutes=10)  # a claim older than this is given back instead of begun
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 960, 1200)]  # about two days in all
DISPATCHER = "dispatch"
SERVER = "mail-taken"  # heartbeat: when the server last took a message
SERVER_GONE = "mail-refused"  # heartbeat: when it was last out of reach

type Claim = tuple[int, datetime]
type Tell = Callable[[Registered, Message], object]


def dispatch() -> int:
    """Send everything that is due. Returns how many messages were taken up."""
    done = 0
    while True:
        now = timezone.now()
        _beat(DISPATCHER, now)
        recover(now)
        claims = claim(now)
        if not claims:
            return done
        done += len(claims)
        if not _send_all(claims):
            return done


def _beat(name: str, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def _send_all(claims: list[Claim]) -> bool:
    """False when the server went away: the rest of the batch waits, without counting as an attempt."""
    with connected() as server:
        for position, claimed in enumerate(claims):
            try:
                deliver(claimed, server)
            except ServerGone as error:
                _beat(SERVER_GONE, timezone.now())
                for waiting in claims[position + 1 :]:
                    give_back(waiting, words=str(error))
                return False
    return True


@transaction.atomic
def claim(now: datetime, limit: int = BATCH) -> list[Claim]:
    """Take up to ``limit`` due messages; other dispatchers skip them. What would come too late is marked as missed."""
    due = list(Message.objects.due(now).select_for_update(skip_locked=True).order_by("due_at", "pk")[:limit])
    missed = [message.pk for message in due if message.expires_at and message.expires_at <= now]
    taken = [message.pk for message in due if message.pk not in set(missed)]
    Message.objects.filter(pk__in=missed).update(state=State.MISSED, state_reason=_("It would have come too late"))
    Message.objects.filter(pk__in=taken).update(state=State.SENDING, claimed_at=now)
    if missed and not taken:
        return claim(now, limit)
    return [(pk, now) for pk in taken]


@transaction.atomic
def recover(now: datetime) -> int:
    """Messages whose worker died while sending: once more, with the same Message-ID; then a person decides."""
    lost = Message.objects.filter(state=State.SENDING, claimed_at__lt=now - LEASE).select_for_update(skip_locked=True)
    for message in lost:
        again = not message.data.get("recovered")
        message.data["recovered"] = True
        move(message, State.RETRY if again else State.FAILED)
        message.due_at = now
        message.last_error = _("The worker stopped while sending; whether the message arrived is not known.")
        message.save(update_fields=["data", "state", "due_at", "last_error"])
    return len(lost)


def deliver(claimed: Claim, server: Server) -> None:
    """Write one claimed message, send it, and note what came of it. Raises ServerGone only, after noting that too."""
    pk, claimed_at = claimed
    if timezone.now() - claimed_at > TAKE_UP_WITHIN:
        give_back(claimed)
        return
    message = (
        Message.objects.select_related("conference").filter(pk=pk, state=State.SENDING, claimed_at=claimed_at).first()
    )
    if message is None:
        return
    if not message.recipient_email:
        _fail(claimed, _("No address is known."))
        return
    try:
        content, rendered = prepare(message)
        letter = letter_of(message, content, rendered)
    except ReasonGone as gone:
        _cancel(claimed, str(gone))
        return
    except Refused as refused:
        _fail(claimed, refused.words)
        return
    except Exception as error:  # noqa: BLE001 - whatever a room's renderer does, the others' messages go out
        logger.error("Message %s (%s) could not be written: %s", message.uuid, message.kind, type(error).__name__)
        words = str(error) if isinstance(error, TextError | LookupError) else type(error).__name__
        _fail(claimed, _("The message could not be written: %(error)s") % {"error": words})
        return
    try:
        server.send(letter)
    except Refused as refused:
        _again_or_fail(claimed, refused.words, permanent=refused.permanent)
    except ServerGone as gone:
        _again_or_fail(claimed, str(gone), permanent=False)
        raise
    except Exception as error:  # noqa: BLE001 - a letter that the library cannot write down must not stop the others
        logger.error("Message %s (%s) could not be sent: %s", message.uuid, message.kind, type(error).__name__)
        _fail(claimed, _("The message could not be written: %(error)s") % {"error": type(error).__name__})
    else:
        _sent(claimed, content, rendered)


def prepare(message: Message) -> tuple[Content, Rendered]:
    """The message as it would go out now, in the person's language. Raises ReasonGone, TextError or LookupError."""
    with override(message.language):
        content = registered(message.kind).build(message)
        return content, render(message.kind, message.language, content)


def letter_of(message: Message, content: Content, rendered: Rendered) -> EmailMultiAlternatives:
    """Both forms of the same words, with the headers that mail programs and machines look at."""
    sender = one_line(content.from_name) or _organiser(message)
    letter = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_address(sender, settings.MAIL_FROM),
        to=[_address(one_line(message.recipient_name), message.recipient_email)],
        reply_to=[content.reply_to] if content.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    letter.attach_alternative(rendered.html, "text/html")
    for attachment in content.attachments:
        text = attachment.content_type.startswith("text/")
        body = attachment.content.decode() if text else attachment.content
        letter.attach(attachment.filename, body, attachment.content_type)
    return letter


def _address(name: str, address: str) -> str:
    """The address with its name, quoted where the name needs it; encoding is the mail library's business."""
    try:
        return str(Address(name, addr_spec=address))
    except ValueError as error:  # what the parser of addresses raises, all kinds of it
        raise Refused(_("This address cannot be written to."), permanent=True) from error


def _organiser(message: Message) -> str:
    conference = message.conference
    return one_line(conference.organised_by or conference.commissioner) if conference else ""


# -- What came of it ---------------------------------------------------------------------------------------------------
@contextmanager
def _held(claimed: Claim) -> Iterator[Message | None]:
    """The message, locked, if it is still this dispatcher's."""
    pk, claimed_at = claimed
    with transaction.atomic():
        yield (
            Message.objects.select_for_update(of=("self",))
            .filter(pk=pk, state=State.SENDING, claimed_at=claimed_at)
            .first()
        )


def give_back(claimed: Claim, *, words: str = "") -> None:
    """Not begun: due again in a minute, and no attempt counted."""
    with _held(claimed) as message:
        if message is None:
            return
        move(message, State.RETRY)
        message.due_at = timezone.now() + WAITS[0]
        message.last_error = words[:1000]
        message.save(update_fields=["state", "due_at", "last_error"])


def _cancel(claimed: Claim, reason: str) -> None:
    with _held(claimed) as message:
        if message is None:
            return
        move(message, State.CANCELLED)
        message.state_reason, message.last_error = reason[:200], ""
        message.save(update_fields=["state", "state_reason", "last_error"])


def _fail(claimed: Claim, words: str) -> None:
    with _held(claimed) as message:
        if message is not None:
            _failed(message, words, permanent=True)


def _failed(message: Message, words: str, *, permanent: bool) -> None:
    move(message, State.FAILED)
    message.last_error = words[:1000]
    message.save(update_fields=["state", "attempts", "last_error"])
    _tell_room(message, lambda room, message: room.on_failed and room.on_failed(message, permanent))


def _again_or_fail(claimed: Claim, words: str, *, permanent: bool) -> None:
    with _held(claimed) as message:
        if message is None:
            return
        message.attempts += 1
        if permanent or message.attempts > len(WAITS):
            _failed(message, words, permanent=permanent)
            return
        move(message, State.RETRY)
        message.last_error = words[:1000]
        message.due_at = timezone.now() + WAITS[message.attempts - 1]
        message.save(update_fields=["state", "attempts", "last_error", "due_at"])


def _sent(claimed: Claim, content: Content, rendered: Rendered) -> None:
    now = timezone.now()
    with _held(claimed) as message:
        if message is None:
            return
        move(message, State.SENT)
        message.attempts += 1
        message.sent_at, message.last_error, message.state_reason = now, "", ""
        message.subject = rendered.subject
        message.body_text = blank_link(rendered.text, content.action_url, message.language)
        fields = ["state", "attempts", "sent_at", "last_error", "state_reason", "subject", "body_text"]
        message.save(update_fields=fields)
        _tell_room(message, lambda room, message: room.after_sent and room.after_sent(message))
    _beat(SERVER, now)


def _tell_room(message: Message, tell: Tell) -> None:
    """In the same transaction, but its failure must not undo what is true: that would send the message again."""
    try:
        with transaction.atomic():
            tell(registered(message.kind), message)
    except Exception as error:  # noqa: BLE001 - and its words stay out of the log: they may hold an address
        logger.error(
            "Message %s (%s): the room could not be told: %s", message.uuid, message.kind, type(error).__name__
        )
