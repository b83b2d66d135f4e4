"""Which room fills which kind of message. Rooms register when they start; the outbox knows no room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from conference.mail.enums import Kind
from conference.mail.models import Message


class ReasonGone(Exception):  # noqa: N818 - not an error: the message is cancelled with these words
    """At the moment of sending, the reason for the message no longer holds."""


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Text:
    """Words with named places. ``language``: where it is not the one that was asked for."""

    subject: str
    body: str
    language: str = ""


@dataclass(frozen=True)
class Content:
    """What fills the places of a text."""

    placeholders: Mapping[str, str]
    attachments: Sequence[Attachment] = ()
    reply_to: str = ""
    from_name: str = ""
    action_url: str = ""
    action_label: str = ""
    leave_url: str = ""  # of an optional message: where to receive no more of them
    text: Text | None = None  # words of its own, instead of those of its kind


Build = Callable[[Message], Content]
AfterSent = Callable[[Message], None]
OnFailed = Callable[[Message, bool], None]


@dataclass(frozen=True)
class Registered:
    build: Build
    after_sent: AfterSent | None = field(default=None)
    on_failed: OnFailed | None = field(default=None)
    optional: bool = False  # with a link to leave such messages; never a duty


_KINDS: dict[str, Registered] = {}


def register_kind(
    kind: Kind,
    build: Build,
    after_sent: AfterSent | None = None,
    on_failed: OnFailed | None = None,
    *,
    optional: bool = False,
) -> None:
    """``build`` runs at the moment of sending; ``after_sent`` in the transaction that marks the message as sent;
    ``on_failed(message, permanent)`` in the one that marks it as failed or as come back. ``optional``: people may leave it.
    """
    _KINDS[kind] = Registered(build, after_sent, on_failed, optional)


def registered(kind: str) -> Registered:
    try:
        return _KINDS[kind]
    except KeyError:
        raise LookupError(f"No room has registered the kind {kind!r}.") from None
