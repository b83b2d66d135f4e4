"""What rooms above tell about the items of a running order: who speaks, and what is wrong.

The core shows and publishes the programme without knowing experts. Rooms register when they start.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value

from conference.models import Conference, Item, Session


class RunningOrder:
    """What a conference's running order holds, read once for all who look at it on one page.

    ``memo`` is for the rooms above: what one of their providers has read, another one need not read again.
    """

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.memo: dict[str, Any] = {}

    @cached_property
    def _sessions(self) -> list[tuple[Session, list[str]]]:
        names = ArrayAgg(
            "facilitators__user__name",
            filter=Q(facilitators__isnull=False),
            default=Value([]),
            order_by="facilitators__user__name",
        )
        held = Session.objects.filter(conference=self.conference).held().annotate(names=names)
        found = [
            (session, list(session.names))  # type: ignore[attr-defined]  # annotated
            for session in held.order_by("starts_at", "id")
        ]
        for session, _names in found:
            session.conference = self.conference
        return found

    @property
    def sessions(self) -> list[Session]:
        """Those that are held, in order."""
        return [session for session, _names in self._sessions]

    @cached_property
    def facilitators(self) -> dict[int, list[str]]:
        """The names of those who facilitate, by session."""
        return {session.pk: names for session, names in self._sessions}

    @cached_property
    def items(self) -> list[Item]:
        """Those of all these sessions, in order."""
        sessions = {session.pk: session for session in self.sessions}
        items = Item.objects.filter(session__conference=self.conference).held().select_related("room", "lead__user")
        found = [item for item in items.order_by("starts_at", "id") if item.session_id in sessions]
        for item in found:
            item.session = sessions[item.session_id]
        return found


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks in an item. ``key`` ("expert:<uuid>") never changes; it tells whom a change concerns."""

    key: str
    name: str
    about: str = ""  # affiliation or field, as the public may read it
    is_sure: bool = True  # has accepted; the public reads no other name
    url: str = ""  # of their page in the cockpit
    position: str = ""  # where they stand, in words; for the cockpit


@dataclass(frozen=True)
class Conflict:
    """Something that does not hold in the programme. ``items`` and ``sessions``: where, by their keys in the database.

    ``text`` says it anywhere; ``at``, by the key of an item, says it in short beside that item. ``advice``: what to do.
    """

    text: str
    items: tuple[int, ...] = ()
    sessions: tuple[int, ...] = ()
    is_mild: bool = False  # worth knowing, but not a conflict
    url: str = ""  # where it is mended, if not on the item itself
    advice: str = ""
    at: Mapping[int, str] = field(default_factory=dict)


type Speakers = Callable[[RunningOrder], Mapping[int, list[Speaker]]]
type Conflicts = Callable[[RunningOrder], Iterable[Conflict]]

_SPEAKERS: list[Speakers] = []
_CONFLICTS: list[Conflicts] = []


def register_speakers(provider: Speakers) -> None:
    """``provider(order)``: the speakers of each item, by the item's key, in a constant number of queries."""
    _SPEAKERS.append(provider)


def register_conflicts(provider: Conflicts) -> None:
    _CONFLICTS.append(provider)


def speakers_of(of: Conference | RunningOrder) -> dict[int, list[Speaker]]:
    order = of if isinstance(of, RunningOrder) else RunningOrder(of)
    found: dict[int, list[Speaker]] = {}
    for provider in _SPEAKERS:
        for item, speakers in provider(order).items():
            found.setdefault(item, []).extend(speakers)
    return found


def conflicts_of(of: Conference | RunningOrder) -> list[Conflict]:
    order = of if isinstance(of, RunningOrder) else RunningOrder(of)
    return [conflict for provider in _CONFLICTS for conflict in provider(order)]
