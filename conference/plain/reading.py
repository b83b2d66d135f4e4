"""What the measure hands back: counts, scores, a verdict in three steps, and marks on the source text."""

from dataclasses import dataclass, field

from conference.plain.kinds import Kind, Verdict
from conference.plain.words import ADVICE

LANGUAGES = ("fr", "en")
LONG_SENTENCE = 25  # words, from here on "long"
VERY_LONG_SENTENCE = 35
SHORT_TEXT = 100  # words: the formulas were made for samples of at least this length


@dataclass(frozen=True)
class Mark:
    """``text[start:end]`` of the source, what it is, and what could be done. ``count``: words, where it is a sentence."""

    start: int
    end: int
    kind: Kind
    word: str = ""  # as a glossary would list it
    count: int = 0

    @property
    def advice(self) -> str:
        return ADVICE[self.kind]


@dataclass(frozen=True)
class Score:
    """The value of a published formula, unrounded, and where it was published."""

    name: str
    value: float
    source: str


@dataclass(frozen=True)
class Reading:
    """A measured text. ``verdict`` is None where there is nothing to judge: no word at all.

    ``known`` are the places where a glossary term is first used: not faults, but where a link helps.
    """

    language: str
    words: int
    sentences: int
    syllables: int
    long_words: int
    minutes: float
    mean_sentence: float
    longest_sentence: int
    score: Score
    lix: Score
    verdict: Verdict | None
    marks: tuple[Mark, ...] = field(default=())
    known: tuple[Mark, ...] = field(default=())

    def count(self, *kinds: Kind) -> int:
        return sum(1 for mark in self.marks if mark.kind in kinds)

    @property
    def is_short(self) -> bool:
        """Too short for the published formulas to mean much."""
        return self.words < SHORT_TEXT
