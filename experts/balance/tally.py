"""Experts and minutes added up along one axis. Whatever the axis, every expert and every minute is counted once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from experts.balance.scene import Scene, Voice, side_of
from experts.enums import Side

UNSAID = ""  # the row of those who have not said


@dataclass(frozen=True)
class Row:
    """One value of an axis. ``question_minutes`` is the time in which they are asked, beside the ``minutes`` of talk."""

    key: str
    experts: int = 0
    minutes: int = 0
    question_minutes: int = 0


@dataclass(frozen=True)
class Tally:
    rows: tuple[Row, ...]

    @property
    def experts(self) -> int:
        return sum(row.experts for row in self.rows)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def question_minutes(self) -> int:
        return sum(row.question_minutes for row in self.rows)

    def row(self, key: str) -> Row:
        return next((row for row in self.rows if row.key == key), Row(key))


def tally(scene: Scene, key_of: Callable[[Voice], str], options: Iterable[str]) -> Tally:
    """A row for each option in this order, then for what is none of them, last for those who have not said."""
    keys = {voice.key: key_of(voice) for voice in scene.voices}
    talked, asked = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for turn in scene.turns:
        talked[turn.expert] += turn.minutes
        asked[turn.expert] += turn.question_minutes
    listed = [str(option) for option in options]
    others = sorted(set(keys.values()) - {*listed, UNSAID})
    rows = []
    for value in (*listed, *others, UNSAID):
        mine = [expert for expert, key in keys.items() if key == value]
        if mine or value in listed:
            rows.append(Row(value, len(mine), sum(talked[e] for e in mine), sum(asked[e] for e in mine)))
    return Tally(tuple(rows))


def by_side(scene: Scene, question: int | None = None) -> Tally:
    """The two sides and those between, on the whole or on one key question."""

    def key(voice: Voice) -> str:
        side = voice.side if question is None else side_of(voice.stances.get(question, ""))
        return side.value if side else UNSAID

    return tally(scene, key, Side)
