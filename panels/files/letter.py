"""Letters as a PDF: A4, the address where the window of a French DL envelope shows it, one letter a person.

Positions after NF Z 11-001: the address stands 110 mm from the left and 50 mm from the top. The letters are
embedded (``conference.print.paper``).
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import qrcode
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, Paragraph, Spacer
from reportlab.platypus.flowables import Flowable

from conference.print.paper import BOLD, PLAIN, About, describe, plain, safe

WIDTH, HEIGHT = A4
MARGIN = 22 * mm
WINDOW = 82 * mm  # the width in which an address is seen
FEW_LINES = 5
TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9.5, leading=14.5, spaceAfter=7, alignment=TA_LEFT)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=10.5, textColor=HexColor("#444444"), spaceAfter=2)
LINE = ParagraphStyle("line", parent=TEXT, spaceAfter=2)
HEADING = ParagraphStyle("heading", parent=TEXT, fontName=BOLD, spaceBefore=4, spaceAfter=3)
SUBJECT = ParagraphStyle("subject", parent=TEXT, fontName=BOLD, fontSize=11, leading=15, spaceAfter=10)
CODE = ParagraphStyle("code", parent=TEXT, fontName=BOLD, fontSize=15, leading=20, spaceAfter=4)


@dataclass(frozen=True)
class LetterWords:
    """All that one letter says, in the person's language. ``parts`` are headings with their paragraphs."""

    sender: Sequence[str]
    recipient: Sequence[str]
    dated: str
    subject: str
    opening: Sequence[str]
    how_to_answer: str
    link: str  # in the QR code
    site: str  # to type
    code: str  # to type there
    parts: Sequence[tuple[str, Sequence[str]]]
    closing: Sequence[str]
    reference: str
    is_it_real: str


def letters_pdf(letters: Iterable[LetterWords], about: About) -> bytes:
    """One PDF with all letters, each beginning on a page of its own."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    describe(canvas, about)
    for letter in letters:
        _write(canvas, letter)
    canvas.save()
    return target.getvalue()


def _write(canvas: Canvas, letter: LetterWords) -> None:
    _lines(canvas, MARGIN, 20 * mm, letter.sender, first_bold=True)
    _lines(canvas, 110 * mm, 50 * mm, letter.recipient, size=10)
    canvas.setFont(PLAIN, 9)
    canvas.drawString(110 * mm, HEIGHT - 92 * mm, plain(letter.dated))
    story = _story(letter)
    top = HEIGHT - 100 * mm
    first = True
    while story:
        frame = Frame(MARGIN, 24 * mm, WIDTH - 2 * MARGIN, (top if first else HEIGHT - MARGIN) - 24 * mm, 0, 0, 0, 0)
        _fill(frame, canvas, story)
        _foot(canvas, letter)
        canvas.showPage()
        first = False


def _fill(frame: Frame, canvas: Canvas, story: list[Flowable]) -> None:
    """As much as the page holds; a paragraph that is longer than what is left goes on overleaf."""
    begun = False
    while story:
        part = story.pop(0)
        if frame.add(part, canvas):
            begun = True
            continue
        halves = frame.split(part, canvas)
        story[:0] = halves or [part]
        if halves and frame.add(halves[0], canvas):
            story.pop(0)
        elif not begun:
            raise ValueError("a part of a letter does not fit on a page")
        return


def _foot(canvas: Canvas, letter: LetterWords) -> None:
    foot = Paragraph(safe(f"{letter.reference} · {letter.is_it_real}"), SMALL)
    _width, height = foot.wrap(WIDTH - 2 * MARGIN, 20 * mm)
    foot.drawOn(canvas, MARGIN, 20 * mm - height)


def _lines(
    canvas: Canvas, left: float, from_top: float, lines: Sequence[str], *, size: float = 9, first_bold: bool = False
) -> None:
    wrapped = [
        (part, BOLD if first_bold and number == 0 else PLAIN)
        for number, line in enumerate(lines)
        for part in simpleSplit(plain(line), BOLD, size, WINDOW)
    ]
    step = size * (1.35 if len(wrapped) <= FEW_LINES else 1.15)
    for number, (line, font) in enumerate(wrapped):
        canvas.setFont(font, size)
        canvas.drawString(left, HEIGHT - from_top - number * step, line)


def _story(letter: LetterWords) -> list[Flowable]:
    story: list[Flowable] = [Paragraph(safe(letter.subject), SUBJECT)]
    story += [Paragraph(safe(text), TEXT) for text in letter.opening]
    story.append(_Together([Paragraph(safe(letter.how_to_answer), TEXT), _Ways(letter), Spacer(1, 4 * mm)]))
    for heading, texts in letter.parts:
        body = [part for text in texts if text for part in _lines_of(text)]
        if body:
            story.append(_Together([Paragraph(safe(heading), HEADING), body[0]]))
            story += body[1:]
    story.append(_Together([Paragraph(safe(text), TEXT) for text in letter.closing]))
    return story


def _lines_of(text: str) -> list[Flowable]:
    """Each line of a list stands by itself, so that the list may go on overleaf."""
    *first, last = text.splitlines() or [""]
    return [*(Paragraph(safe(line), LINE) for line in first), Paragraph(safe(last), TEXT)]


class _Together(Flowable):
    """Parts that stay on one page."""

    def __init__(self, parts: Sequence[Flowable]) -> None:
        super().__init__()
        self.parts = parts

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        sizes = [part.wrap(width, height)[1] for part in self.parts]
        gaps = [max(part.getSpaceBefore(), 0.0) + part.getSpaceAfter() for part in self.parts]
        self.heights = [size + gap for size, gap in zip(sizes, gaps, strict=True)]
        self.width, self.height = width, sum(self.heights)
        return self.width, self.height

    def draw(self) -> None:
        top = self.height
        for part, height in zip(self.parts, self.heights, strict=True):
            top -= height
            part.drawOn(self.canv, 0, top + part.getSpaceAfter())


class _Ways(Flowable):
    """The QR code, and beside it the address and the code to type."""

    def __init__(self, letter: LetterWords) -> None:
        super().__init__()
        self.letter, self.width, self.height = letter, WIDTH - 2 * MARGIN, 30 * mm

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        draw_qr(canvas, self.letter.link, 0, 0, self.height)
        site = Paragraph(safe(self.letter.site), TEXT)
        _w, height = site.wrap(self.width - 38 * mm, self.height)
        site.drawOn(canvas, 36 * mm, self.height - height - 2 * mm)
        code = Paragraph(safe(self.letter.code), CODE)
        code.wrap(self.width - 38 * mm, self.height)
        code.drawOn(canvas, 36 * mm, self.height - height - 12 * mm)


def draw_qr(canvas: Canvas, content: str, left: float, bottom: float, size: float) -> None:
    """A QR code as squares, with the quiet margin of four that scanners need."""
    made = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(content)
    made.make(fit=True)
    matrix = made.get_matrix()
    step = size / len(matrix)
    canvas.setFillColorRGB(0, 0, 0)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                canvas.rect(left + column * step, bottom + size - (row + 1) * step, step, step, stroke=0, fill=1)
