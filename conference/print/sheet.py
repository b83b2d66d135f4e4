"""The attendance sheet of a session, to be signed by hand for each half-day where there is no tablet."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer, Table, TableStyle

from conference.print.paper import LINE, PLAIN, SMALL, SOFT, STRONG, TITLE, WASH, paragraph, plain

MARGIN = 14 * mm
NAME, MOST_HALVES = 68 * mm, 6
ROW = 12 * mm


@dataclass(frozen=True)
class Sheet:
    """One session. ``halves``: the half-days in words; more than six are cut into several sheets by the caller."""

    title: str
    about: str
    halves: Sequence[str]
    rows: Sequence[tuple[str, str]]  # name, and what stands under it
    name_heading: str
    foot: str


def sheets_pdf(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """A page on its side for each sheet, and more where the names need them; the heading is repeated."""
    target = io.BytesIO()
    width, height = landscape(A4)
    document = BaseDocTemplate(target, pagesize=(width, height), title=title, author="Concitoyen", lang="fr")
    frame = Frame(MARGIN, 16 * mm, width - 2 * MARGIN, height - 30 * mm, 0, 0, 0, 0)
    foot = sheets[0].foot if sheets else ""

    def draw_foot(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(PLAIN, 7)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 9 * mm, plain(foot))
        canvas.drawRightString(width - MARGIN, 9 * mm, str(document.page))

    document.addPageTemplates([PageTemplate("page", [frame], onPage=draw_foot)])
    story: list[Flowable] = []
    for number, sheet in enumerate(sheets):
        story += _sheet(sheet, width - 2 * MARGIN, first=number == 0)
    document.build(story)
    return target.getvalue()


def _sheet(sheet: Sheet, width: float, *, first: bool) -> list[Flowable]:
    title = paragraph(sheet.title, TITLE)
    if not first:
        title.style = TITLE.clone("next", pageBreakBefore=1)
    halves = sheet.halves[:MOST_HALVES]
    heading = [paragraph(sheet.name_heading, STRONG), *(paragraph(half, STRONG) for half in halves)]
    body = [
        [[paragraph(name, STRONG), paragraph(under, SMALL)], *("" for _half in halves)] for name, under in sheet.rows
    ]
    widths = [NAME, *((width - NAME) / max(1, len(halves)) for _half in halves)]
    table = Table([heading, *body], colWidths=widths, rowHeights=[None, *(ROW for _row in body)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, LINE),
                ("BACKGROUND", (0, 0), (-1, 0), WASH),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 1), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 2),
            ]
        )
    )
    return [title, paragraph(sheet.about), Spacer(1, 4 * mm), table]
