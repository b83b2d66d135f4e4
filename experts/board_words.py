"""The balance board in sentences: what is missing, what to do about it, what changed since a signature."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.desk import address_of
from experts.balance.findings import Finding, What
from experts.balance.signed import Alteration, Altered
from experts.domain.board import Board
from experts.enums import ExpertState, Gender, Sector, Side


def sentence(finding: Finding, board: Board) -> str:
    """What is missing, in one plain sentence."""
    return _SENTENCES[finding.what](finding, board)


def _is_for(finding: Finding) -> bool:
    return finding.side == Side.FOR


def _missing(finding: Finding, _board: Board) -> str:
    if _is_for(finding):
        return _("Nobody speaks for it: this view is missing.")
    return _("Nobody speaks against it: this view is missing.")


def _silent(finding: Finding, _board: Board) -> str:
    if _is_for(finding):
        return _("Those who are for have no speaking time yet.")
    return _("Those who are against have no speaking time yet.")


def _uneven(finding: Finding, _board: Board) -> str:
    values = {"percent": finding.number}
    if _is_for(finding):
        return _("The side for has only %(percent)s %% of the time of the two sides.") % values
    return _("The side against has only %(percent)s %% of the time of the two sides.") % values


def _undeclared(finding: Finding, _board: Board) -> str:
    return ngettext(
        "%(number)s expert has speaking time and has not said where they stand.",
        "%(number)s experts have speaking time and have not said where they stand.",
        finding.number,
    ) % {"number": finding.number}


def _number(finding: Finding, board: Board) -> dict[str, int]:
    assert finding.question is not None
    return {"question": board.questions[finding.question].number, "percent": finding.number}


def _question_unknown(finding: Finding, board: Board) -> str:
    return _("Nobody has said where they stand on question %(question)s.") % _number(finding, board)


def _question_missing(finding: Finding, board: Board) -> str:
    if _is_for(finding):
        return _("Nobody for on question %(question)s.") % _number(finding, board)
    return _("Nobody against on question %(question)s.") % _number(finding, board)


def _question_uneven(finding: Finding, board: Board) -> str:
    values = _number(finding, board)
    if _is_for(finding):
        return (
            _("On question %(question)s, the side for has only %(percent)s %% of the time of the two sides.") % values
        )
    return (
        _("On question %(question)s, the side against has only %(percent)s %% of the time of the two sides.") % values
    )


def _question_asked(finding: Finding, board: Board) -> str:
    if _is_for(finding):
        return _("Question %(question)s is put to nobody who is for.") % _number(finding, board)
    return _("Question %(question)s is put to nobody who is against.") % _number(finding, board)


def _no_minutes(_finding: Finding, _board: Board) -> str:
    return _("Nobody has speaking time yet, so it cannot be weighed.")


def _without_speaker(finding: Finding, _board: Board) -> str:
    return ngettext(
        "%(minutes)s minute of talks in the running order has no speaker yet.",
        "%(minutes)s minutes of talks in the running order have no speaker yet.",
        finding.number,
    ) % {"minutes": finding.number}


def _opens(finding: Finding, _board: Board) -> str:
    if _is_for(finding):
        return _("Every session in which both sides speak opens with the side for.")
    return _("Every session in which both sides speak opens with the side against.")


def _closes(finding: Finding, _board: Board) -> str:
    if _is_for(finding):
        return _("Every session in which both sides speak closes with the side for.")
    return _("Every session in which both sides speak closes with the side against.")


def _one_sector(finding: Finding, _board: Board) -> str:
    return _("One sector alone speaks: %(sector)s.") % {"sector": Sector(finding.key).label}


def _gender(finding: Finding, _board: Board) -> str:
    values = {"number": finding.number, "of": finding.data["of"]}
    if finding.key == Gender.WOMAN:
        return _("Few women: %(number)s of the %(of)s experts who have said their gender.") % values
    return _("Few men: %(number)s of the %(of)s experts who have said their gender.") % values


def _no_citizens(_finding: Finding, _board: Board) -> str:
    return _("None of these experts was proposed by the citizens.")


_SENTENCES: dict[What, Callable[[Finding, Board], str]] = {
    What.MISSING_SIDE: _missing,
    What.SILENT_SIDE: _silent,
    What.UNEVEN: _uneven,
    What.UNDECLARED: _undeclared,
    What.QUESTION_UNKNOWN: _question_unknown,
    What.QUESTION_MISSING: _question_missing,
    What.QUESTION_UNEVEN: _question_uneven,
    What.QUESTION_ASKED: _question_asked,
    What.NO_MINUTES: _no_minutes,
    What.WITHOUT_SPEAKER: _without_speaker,
    What.ALWAYS_OPENS: _opens,
    What.ALWAYS_CLOSES: _closes,
    What.ONE_SECTOR: _one_sector,
    What.GENDER: _gender,
    What.NO_CITIZENS: _no_citizens,
}


# -- The next step -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NextStep:
    label: str
    url: str


LISTED = f"?state={ExpertState.LISTED}"
UNDECLARED = "?position=none"
_SEARCH = frozenset({What.MISSING_SIDE, What.QUESTION_MISSING, What.ONE_SECTOR, What.GENDER})


def next_step(finding: Finding, board: Board) -> NextStep:
    """Where the missing thing is put right."""
    slug = board.conference.slug
    if finding.what in _SEARCH:
        return NextStep(_("Look on the long list"), reverse("experts_desk:experts", args=[slug]) + LISTED)
    if finding.what == What.UNDECLARED:
        return NextStep(_("See who has not declared"), reverse("experts_desk:experts", args=[slug]) + UNDECLARED)
    if finding.what == What.QUESTION_UNKNOWN:  # a declaration of its own, for each question
        return NextStep(_("See who has not declared"), reverse("experts_desk:experts", args=[slug]))
    if finding.what == What.NO_CITIZENS:
        return NextStep(_("Read the citizens’ wishes"), reverse("board:wishes", args=[slug]))
    if finding.what == What.QUESTION_ASKED:
        asks = address_of("questions", slug) or reverse("experts_desk:experts", args=[slug])
        return NextStep(_("Put the question to others"), asks)
    order = address_of("programme", slug) or reverse("desk:sessions", args=[slug])
    return NextStep(_("Change the running order"), order)


# -- What changed since a signature ------------------------------------------------------------------------------------
def alteration_sentence(alteration: Alteration, board: Board, name_of: Callable[[str], str]) -> str:
    """``name_of``: an expert's name from their key, as far as the reader may know it."""
    values = {
        "name": name_of(alteration.expert),
        "before": alteration.before,
        "after": alteration.after,
        "question": _question_number(alteration, board),
    }
    if alteration.what == Altered.JOINED:
        return _("%(name)s was added.") % values
    if alteration.what == Altered.LEFT:
        return _("%(name)s is no longer counted.") % values
    if alteration.what == Altered.MINUTES:
        return _("%(name)s: %(before)s minutes before, %(after)s now.") % values
    if alteration.what == Altered.QUESTION_NEW:
        return _("Question %(question)s was added.") % values
    if alteration.what == Altered.QUESTION_GONE:
        return _("A question was taken out.")
    values |= {name: _position(board, str(values[name])) for name in ("before", "after")}
    if alteration.what == Altered.POSITION:
        return _("%(name)s: “%(before)s” before, “%(after)s” now.") % values
    return _("%(name)s on question %(question)s: “%(before)s” before, “%(after)s” now.") % values


def _question_number(alteration: Alteration, board: Board) -> int | str:
    question = board.questions.get(alteration.question or 0)
    return question.number if question else "–"


def _position(board: Board, position: str) -> str:
    return board.position(position) or _("not declared")
