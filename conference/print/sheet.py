"""The attendance sheet of a session: to be signed by hand, or as it was signed, for each half-day."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from conference.print.paper import INK, LINE, PLAIN, SMALL, STRONG, TITLE, WASH, About, Paper, paragraph

MARGIN = 14 * mm
NAME, MOST_HALVES = 46 * mm, 5
MOST_UPRIGHT = 2  # half-days beside one another on an upright page
ROW, LAST_ROW, SIGNATURE = 10.5 * mm, 11 * mm, 9 * mm
PADDING = 12  # left and right in a cell together, as the library sets it
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


class Signed(Flowable):
    """What is said of a person, and beside it their signature, as large as the box allows."""

    def __init__(self, box: Box) -> None:
        super().__init__()
        self.box = box

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = min((SIGNATURE - 1 * mm) / FIELD_HEIGHT, width * 0.62 / FIELD_WIDTH)
        self.drawn = FIELD_WIDTH * self.scale if self.box.strokes else 0.0
        self.words = [paragraph(self.box.says, SMALL), *([paragraph(self.box.typed)] if self.box.typed else [])]
        self.heights = [part.wrap(max(1, width - self.drawn), 1000)[1] for part in self.words]
        self.width, self.height = width, max(sum(self.heights), SIGNATURE if self.box.strokes else 0.0)
        return self.width, self.height

    def draw(self) -> None:
        top = (self.height + sum(self.heights)) / 2
        for part, height in zip(self.words, self.heights, strict=True):
            top -= height
            part.drawOn(self.canv, 0, top)
        if self.box.strokes:
            self._sign(self.canv, self.width - self.drawn, (self.height - FIELD_HEIGHT * self.scale) / 2)

    def _sign(self, canvas: Canvas, left: float, bottom: float) -> None:
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for stroke in self.box.strokes:
            points = [
                (left + stroke[at] * self.scale, bottom + (FIELD_HEIGHT - stroke[at + 1]) * self.scale)
                for at in range(0, len(stroke) - 1, 2)
            ]
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:] or points:
                path.lineTo(*point)
            canvas.drawPath(path)


def sheets_pdf(sheets: Sequence[Sheet], words: SheetWords) -> bytes:
    """A page for each sheet, on its side where it has many half-days; more where the names need them, with the heading
    repeated. The totals never stand alone."""
    target = io.BytesIO()
    upright = [len(sheet.columns) <= MOST_UPRIGHT for sheet in sheets]
    document = Paper(target, margin=MARGIN, about=words.about, foot=words.foot, upright=upright[0])
    story: list[Flowable] = []
    for number, sheet in enumerate(sheets):
        if number:
            story += document.next_page(upright=upright[number])
        story += _sheet(sheet, words, (A4[0] if upright[number] else A4[1]) - 2 * MARGIN)
    document.build(story)
    return target.getvalue()


def _sheet(sheet: Sheet, words: SheetWords, width: float) -> list[Flowable]:
    columns = sheet.columns[:MOST_HALVES]
    each = (width - NAME) / max(1, len(columns))
    heading = [
        paragraph(words.name, STRONG),
        *([paragraph(one.title, STRONG), paragraph(one.hours, SMALL)] for one in columns),
    ]
    lines = [[_who(line), *(Signed(box) if box.says else "" for box in line.boxes)] for line in sheet.lines]
    last = [
        [paragraph(words.present, STRONG), *(paragraph(one.total, STRONG) for one in columns)],
        [paragraph(words.called_by, STRONG), *(paragraph(one.closed, SMALL) for one in columns)],
    ]
    heights = [None, *(max(ROW, _height_of(line, each)) for line in sheet.lines), 8 * mm, LAST_ROW]
    table = Table(
        [heading, *lines, *last], colWidths=[NAME, *(each for _one in columns)], rowHeights=heights, repeatRows=1
    )
    table.setStyle(_STYLE)
    return [paragraph(sheet.title, TITLE), paragraph(sheet.about), Spacer(1, 4 * mm), table]


def _height_of(line: Line, width: float) -> float:
    """Of a row: as high as the fullest box, and the name, need."""
    needs = [Signed(box).wrap(width - PADDING, 1000)[1] for box in line.boxes if box.says]
    who = sum(part.wrap(NAME - PADDING, 1000)[1] for part in _who(line))
    return max([who, *needs]) + 3


_STYLE = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), WASH),
        ("BACKGROUND", (0, -2), (0, -1), WASH),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 1), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 2),
        ("NOSPLIT", (0, -3), (-1, -1)),
    ]
)


def _who(line: Line) -> list[Paragraph]:
    return [paragraph(line.name, STRONG), *([paragraph(line.under, SMALL)] if line.under else [])]
