"""Which room fills which kind of message. Rooms register when they start; the outbox knows no room."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
ForMany = Callable[[Collection[Message]], Build]
AfterSent = Callable[[Message], None]
AfterManySent = Callable[[Collection[Message]], Collection[int]]
OnFailed = Callable[[Message, bool], None]


@dataclass(frozen=True)
class Registered:
    build: Build
    after_sent: AfterSent | None = field(default=None)
    on_failed: OnFailed | None = field(default=None)
    optional: bool = False  # with a link to leave such messages; never a duty
    for_many: ForMany | None = field(default=None)
    after_many_sent: AfterManySent | None = field(default=None)


def alone(for_many: ForMany) -> Build:
    """``build`` of one message, where the room has written it for many."""
    return lambda message: for_many([message])(message)


_KINDS: dict[str, Registered] = {}


def register_kind(
    kind: Kind,
    build: Build,
    after_sent: AfterSent | None = None,
    on_failed: OnFailed | None = None,
    *,
    optional: bool = False,
    for_many: ForMany | None = None,
    after_many_sent: AfterManySent | None = None,
) -> None:
    """``build`` runs at the moment of sending. ``after_sent`` and ``on_failed(message, permanent)`` run once it has been
    noted that the message is sent, or has failed or come back: a moment later, in a transaction of their own, and again
    if that breaks off. ``optional``: people may leave it.

    Where thousands go out: ``for_many`` reads what the given messages need in a few queries and returns a ``build`` for
    them; ``after_many_sent`` is called once for many and returns the ids of those that are done. It must wait for nobody:
    what somebody holds it passes over, and ``after_sent`` sees to these one by one.
    """
    _KINDS[kind] = Registered(build, after_sent, on_failed, optional, for_many, after_many_sent)


def registered(kind: str) -> Registered:
    try:
        return _KINDS[kind]
    except KeyError:
        raise LookupError(f"No room has registered the kind {kind!r}.") from None
