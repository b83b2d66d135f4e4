"""Name plates that stand on the table, and badges to cut out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from conference.print.paper import BOLD, INK, LINE, PLAIN, SOFT, About, describe, fitted, plain

BADGE_WIDTH, BADGE_HEIGHT = 90 * mm, 56 * mm  # eight on a page, the size of the usual plastic holders
COLUMNS, ROWS = 2, 4


@dataclass(frozen=True)
class Card:
    name: str
    about: str
    group: str  # a word: "Citizen", "Expert", "Team"


def plates_pdf(cards: Sequence[Card], about: About) -> bytes:
    """A4 on its side, folded in the middle: the name on both faces, so that the neighbours read it too."""
    width, height = landscape(A4)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(width, height))
    describe(canvas, about)
    for card in cards:
        canvas.setStrokeColor(LINE)
        canvas.setDash(2, 3)
        canvas.line(10 * mm, height / 2, width - 10 * mm, height / 2)
        canvas.setDash()
        _face(canvas, card, width, height / 2)
        canvas.saveState()
        canvas.translate(width, height)
        canvas.rotate(180)
        _face(canvas, card, width, height / 2)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _face(canvas: Canvas, card: Card, width: float, height: float) -> None:
    """The name in the upper two thirds of a face, what the person is below it."""
    left, inner = 18 * mm, width - 36 * mm
    name = fitted(card.name, BOLD, inner, height * 0.52, largest=72, smallest=20)
    about = fitted(card.about or card.group, PLAIN, inner, height * 0.22, largest=22, smallest=11)
    _stack(canvas, name, about, left, inner, height / 2, gap=5 * mm)


def _stack(
    canvas: Canvas, name: Paragraph, about: Paragraph, left: float, width: float, middle: float, *, gap: float
) -> None:
    """One above the other, together in the middle."""
    _width, above = name.wrap(width, 1000)
    _width, below = about.wrap(width, 1000)
    top = middle + (above + gap + below) / 2
    name.drawOn(canvas, left, top - above)
    about.drawOn(canvas, left, top - above - gap - below)


def badges_pdf(cards: Sequence[Card], about: About) -> bytes:
    """Eight on an A4 page, with marks to cut along."""
    width, height = A4
    left, bottom = (width - COLUMNS * BADGE_WIDTH) / 2, (height - ROWS * BADGE_HEIGHT) / 2
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    describe(canvas, about)
    for number, card in enumerate(cards):
        if number and number % (COLUMNS * ROWS) == 0:
            canvas.showPage()
        row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
        _badge(canvas, card, about.title, left + column * BADGE_WIDTH, bottom + (ROWS - 1 - row) * BADGE_HEIGHT)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _badge(canvas: Canvas, card: Card, title: str, left: float, bottom: float) -> None:
    """The conference above, the group below, and between them the name with what the person is."""
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.rect(left, bottom, BADGE_WIDTH, BADGE_HEIGHT)
    inner, left = BADGE_WIDTH - 12 * mm, left + 6 * mm
    heading = fitted(title, PLAIN, inner, 9 * mm, largest=9, smallest=6)
    _width, height = heading.wrap(inner, 9 * mm)
    heading.drawOn(canvas, left, bottom + BADGE_HEIGHT - 5 * mm - height)
    name = fitted(card.name, BOLD, inner, 17 * mm, largest=26, smallest=9)
    about = fitted(card.about, PLAIN, inner, 11 * mm, largest=9.5, smallest=6.5)
    _stack(canvas, name, about, left, inner, bottom + BADGE_HEIGHT / 2 - 1 * mm, gap=1.5 * mm)
    canvas.setFont(BOLD, 8)
    canvas.setFillColor(SOFT)
    canvas.drawCentredString(left + inner / 2, bottom + 4 * mm, plain(card.group.upper()))
    canvas.setFillColor(INK)
