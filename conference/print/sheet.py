"""The attendance sheet of a session: to be signed by hand, or as it was signed, for each half-day."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from conference.print.paper import INK, LINE, SMALL, STRONG, TINY, TITLE, WASH, About, Paper, paragraph

MARGIN = 14 * mm
NAME, MOST_HALVES = 62 * mm, 5
ROW, SIGNED_ROW, LAST_ROW = 12 * mm, 17 * mm, 15 * mm
FIELD_WIDTH, FIELD_HEIGHT = 600, 200  # in which the strokes of a signature are measured


@dataclass(frozen=True)
class Box:
    """One person in one half-day. Empty: to be signed by hand."""

    says: str = ""
    strokes: Sequence[Sequence[int]] = ()
    typed: str = ""  # a name that was written instead of a signature


@dataclass(frozen=True)
class Column:
    """A half-day in words. ``total`` and ``closed`` are empty while its roll call is not closed."""

    title: str
    hours: str
    total: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    under: str
    boxes: Sequence[Box]


@dataclass(frozen=True)
class Sheet:
    """One session. More than five half-days are cut into several sheets by the caller."""

    title: str
    about: str
    columns: Sequence[Column]
    lines: Sequence[Line]


@dataclass(frozen=True)
class SheetWords:
    """In the reader's language."""

    about: About
    foot: str
    name: str
    present: str  # before the totals
    called_by: str  # before who closed the roll call, or the space for who called it


class Signature(Flowable):
    """Strokes, as large as the box allows."""

    def __init__(self, strokes: Sequence[Sequence[int]], height: float) -> None:
        super().__init__()
        self.strokes, self.most = strokes, height

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = min(width / FIELD_WIDTH, self.most / FIELD_HEIGHT)
        return FIELD_WIDTH * self.scale, FIELD_HEIGHT * self.scale

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for stroke in self.strokes:
            points = [
                (stroke[at] * self.scale, (FIELD_HEIGHT - stroke[at + 1]) * self.scale)
                for at in range(0, len(stroke) - 1, 2)
            ]
            if not points:
                continue
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:] or points:
                path.lineTo(*point)
            canvas.drawPath(path)


def sheets_pdf(sheets: Sequence[Sheet], words: SheetWords) -> bytes:
    """A page on its side for each sheet, and more where the names need them; the heading is repeated."""
    target = io.BytesIO()
    size = landscape(A4)
    document = Paper(target, size=size, margin=MARGIN, about=words.about, foot=words.foot)
    story: list[Flowable] = []
    for number, sheet in enumerate(sheets):
        story += _sheet(sheet, words, size[0] - 2 * MARGIN, first=number == 0)
    document.build(story)
    return target.getvalue()


def _sheet(sheet: Sheet, words: SheetWords, width: float, *, first: bool) -> list[Flowable]:
    title = paragraph(sheet.title, TITLE)
    if not first:
        title.style = TITLE.clone("next", pageBreakBefore=1)
    columns = sheet.columns[:MOST_HALVES]
    height = SIGNED_ROW if any(column.closed for column in columns) else ROW
    rows: list[list[object]] = [
        [
            paragraph(words.name, STRONG),
            *([paragraph(one.title, STRONG), paragraph(one.hours, SMALL)] for one in columns),
        ]
    ]
    rows += [[_who(line), *(_box(box, height) for box in line.boxes[:MOST_HALVES])] for line in sheet.lines]
    rows.append([paragraph(words.present, STRONG), *(paragraph(one.total, STRONG) for one in columns)])
    rows.append([paragraph(words.called_by, STRONG), *(paragraph(one.closed, SMALL) for one in columns)])
    widths = [NAME, *((width - NAME) / max(1, len(columns)) for _one in columns)]
    heights = [None, *(height for _line in sheet.lines), ROW, LAST_ROW]
    table = Table(rows, colWidths=widths, rowHeights=heights, repeatRows=1)
    table.setStyle(_STYLE)
    return [title, paragraph(sheet.about), Spacer(1, 4 * mm), table]


_STYLE = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), WASH),
        ("BACKGROUND", (0, -2), (0, -1), WASH),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 1), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 2),
        ("NOSPLIT", (0, -2), (0, -1)),
    ]
)


def _who(line: Line) -> list[Flowable]:
    return [paragraph(line.name, STRONG), *([paragraph(line.under, SMALL)] if line.under else [])]


def _box(box: Box, height: float) -> list[Paragraph | Signature]:
    found: list[Paragraph | Signature] = [paragraph(box.says, TINY)] if box.says else []
    if box.strokes:
        found.append(Signature(box.strokes, height - 7 * mm))
    elif box.typed:
        found.append(paragraph(box.typed))
    return found
