"""The facts that the balance board is reckoned from. Pure: no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from experts.enums import ExpertState, Position, Side
from experts.rules import SIDE_OF


class Scope(TextChoices):
    """Whom the board counts. Each holds those of the next: what if everybody comes, or only those who said yes."""

    LISTED = "listed", pgettext_lazy("whom the board counts", "The whole long list")
    APPROVED = "approved", pgettext_lazy("whom the board counts", "Approved")
    INVITED = "invited", pgettext_lazy("whom the board counts", "Invited")
    ACCEPTED = "accepted", pgettext_lazy("whom the board counts", "Accepted")


_ORDER = (ExpertState.LISTED, ExpertState.APPROVED, ExpertState.INVITED, ExpertState.ACCEPTED)
STATES: Mapping[Scope, frozenset[ExpertState]] = {
    scope: frozenset(_ORDER[number:]) for number, scope in enumerate(Scope)
}


@dataclass(frozen=True)
class Voice:
    """An expert as the board sees one. Empty: they have not said."""

    key: str  # their uuid
    state: str = ExpertState.ACCEPTED
    position: str = ""
    proposed_by: str = ""
    sector: str = ""
    gender: str = ""
    stances: Mapping[int, str] = field(default_factory=dict)  # question's key -> position
    asked: frozenset[int] = frozenset()

    @property
    def side(self) -> Side | None:
        return side_of(self.position)


def side_of(position: str) -> Side | None:
    return SIDE_OF[Position(position)] if position else None


@dataclass(frozen=True)
class Turn:
    """An expert's part in a session. ``rank``: its place among the starts of that session; None as long as it has no
    hour. Two who begin together have the same rank."""

    expert: str
    minutes: int
    question_minutes: int = 0
    rank: int | None = None


@dataclass(frozen=True)
class Meeting:
    """A session that is held, with the turns in it."""

    key: int
    turns: tuple[Turn, ...] = ()

    @property
    def in_order(self) -> tuple[Turn, ...]:
        """The talks whose hour is known, from first to last."""
        placed = [(turn.rank, turn) for turn in self.turns if turn.rank is not None and turn.minutes]
        return tuple(turn for _rank, turn in sorted(placed, key=lambda pair: pair[0]))


@dataclass(frozen=True)
class Scene:
    """All that a board is reckoned from."""

    voices: tuple[Voice, ...]
    meetings: tuple[Meeting, ...] = ()
    questions: tuple[int, ...] = ()
    without_speaker: int = 0  # minutes of talks that stand in the running order and have no speaker yet

    def of(self, scope: Scope) -> "Scene":
        """As if only those came whom the scope counts; the others' turns fall away."""
        voices = tuple(voice for voice in self.voices if voice.state in STATES[scope])
        kept = {voice.key for voice in voices}
        meetings = tuple(
            replace(meeting, turns=tuple(turn for turn in meeting.turns if turn.expert in kept))
            for meeting in self.meetings
        )
        return replace(self, voices=voices, meetings=meetings)

    @property
    def turns(self) -> Iterable[Turn]:
        return (turn for meeting in self.meetings for turn in meeting.turns)

    @property
    def minutes(self) -> int:
        """Minutes of talk, as in the programme: neither questions nor talks without a speaker."""
        return sum(turn.minutes for turn in self.turns)

    def minutes_by_expert(self) -> dict[str, int]:
        found = dict.fromkeys((voice.key for voice in self.voices), 0)
        for turn in self.turns:
            found[turn.expert] = found.get(turn.expert, 0) + turn.minutes
        return found

    def voice_by_key(self) -> dict[str, Voice]:
        return {voice.key: voice for voice in self.voices}
