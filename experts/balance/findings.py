"""What is missing in a board, and where the thresholds come from. Pure: no database, no words.

Thresholds, and why they stand where they stand:

- ``LEAST_SHARE`` (our choice): of the time of the two opposed sides, each has more than 40 per cent. Talks come in whole
  pieces, mostly of twenty minutes: with two against two the shares are equal, with two against three they are 40 and 60,
  and there we speak up. It is the same bound as ``rules.UNEVEN``.
- Each side at least once, on the whole and on each key question: training by opposing views is what the method means
  (CNDP round table on citizen conferences; the Danish Board of Technology names partisans of opposing views).
- Order (our choice): what is heard first and last weighs more in memory and judgement (C. I. Hovland and others, *The
  Order of Presentation in Persuasion*, 1957). One session must begin with somebody; every session beginning with the
  same side is avoidable.
- ``LEAST_GENDER``: 40 per cent, the share that French law asks of the boards of large companies (loi no 2011-103 of
  27 January 2011), looked at from three speakers on.
- One sector alone, nobody proposed by the citizens (our choice; the French citizens' conference of 2013 on the end of
  life let the citizens choose half of the speakers).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from experts.balance.scene import Meeting, Scene, side_of
from experts.balance.tally import UNSAID, Tally, by_side, tally
from experts.enums import Gender, ProposedBy, Sector, Side
from experts.rules import OPPOSED, UNEVEN

LEAST_SHARE = Fraction(1) / (1 + Fraction(str(UNEVEN)))  # 2/5 of the time of the two sides
LEAST_GENDER = Fraction(2, 5)
FEW = 3  # fewer speakers than this say nothing about gender


class What(StrEnum):
    MISSING_SIDE = "missing_side"
    SILENT_SIDE = "silent_side"
    UNEVEN = "uneven"
    UNDECLARED = "undeclared"
    QUESTION_UNKNOWN = "question_unknown"
    QUESTION_MISSING = "question_missing"
    QUESTION_UNEVEN = "question_uneven"
    QUESTION_ASKED = "question_asked"
    NO_MINUTES = "no_minutes"
    WITHOUT_SPEAKER = "without_speaker"
    ALWAYS_OPENS = "always_opens"
    ALWAYS_CLOSES = "always_closes"
    ONE_SECTOR = "one_sector"
    GENDER = "gender"
    NO_CITIZENS = "no_citizens"


# With one of these, nobody may say that opposed views are heard in fair measure. The others are worth a look.
SERIOUS = frozenset(
    {
        What.MISSING_SIDE,
        What.SILENT_SIDE,
        What.UNEVEN,
        What.UNDECLARED,
        What.QUESTION_UNKNOWN,
        What.QUESTION_MISSING,
        What.NO_MINUTES,
    }
)


@dataclass(frozen=True)
class Finding:
    what: What
    side: Side | None = None
    question: int | None = None
    key: str = ""  # a sector or a gender
    number: int = 0  # per cent, minutes, experts or sessions, by kind
    data: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_serious(self) -> bool:
        return self.what in SERIOUS


def findings(scene: Scene) -> tuple[Finding, ...]:
    """Everything to be said of this scene, the grave things first. Nobody at all: nothing to be said."""
    if not scene.voices:
        return ()
    found = [*_sides(scene), *_questions(scene), *_order(scene), *_others(scene)]
    return tuple(sorted(found, key=lambda finding: not finding.is_serious))


def is_fair(scene: Scene) -> bool:
    return bool(scene.voices) and not any(finding.is_serious for finding in findings(scene))


def smaller_share(sides: Tally) -> tuple[Side, Fraction] | None:
    """The opposed side that speaks less, with its share of the time of both; None where both are silent or alike."""
    minutes = {side: sides.row(side).minutes for side in OPPOSED}
    less, more = sorted(OPPOSED, key=lambda side: minutes[side])
    if minutes[less] == minutes[more]:
        return None
    return less, Fraction(minutes[less], minutes[less] + minutes[more])


def _sides(scene: Scene) -> Iterator[Finding]:
    sides = by_side(scene)
    for side in OPPOSED:
        row = sides.row(side)
        if not row.experts:
            yield Finding(What.MISSING_SIDE, side)
        elif not row.minutes and scene.minutes:
            yield Finding(What.SILENT_SIDE, side)
    if not scene.minutes:
        yield Finding(What.NO_MINUTES)
    unsaid = sides.row(UNSAID)
    if unsaid.minutes:
        yield Finding(What.UNDECLARED, number=unsaid.experts)
    smaller = smaller_share(sides)
    if smaller and 0 < smaller[1] <= LEAST_SHARE:
        yield Finding(What.UNEVEN, smaller[0], number=round(100 * smaller[1]))


def _questions(scene: Scene) -> Iterator[Finding]:
    """On each key question: which side nobody takes, which is hardly heard, and whether those asked stand on one side."""
    for question in scene.questions:
        sides = by_side(scene, question)
        if sides.row(UNSAID).experts == len(scene.voices):
            yield Finding(What.QUESTION_UNKNOWN, question=question)
            continue
        missing = [side for side in OPPOSED if not sides.row(side).experts]
        yield from (Finding(What.QUESTION_MISSING, side, question) for side in missing)
        smaller = smaller_share(sides)
        if not missing and smaller and smaller[1] <= LEAST_SHARE:
            yield Finding(What.QUESTION_UNEVEN, smaller[0], question, number=round(100 * smaller[1]))
        asked = {side_of(voice.stances.get(question, "")) for voice in scene.voices if question in voice.asked}
        if not missing and asked:
            yield from (Finding(What.QUESTION_ASKED, side, question) for side in OPPOSED if side not in asked)


def ends(meeting: Meeting, sides: Mapping[str, Side | None]) -> tuple[Side | None, Side | None]:
    """The sides that open and close a session. None: nobody, somebody undeclared, or two sides at once."""
    talks = meeting.in_order
    if not talks:
        return None, None
    first = {sides[turn.expert] for turn in talks if turn.rank == talks[0].rank}
    last = {sides[turn.expert] for turn in talks if turn.rank == talks[-1].rank}
    return (first.pop() if len(first) == 1 else None, last.pop() if len(last) == 1 else None)


def _order(scene: Scene) -> Iterator[Finding]:
    """Only sessions in which both sides speak have an order to be fair in."""
    sides = {voice.key: voice.side for voice in scene.voices}
    both = [m for m in scene.meetings if {*OPPOSED} <= {sides[turn.expert] for turn in m.in_order}]
    if len(both) < 2:
        return
    firsts, lasts = zip(*(ends(meeting, sides) for meeting in both), strict=True)
    for what, found in ((What.ALWAYS_OPENS, {*firsts}), (What.ALWAYS_CLOSES, {*lasts})):
        side = found.pop()
        if not found and side in OPPOSED:
            yield Finding(what, side, number=len(both))


def _others(scene: Scene) -> Iterator[Finding]:
    if scene.without_speaker:
        yield Finding(What.WITHOUT_SPEAKER, number=scene.without_speaker)
    sectors = tally(scene, lambda voice: voice.sector, Sector)
    taken = [row for row in sectors.rows if row.experts]
    if len(scene.voices) > 1 and len(taken) == 1 and taken[0].key != UNSAID:
        yield Finding(What.ONE_SECTOR, key=taken[0].key)
    yield from _gender(scene)
    if not any(voice.proposed_by == ProposedBy.CITIZENS for voice in scene.voices):
        yield Finding(What.NO_CITIZENS)


def _gender(scene: Scene) -> Iterator[Finding]:
    said = {gender: sum(1 for voice in scene.voices if voice.gender == gender) for gender in Gender}
    total = sum(said.values())
    if total < FEW:
        return
    for gender in (Gender.WOMAN, Gender.MAN):
        if said[gender] < LEAST_GENDER * total:
            yield Finding(What.GENDER, key=gender, number=said[gender], data={"of": total})
