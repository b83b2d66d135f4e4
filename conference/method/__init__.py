"""The programmes of known methods, as data: sessions with their running order, from a first day.

Each file in ``programmes`` is one template (TOML). Days count from 0, hours are "9:30", items follow one another.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "programmes"


@dataclass(frozen=True)
class PlannedItem:
    kind: str
    titles: Mapping[str, str]
    minutes: int

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["fr"]


@dataclass(frozen=True)
class PlannedSession:
    """``day`` counts from the first one; ``starts`` and ``ends`` are minutes after midnight."""

    day: int
    kind: str
    titles: Mapping[str, str]
    starts: int
    ends: int
    is_public: bool
    items: tuple[PlannedItem, ...]

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["fr"]


@dataclass(frozen=True)
class Plan:
    key: str
    names: Mapping[str, str]
    abouts: Mapping[str, str]
    sessions: tuple[PlannedSession, ...]

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["fr"]

    def about(self, language: str) -> str:
        return self.abouts.get(language) or self.abouts["fr"]


@cache
def plans() -> Mapping[str, Plan]:
    """The templates by key, in the order of their files."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> Plan:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Plan(path.stem, raw["name"], raw["about"], tuple(_session(one) for one in raw["session"]))


def _session(raw: dict[str, Any]) -> PlannedSession:
    return PlannedSession(
        day=raw["day"],
        kind=raw["kind"],
        titles=raw["title"],
        starts=_minute(raw["from"]),
        ends=_minute(raw["to"]),
        is_public=raw.get("public", False),
        items=tuple(
            PlannedItem(kind, {"fr": french, "en": english}, minutes) for minutes, kind, french, english in raw["items"]
        ),
    )


def _minute(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * 60 + int(minutes)
