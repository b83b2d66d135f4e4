"""Messages to many that go out when an organiser says so: who was not drawn, thanks after the last session.

Rooms above register theirs when they start, so that the core need not know whom it writes to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from conference.mail.domain.many import Addressee
from conference.mail.enums import Kind
from conference.models import Conference


@dataclass(frozen=True)
class Registered:
    """``addressees``: those who would be written to now, without those who have been. ``not_yet``: why it is too early, or ""."""

    kind: Kind
    addressees: Callable[[Conference], list[Addressee]]
    not_yet: Callable[[Conference], str]


@dataclass(frozen=True)
class Sending:
    kind: Kind
    addressees: list[Addressee]
    not_yet: str

    @property
    def count(self) -> int:
        return len(self.addressees)

    @property
    def name(self) -> str:
        return str(self.kind.label)


_SENDINGS: dict[Kind, Registered] = {}


def register_sending(sending: Registered) -> None:
    _SENDINGS[sending.kind] = sending


def sending_of(conference: Conference, kind: Kind) -> Sending | None:
    found = _SENDINGS.get(kind)
    if found is None:
        return None
    not_yet = found.not_yet(conference)
    return Sending(kind, [] if not_yet else found.addressees(conference), not_yet)


def sendings_of(conference: Conference) -> list[Sending]:
    """All, in the order in which rooms registered them; those that are too early say so."""
    found = (sending_of(conference, kind) for kind in _SENDINGS)
    return [sending for sending in found if sending is not None]
