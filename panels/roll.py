"""What the marks of a roll call come to. Pure: the same marks give the same state, in whatever order they arrive.

Three registers for each citizen and half-day, each held by its latest mark (the identifier decides between two of the
same instant): presence (present, late, absent, not noted), leaving (left, stayed) and signature. So two tablets that
were both without network never undo each other's work in another register, and what was overruled stays in the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Protocol

from panels.enums import MarkKind

PRESENCE = frozenset({MarkKind.PRESENT, MarkKind.LATE, MarkKind.ABSENT, MarkKind.CLEARED})
LEAVING = frozenset({MarkKind.LEFT, MarkKind.STAYED})
HERE = frozenset({MarkKind.PRESENT, MarkKind.LATE})

FIELD_WIDTH, FIELD_HEIGHT = 600, 200  # of a signature
MOST_STROKES, MOST_NUMBERS = 60, 4000


class Noted(Protocol):
    """A mark, from the database or made by hand. Any: the type checker does not see through a model's fields here."""

    uuid: Any  # UUID
    kind: Any  # a MarkKind
    clock: Any  # time | None
    made_at: Any  # datetime


@dataclass(frozen=True)
class Presence[M: Noted]:
    """One citizen in one half-day."""

    presence: M | None = None
    leaving: M | None = None
    signature: M | None = None

    @property
    def kind(self) -> str:
        return str(self.presence.kind) if self.presence else MarkKind.CLEARED

    @property
    def is_here(self) -> bool:
        return self.kind in HERE

    @property
    def is_noted(self) -> bool:
        return self.kind != MarkKind.CLEARED

    @property
    def late(self) -> time | None:
        clock: time | None = self.presence.clock if self.presence and self.kind == MarkKind.LATE else None
        return clock

    @property
    def left(self) -> time | None:
        leaves = self.leaving is not None and self.is_here and self.leaving.kind == MarkKind.LEFT
        clock: time | None = self.leaving.clock if self.leaving and leaves else None
        return clock

    def minutes(self, starts_at: datetime, ends_at: datetime, day: date, zone: tzinfo) -> int:
        """How long they were there, in whole minutes, within the half-day."""
        if not self.is_here:
            return 0
        came = datetime.combine(day, self.late, zone) if self.late else starts_at
        went = datetime.combine(day, self.left, zone) if self.left else ends_at
        stayed = min(went, ends_at) - max(came, starts_at)
        return max(0, int(stayed / timedelta(minutes=1)))


def fold[M: Noted](marks: Iterable[M]) -> Presence[M]:
    """The state that the marks of one citizen in one half-day come to."""
    presence: M | None = None
    leaving: M | None = None
    signature: M | None = None
    for mark in sorted(marks, key=lambda one: (one.made_at, one.uuid)):
        if mark.kind in PRESENCE:
            presence = mark
        elif mark.kind in LEAVING:
            leaving = mark
        else:
            signature = mark
    return Presence(presence, leaving, signature)


def clean_strokes(raw: object) -> list[list[int]] | None:
    """The strokes of a signature if they are that and nothing else: whole numbers within the field, not too many."""
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_STROKES:
        return None
    strokes: list[list[int]] = []
    for stroke in raw:
        if not isinstance(stroke, list) or len(stroke) < 2 or len(stroke) % 2:
            return None
        if not all(type(number) is int for number in stroke):
            return None
        if not all(0 <= number <= (FIELD_HEIGHT if at % 2 else FIELD_WIDTH) for at, number in enumerate(stroke)):
            return None
        strokes.append(stroke)
    return strokes if 4 <= sum(map(len, strokes)) <= MOST_NUMBERS else None


def path_of(strokes: list[list[int]]) -> str:
    """The strokes as the path of an SVG; a dot is a line of no length, which round ends make visible."""
    parts = []
    for stroke in strokes:
        points = [f"{stroke[at]} {stroke[at + 1]}" for at in range(0, len(stroke), 2)]
        parts.append(f"M{points[0]}L" + " ".join(points[1:] or points))
    return "".join(parts)
