"""What rooms above tell about the items of a running order: who speaks, and what is wrong.

The core shows and publishes the programme without knowing experts. Rooms register when they start.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from conference.models import Conference


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
    """Something that does not hold in the programme. ``items`` and ``sessions``: where, by their keys in the database."""

    text: str
    items: tuple[int, ...] = ()
    sessions: tuple[int, ...] = ()
    is_mild: bool = False  # worth knowing, but not a conflict
    url: str = ""  # where it is mended, if not on the item itself


type Speakers = Callable[[Conference], Mapping[int, list[Speaker]]]
type Conflicts = Callable[[Conference], Iterable[Conflict]]

_SPEAKERS: list[Speakers] = []
_CONFLICTS: list[Conflicts] = []


def register_speakers(provider: Speakers) -> None:
    """``provider(conference)``: the speakers of each of its items, by the item's key, in a constant number of queries."""
    _SPEAKERS.append(provider)


def register_conflicts(provider: Conflicts) -> None:
    _CONFLICTS.append(provider)


def speakers_of(conference: Conference) -> dict[int, list[Speaker]]:
    found: dict[int, list[Speaker]] = {}
    for provider in _SPEAKERS:
        for item, speakers in provider(conference).items():
            found.setdefault(item, []).extend(speakers)
    return found


def conflicts_of(conference: Conference) -> list[Conflict]:
    return [conflict for provider in _CONFLICTS for conflict in provider(conference)]
