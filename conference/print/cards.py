"""Name plates that stand on the table, and badges to cut out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from conference.print.paper import BOLD, CENTRE, INK, LINE, PLAIN, SOFT, paragraph, plain, size_that_fits

BADGE_WIDTH, BADGE_HEIGHT = 90 * mm, 56 * mm  # eight on a page, the size of the usual plastic holders
COLUMNS, ROWS = 2, 4


@dataclass(frozen=True)
class Card:
    name: str
    about: str
    group: str  # a word: "Citizen", "Expert", "Team"


def plates_pdf(cards: Sequence[Card], *, title: str) -> bytes:
    """A4 on its side, folded in the middle: the name on both faces, so that the neighbours read it too."""
    width, height = landscape(A4)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(width, height), lang="fr")
    canvas.setTitle(title)
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
    size = size_that_fits(card.name, BOLD, width - 40 * mm, largest=72, smallest=24)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, size)
    canvas.drawCentredString(width / 2, height / 2 - size * 0.15, plain(card.name))
    canvas.setFillColor(SOFT)
    about = card.about or card.group
    small = size_that_fits(about, PLAIN, width - 40 * mm, largest=22, smallest=11)
    canvas.setFont(PLAIN, small)
    canvas.drawCentredString(width / 2, height / 2 - size * 0.15 - small * 1.9, plain(about))


def badges_pdf(cards: Sequence[Card], *, title: str) -> bytes:
    """Eight on an A4 page, with marks to cut along."""
    width, height = A4
    left, bottom = (width - COLUMNS * BADGE_WIDTH) / 2, (height - ROWS * BADGE_HEIGHT) / 2
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, lang="fr")
    canvas.setTitle(title)
    for number, card in enumerate(cards):
        if number and number % (COLUMNS * ROWS) == 0:
            canvas.showPage()
        row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
        _badge(canvas, card, title, left + column * BADGE_WIDTH, bottom + (ROWS - 1 - row) * BADGE_HEIGHT)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _badge(canvas: Canvas, card: Card, title: str, left: float, bottom: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.rect(left, bottom, BADGE_WIDTH, BADGE_HEIGHT)
    inner, middle = BADGE_WIDTH - 12 * mm, left + BADGE_WIDTH / 2
    heading = paragraph(title, CENTRE)
    _width, height = heading.wrap(inner, 14 * mm)
    heading.drawOn(canvas, left + 6 * mm, bottom + BADGE_HEIGHT - 6 * mm - min(height, 14 * mm))
    size = size_that_fits(card.name, BOLD, inner, largest=26, smallest=11)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, size)
    canvas.drawCentredString(middle, bottom + BADGE_HEIGHT * 0.42, plain(card.name))
    about = paragraph(card.about, CENTRE)
    _width, height = about.wrap(inner, 12 * mm)
    about.drawOn(canvas, left + 6 * mm, bottom + BADGE_HEIGHT * 0.42 - 3 * mm - height)
    canvas.setFillColor(SOFT)
    canvas.setFont(BOLD, 8)
    canvas.drawCentredString(middle, bottom + 4 * mm, plain(card.group.upper()))
