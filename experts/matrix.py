"""The matrix of questions and experts: what each cell says, for the team and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.words import moment
from experts.enums import ExpertState, Verdict
from experts.models import Ask, Expert, KeyQuestion, QuestionList

GONE = frozenset({ExpertState.DECLINED, ExpertState.WITHDRAWN})
SIGNS = {Verdict.ANSWERED: "✓", Verdict.PARTLY: "◐", Verdict.EVADED: "✗", Verdict.CONTRADICTED: "⇄"}


@dataclass(frozen=True)
class Cell:
    """``state``: "planned", "asked", "overdue", "answered", "missing" or "gone"; "" where this expert is not concerned."""

    ask: Ask | None
    state: str
    words: str
    handed_in: str
    spoken: str
    verdict: str
    sign: str
    contradicted_by: str


@dataclass(frozen=True)
class Line:
    question: KeyQuestion
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.ask]


@dataclass(frozen=True)
class Matrix:
    experts: tuple[Expert, ...]
    lines: tuple[Line, ...]
    asked: int
    answered: int
    overdue: int


NOTHING = Cell(None, "", "", "", "", "", "", "")


def matrix_of(conference: Conference, state: QuestionList, *, public: bool = False, only: int | None = None) -> Matrix:
    """In three queries. ``public``: the experts who have accepted, and of them what was put to them. ``only``: one expert."""
    questions = list(KeyQuestion.objects.filter(conference=conference).order_by("number"))
    rows = Ask.objects.filter(question__conference=conference).select_related("expert", "contradicted_by")
    asks = [ask for ask in rows if not public or (ask.asked_at and ask.expert.state == ExpertState.ACCEPTED)]
    if only is not None:
        asks = [ask for ask in asks if ask.expert_id == only]
    experts = tuple(sorted({ask.expert for ask in asks}, key=lambda one: (one.last_name, one.first_name, one.pk)))
    cells = {(ask.question_id, ask.expert_id): _cell(conference, ask, state, public=public) for ask in asks}
    lines = tuple(
        Line(question, tuple(cells.get((question.pk, expert.pk), NOTHING) for expert in experts))
        for question in questions
    )
    return Matrix(experts, lines, len(asks), _count(cells.values(), "answered"), _count(cells.values(), "overdue"))


def _count(cells: Iterable[Cell], state: str) -> int:
    return sum(cell.state == state for cell in cells)


def _cell(conference: Conference, ask: Ask, state: QuestionList, *, public: bool) -> Cell:
    name, words = _state(ask, state, public=public)
    return Cell(
        ask,
        name,
        words,
        moment(conference, ask.answered_at) if ask.answered_at and name == "answered" else "",
        moment(conference, ask.spoken_at) if ask.spoken_at else "",
        ask.get_verdict_display() if ask.verdict else "",
        SIGNS.get(Verdict(ask.verdict), "") if ask.verdict else "",
        str(ask.contradicted_by) if ask.contradicted_by else "",
    )


def _state(ask: Ask, state: QuestionList, *, public: bool) -> tuple[str, str]:
    due: datetime | None = state.answers_due_at
    if ask.answered_at and (state.answers_published_at or not public):
        return "answered", _("Answered in writing")
    if state.answers_published_at:
        return "missing", _("No written answer")
    if ask.expert.state in GONE:
        return "gone", _("No longer takes part")
    if not ask.asked_at:
        return "planned", _("Not put yet")
    if due and due < timezone.now() and not ask.answered_at:
        return "overdue", _("Overdue")
    return "asked", _("Asked")
