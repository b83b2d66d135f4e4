"""The matrix as a file for spreadsheet programs: one row for each question and expert."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from experts.matrix import Cell, Line, Matrix
from panels.files.roster import roster


def matrix_csv(matrix: Matrix, *, with_answers: bool) -> bytes:
    """Written answers stand in the file once they are published, like on the page."""
    header = [
        _("Number"),
        _("Question"),
        _("Expert"),
        _("Written answer"),
        _("Handed in"),
        _("In the room"),
        _("The panel’s verdict"),
        _("Contradicted by"),
        _("The panel’s note"),
    ]
    if with_answers:
        header.append(_("Text of the answer"))
    rows = [_row(line, cell, with_answers) for line in matrix.lines for cell in line.filled]
    return roster(header, rows, language=get_language() or "fr")


def csv_response(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _row(line: Line, cell: Cell, with_answers: bool) -> list[str]:
    ask = cell.ask
    assert ask is not None
    row = [
        str(line.question.number),
        line.question.text,
        str(ask.expert),
        cell.words,
        cell.handed_in,
        cell.spoken,
        cell.verdict,
        cell.contradicted_by,
        ask.verdict_note,
    ]
    return [*row, ask.answer] if with_answers else row
