"""What the pages of the balance board show: tallies with their bars, the order of speaking, what is missing, who signed.

Lengths are per cent of a drawing's width, written as text here (a template would give French commas).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from experts.balance.findings import ends, findings, is_fair
from experts.balance.scene import Meeting, Scene, Scope, Turn, Voice, side_of
from experts.balance.signed import Facts, alterations
from experts.balance.tally import UNSAID, Row, Tally, by_side, tally
from experts.board_words import NextStep, alteration_sentence, next_step, sentence
from experts.domain.board import Board, Committee
from experts.enums import ExpertState, Gender, ProposedBy, Sector, Side
from experts.models import BoardSignature
from experts.scale import scale_of

NOBODY = "side_unsaid"  # how the drawing of those who have not said is called


@dataclass(frozen=True)
class Segment:
    """A piece of a bar that shows sides. ``side`` names how it is drawn."""

    side: str
    start: str
    width: str


@dataclass(frozen=True)
class Line:
    """One row of a table, with its bar."""

    label: str | Promise
    row: Row
    percent: int  # of all minutes
    width: str
    side: str = ""


@dataclass(frozen=True)
class Axis:
    """One way to add up: a table with bars."""

    key: str
    title: str
    head: str
    lines: tuple[Line, ...]
    total: Tally


@dataclass(frozen=True)
class Asked:
    """Somebody to whom a key question is put, with the side they take on it."""

    name: str
    side: str
    side_label: str


@dataclass(frozen=True)
class QuestionLine:
    number: int
    text: str
    sides: tuple[Line, ...]
    segments: tuple[Segment, ...]
    by_minutes: bool  # whether the bar shows minutes; experts as long as nobody has any
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Talk:
    name: str
    side: str
    side_label: str
    minutes: int
    segment: Segment


@dataclass(frozen=True)
class SessionLine:
    title: str
    session_key: int
    talks: tuple[Talk, ...]
    opens: str
    closes: str
    without_hour: int


@dataclass(frozen=True)
class Said:
    """Something missing, in a sentence, with where to put it right."""

    text: str
    is_serious: bool
    step: NextStep


@dataclass(frozen=True)
class BoardPage:
    """Everything of one board for one scope."""

    scope: Scope
    fair: bool
    said: tuple[Said, ...]
    sides: tuple[Line, ...]
    segments: tuple[Segment, ...]
    axes: tuple[Axis, ...]
    questions: tuple[QuestionLine, ...]
    sessions: tuple[SessionLine, ...]
    experts: int
    minutes: int
    question_minutes: int
    outside: int  # minutes of the programme that go to experts whom the scope does not count
    without_speaker: int
    by_citizens: int

    @property
    def serious(self) -> list[Said]:
        return [said for said in self.said if said.is_serious]

    @property
    def advice(self) -> list[Said]:
        return [said for said in self.said if not said.is_serious]

    @property
    def citizens_percent(self) -> int:
        return _percent(self.by_citizens, self.experts)


type NameOf = Callable[[str], str]


def desk_name(board: Board) -> NameOf:
    """The cockpit knows everybody; of somebody who was erased, that they were."""

    def name(key: str) -> str:
        return str(board.experts[key]) if key in board.experts else _("an expert who has been erased")

    return name


def public_name(board: Board) -> NameOf:
    """The public reads the names of those who have accepted, and no other."""

    def name(key: str) -> str:
        expert = board.experts.get(key)
        known = expert is not None and expert.state == ExpertState.ACCEPTED
        return str(expert) if known else _("an expert who is not confirmed")

    return name


def page_of(board: Board, scope: Scope, name_of: NameOf) -> BoardPage:
    scene = board.scene.of(scope)
    sides = by_side(scene)
    return BoardPage(
        scope=scope,
        fair=is_fair(scene),
        said=tuple(Said(sentence(one, board), one.is_serious, next_step(one, board)) for one in findings(scene)),
        sides=_side_lines(sides),
        segments=_segments(sides, by_minutes=bool(sides.minutes)),
        axes=tuple(_axes(board, scene)),
        questions=tuple(_question(board, scene, question, name_of) for question in scene.questions),
        sessions=tuple(_sessions(board, scene, name_of)),
        experts=len(scene.voices),
        minutes=scene.minutes,
        question_minutes=sides.question_minutes,
        outside=board.scene.minutes - scene.minutes,
        without_speaker=scene.without_speaker,
        by_citizens=sum(1 for voice in scene.voices if voice.proposed_by == ProposedBy.CITIZENS),
    )


# -- Tables with bars --------------------------------------------------------------------------------------------------
def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _length(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "0%"


def _lines(found: Tally, label_of: Callable[[str], str | Promise], drawn_as: Callable[[str], str]) -> tuple[Line, ...]:
    longest = max((row.minutes for row in found.rows), default=0)
    return tuple(
        Line(
            label_of(row.key) if row.key else _("Not declared yet"),
            row,
            _percent(row.minutes, found.minutes),
            _length(row.minutes, longest),
            drawn_as(row.key),
        )
        for row in found.rows
    )


def _side_lines(found: Tally) -> tuple[Line, ...]:
    return _lines(found, lambda key: Side(key).label, lambda key: key or NOBODY)


def _segments(found: Tally, *, by_minutes: bool) -> tuple[Segment, ...]:
    """The rows of a tally side by side, the whole width together."""
    parts = [(row.key, row.minutes if by_minutes else row.experts) for row in found.rows]
    starts = accumulate((part for _key, part in parts), initial=0)
    whole = sum(part for _key, part in parts)
    return tuple(
        Segment(key or NOBODY, _length(start, whole), _length(part, whole))
        for (key, part), start in zip(parts, starts, strict=False)
        if part
    )


def _axes(board: Board, scene: Scene) -> Iterable[Axis]:
    labels: list[tuple[str, str, str, Callable[[Voice], str], Mapping[str, str | Promise]]] = [
        ("position", _("By position"), _("Position"), lambda voice: voice.position, scale_of(board.conference)),
        ("proposed_by", _("By who proposed them"), _("Proposed by"), lambda voice: voice.proposed_by, _labels(ProposedBy)),
        ("sector", _("By sector"), _("Sector"), lambda voice: voice.sector, _labels(Sector)),
        ("gender", _("By gender"), _("Gender"), lambda voice: voice.gender, _labels(Gender)),
    ]  # fmt: skip
    for key, title, head, key_of, options in labels:
        found = tally(scene, key_of, options)
        if key != "position":  # of the scale, every step is shown: an empty one says something
            found = Tally(tuple(row for row in found.rows if row.experts))
        label = _label_of(board, key, options)
        yield Axis(key, title, head, _lines(found, label, lambda _key: ""), found)


def _labels(choices: type[ProposedBy | Sector | Gender]) -> dict[str, str | Promise]:
    return {choice.value: choice.label for choice in choices}


def _label_of(board: Board, axis: str, options: Mapping[str, str | Promise]) -> Callable[[str], str | Promise]:
    return board.position if axis == "position" else lambda key: options[key]


# -- Questions and order -----------------------------------------------------------------------------------------------
def _question(board: Board, scene: Scene, question: int, name_of: NameOf) -> QuestionLine:
    found = by_side(scene, question)
    full = Tally(tuple(found.row(key) for key in (*Side, UNSAID)))  # the same columns for every question
    return QuestionLine(
        number=board.questions[question].number,
        text=board.questions[question].text,
        sides=_side_lines(full),
        segments=_segments(found, by_minutes=bool(found.minutes)),
        by_minutes=bool(found.minutes),
        asked=tuple(_asked(voice, question, name_of) for voice in scene.voices if question in voice.asked),
    )


def _asked(voice: Voice, question: int, name_of: NameOf) -> Asked:
    side = side_of(voice.stances.get(question, ""))
    return Asked(name_of(voice.key), side or NOBODY, _side_label(side))


def _side_label(side: Side | None) -> str:
    return str(side.label) if side else _("Not declared yet")


def _sessions(board: Board, scene: Scene, name_of: NameOf) -> Iterable[SessionLine]:
    sides = {voice.key: voice.side for voice in scene.voices}
    for meeting in scene.meetings:
        if not meeting.turns:
            continue
        opens, closes = ends(meeting, sides)
        yield SessionLine(
            title=board.sessions[meeting.key].title,
            session_key=meeting.key,
            talks=tuple(_talks(meeting, sides, name_of)),
            opens=str(opens.label) if opens else "",
            closes=str(closes.label) if closes else "",
            without_hour=sum(1 for turn in meeting.turns if turn.rank is None and turn.minutes),
        )


def _talks(meeting: Meeting, sides: Mapping[str, Side | None], name_of: NameOf) -> Iterable[Talk]:
    talks: tuple[Turn, ...] = meeting.in_order
    whole = sum(turn.minutes for turn in talks)
    starts = accumulate((turn.minutes for turn in talks), initial=0)
    for turn, start in zip(talks, starts, strict=False):
        side = sides[turn.expert]
        drawn = Segment(side or NOBODY, _length(start, whole), _length(turn.minutes, whole))
        yield Talk(name_of(turn.expert), drawn.side, _side_label(side), turn.minutes, drawn)


# -- Signatures --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Earlier:
    """A word given under an earlier state, and what has changed since."""

    word: BoardSignature
    changes: tuple[str, ...]


@dataclass(frozen=True)
class CommitteePage:
    committee: Committee
    earlier: tuple[Earlier, ...]
    sentence: str
    tone: str  # accepted, waiting or free: the look of the sentence


def committee_page(board: Board, committee: Committee, name_of: NameOf) -> CommitteePage:
    earlier = tuple(Earlier(word, changes_between(word.snapshot.facts, board, name_of)) for word in committee.earlier)
    return CommitteePage(committee, earlier, _committee_sentence(committee), _tone(committee))


def changes_between(facts: Facts, board: Board, name_of: NameOf) -> tuple[str, ...]:
    """What has changed from those facts to the board of now, in sentences."""
    return tuple(alteration_sentence(one, board, name_of) for one in alterations(facts, board.facts))


def _tone(committee: Committee) -> str:
    if committee.is_signed:
        return "accepted"
    return "free" if committee.refused else "waiting"


def _committee_sentence(committee: Committee) -> str:
    """Where the committee stands, for everybody who reads the board."""
    values = {"signed": len(committee.signed), "members": len(committee.members)}
    if not committee.members:
        return _("This conference has no steering committee: nobody has signed the balance board.")
    if committee.is_signed:
        return _("The steering committee has signed this board: %(signed)s of its %(members)s members.") % values
    if not committee.signed and committee.earlier:
        return _("The board has changed since it was signed: no member has signed it as it stands now.")
    if not committee.signed:
        return _("No member of the steering committee has signed this board.")
    return pgettext(
        "signatures", "%(signed)s of the %(members)s members of the steering committee signed: not enough yet."
    ) % values  # fmt: skip


@dataclass(frozen=True)
class SignedExpert:
    name: str
    position: str
    minutes: int
    stances: tuple[tuple[int, str], ...]  # number of the question, position


@dataclass(frozen=True)
class SignedPage:
    """A state as it was signed."""

    experts: tuple[SignedExpert, ...]
    sides: tuple[Line, ...]
    segments: tuple[Segment, ...]
    minutes: int


def signed_page(board: Board, scene: Scene, name_of: NameOf) -> SignedPage:
    minutes = scene.minutes_by_expert()
    experts = (
        SignedExpert(
            name_of(voice.key), board.position(voice.position), minutes[voice.key], tuple(_stances(board, voice))
        )
        for voice in scene.voices
    )
    sides = by_side(scene)
    return SignedPage(
        tuple(sorted(experts, key=lambda expert: expert.name)),
        _side_lines(sides),
        _segments(sides, by_minutes=bool(sides.minutes)),
        scene.minutes,
    )


def _stances(board: Board, voice: Voice) -> Iterable[tuple[int, str]]:
    """In the order of the questions that there still are."""
    for key, question in board.questions.items():
        if key in voice.stances:
            yield question.number, board.position(voice.stances[key])
