"""Where the items of a day stand on its clock: rows by the hour, lanes side by side. Pure: minutes, no database.

A row begins wherever something begins or ends, so that what happens at once stands at one height in every room, however
long its words are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_ROWS = 90  # what the style sheet knows; a fuller day is shown as a list
MOST_LANES = 6


@dataclass(frozen=True)
class Piece:
    """An item in minutes after midnight of its day."""

    key: int
    starts: int
    ends: int
    room: str = ""


@dataclass(frozen=True)
class Place:
    """Rows and lanes count from 1. ``lanes``: how many stand side by side at that time."""

    row: int
    rows: int
    lane: int = 1
    lanes: int = 1


@dataclass(frozen=True)
class Tick:
    """One row of the clock."""

    at: int
    minutes: int
    row: int
    is_free: bool


@dataclass(frozen=True)
class Timetable:
    places: Mapping[int, Place]
    ticks: tuple[Tick, ...]

    @property
    def fits(self) -> bool:
        return len(self.ticks) <= MOST_ROWS and all(place.lanes <= MOST_LANES for place in self.places.values())


def timetable(pieces: Sequence[Piece], starts: int, ends: int) -> Timetable:
    """``starts`` and ``ends`` are those of the session on this day; what lies beyond them is shown all the same."""
    moments = sorted({starts, ends, *(one.starts for one in pieces), *(one.ends for one in pieces)})
    row_at = {moment: row for row, moment in enumerate(moments, start=1)}
    places: dict[int, Place] = {}
    for cluster in _clusters(pieces):
        lanes = _lanes(cluster)
        for lane, members in enumerate(lanes, start=1):
            for one in members:
                row = row_at[one.starts]
                places[one.key] = Place(row, row_at[one.ends] - row, lane, len(lanes))
    ticks = (
        Tick(first, last - first, row_at[first], not any(one.starts < last and first < one.ends for one in pieces))
        for first, last in pairwise(moments)
    )
    return Timetable(places, tuple(ticks))


def _clusters(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Items that overlap, directly or through others, stand together."""
    clusters: list[list[Piece]] = []
    last = 0
    for one in sorted(pieces, key=lambda piece: (piece.starts, piece.ends, piece.key)):
        if clusters and one.starts < last:
            clusters[-1].append(one)
            last = max(last, one.ends)
        else:
            clusters.append([one])
            last = one.ends
    return clusters


def _lanes(cluster: Sequence[Piece]) -> list[list[Piece]]:
    """One lane for each room, in the order of their names; two at once in one room stand in neighbouring lanes."""
    rooms: dict[str, list[list[Piece]]] = {}
    for one in cluster:
        lanes = rooms.setdefault(one.room, [])
        free = next((lane for lane in lanes if lane[-1].ends <= one.starts), None)
        if free is None:
            lanes.append([one])
        else:
            free.append(one)
    return [lane for _room, lanes in sorted(rooms.items()) for lane in lanes]
