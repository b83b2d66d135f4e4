"""The programme on A4, a page for each day that has a running order."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table, TableStyle

from conference.enums import ItemKind
from conference.print.paper import HEADING, LINE, PLAIN, SMALL, STRONG, TEXT, TITLE, WASH, About, Paper, paragraph, safe
from conference.programme_pages import Day, Part, Row

MARGIN = 18 * mm
HOURS, KIND = 31 * mm, 45 * mm


@dataclass(frozen=True)
class Words:
    """What stands around the programme, in the reader's language."""

    about: About
    question: str
    foot: str
    cancelled: str
    led_by: str  # with one place: "Led by %s"


def programme_pdf(days: Sequence[Day], words: Words) -> bytes:
    target = io.BytesIO()
    document = Paper(target, margin=MARGIN, about=words.about, foot=words.foot)
    document.build(_story(days, words))
    return target.getvalue()


def _story(days: Sequence[Day], words: Words) -> list[Flowable]:
    story: list[Flowable] = [paragraph(words.about.title, TITLE), paragraph(words.question, TEXT)]
    for number, day in enumerate(days):
        if number and (_has_order(day) or _has_order(days[number - 1])):
            story.append(PageBreak())
        story.append(paragraph(day.title[:1].upper() + day.title[1:], HEADING))
        for part in day.parts:
            story += _part(part, words)
    return story


def _has_order(day: Day) -> bool:
    """Days of which only the hours are known yet share a page."""
    return any(part.rows for part in day.parts)


def _part(part: Part, words: Words) -> list[Flowable]:
    title = f"{part.title} ({words.cancelled})" if part.is_cancelled else part.title
    room = "" if part.room in part.place else part.room  # the place often says it already
    about = " · ".join(fact for fact in (f"{part.begins} – {part.ends}", part.kind_label, part.place, room) if fact)
    head: list[Flowable] = [Spacer(1, 2 * mm), paragraph(title, STRONG), paragraph(about, SMALL), Spacer(1, 1.5 * mm)]
    if not part.rows:
        return [KeepTogether(head)]
    table = Table([_row(row, words, part.room) for row in part.rows], colWidths=[HOURS, None, KIND], repeatRows=0)
    table.setStyle(_style(part.rows))
    return [KeepTogether(head), table]


def _row(row: Row, words: Words, everywhere: str) -> list[Flowable | list[Flowable]]:
    what: list[Flowable] = [Paragraph(safe(row.title), TEXT if row.kind == ItemKind.BREAK else STRONG)]
    what += [paragraph(", ".join(part for part in (one.name, one.about) if part)) for one in row.speakers]
    note = " · ".join(
        part
        for part in (row.room if row.room != everywhere else "", words.led_by % row.lead if row.lead else "")
        if part
    )
    if note:
        what.append(paragraph(note, SMALL))
    return [
        paragraph(f"{row.begins} – {row.ends}"),
        what,
        paragraph(f"{row.kind_label} · {row.minutes}\N{NO-BREAK SPACE}min", SMALL),
    ]


def _style(rows: Sequence[Row]) -> TableStyle:
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), PLAIN),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 0), (-1, -1), 0.4, LINE),
            ("LINEBELOW", (0, -1), (-1, -1), 0.4, LINE),
            ("LEFTPADDING", (0, 0), (0, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    for at, row in enumerate(rows):
        if row.kind == ItemKind.BREAK:
            style.add("BACKGROUND", (0, at), (-1, at), WASH)
    return style
