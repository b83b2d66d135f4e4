"""The letters, the styles and the safe text of everything that is printed."""

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import IO

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate, Paragraph

PLAIN, BOLD = "Vera", "VeraBd"
INK, SOFT, LINE, WASH = HexColor("#151d33"), HexColor("#4a5266"), HexColor("#b9b2a3"), HexColor("#f1ece1")
UPRIGHT, SIDEWAYS = "upright", "sideways"
FOOT = 16 * mm  # below this stands the foot of a page

pdfmetrics.registerFont(TTFont(PLAIN, "Vera.ttf"))
pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
rl_config.canvas_basefontname = PLAIN  # else every page names Helvetica, which is in no file
_KNOWN = pdfmetrics.getFont(PLAIN).face.charToGlyph  # type: ignore[attr-defined]
# Signs that these letters lack, and what stands for them.
_SIGNS = str.maketrans(
    {
        "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{RIGHTWARDS ARROW}": "–",
        "\N{LATIN SMALL LETTER O WITH HORN}": "o",
        "\N{LATIN SMALL LETTER U WITH HORN}": "u",
    }
)

TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12.5, textColor=INK)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=10.5, textColor=SOFT)
STRONG = ParagraphStyle("strong", parent=TEXT, fontName=BOLD)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=17, leading=21, spaceAfter=4)
HEADING = ParagraphStyle("heading", parent=TEXT, fontName=BOLD, fontSize=12, leading=16, spaceBefore=12, spaceAfter=3)
CENTRE = ParagraphStyle("centre", parent=TEXT, alignment=TA_CENTER)


def plain(text: str) -> str:
    """With signs that the letters have. A name keeps its shape, without the accent that cannot be set: "Nguyên" for Nguyễn."""
    text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    return "".join(sign if ord(sign) in _KNOWN or sign == "\n" else _nearest(sign) for sign in text)


def _nearest(sign: str) -> str:
    """One mark after the other is left out, until what is left can be set."""
    parts = [part for part in unicodedata.decomposition(sign).split() if not part.startswith("<")]
    if not parts:
        return "?"
    bare = chr(int(parts[0], 16)).translate(_SIGNS)
    return bare if ord(bare) in _KNOWN else _nearest(bare)


def safe(text: str) -> str:
    """Text is text: nothing that somebody typed is read as markup."""
    return escape(plain(text), quote=False).replace("\n", "<br/>")


def paragraph(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    return Paragraph(safe(text), style)


def size_that_fits(text: str, font: str, width: float, *, largest: float, smallest: float) -> float:
    """The largest size in points at which the text takes no more than this width."""
    natural = pdfmetrics.stringWidth(plain(text), font, 1) or 1
    return max(smallest, min(largest, width / natural))


@dataclass(frozen=True)
class About:
    """What a file says of itself to programs that read it, also to those that read it aloud."""

    title: str
    author: str
    language: str


def describe(canvas: Canvas, about: About) -> None:
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setCreator("Concitoyen")
    canvas.setCatalogEntry("Lang", about.language)
    canvas.setViewerPreference("DisplayDocTitle", "true")


def fitted(text: str, font: str, width: float, height: float, *, largest: float, smallest: float) -> Paragraph:
    """Centred, as large as it goes: on one line where that is not too small, else on as many as there is room for."""
    one_line = size_that_fits(text, font, width, largest=largest, smallest=smallest)
    if one_line >= min(largest * 0.6, 40):
        return _centred(text, font, one_line)
    longest = max(text.split(), key=len, default="")
    size = size_that_fits(longest, font, width, largest=largest * 0.6, smallest=smallest)
    while size > smallest and _centred(text, font, size).wrap(width, height)[1] > height:
        size -= 0.5
    return _centred(text, font, size)


def _centred(text: str, font: str, size: float) -> Paragraph:
    style = ParagraphStyle("fitted", parent=CENTRE, fontName=font, fontSize=size, leading=size * 1.15)
    return paragraph(text, style)


class Paper(BaseDocTemplate):
    """Pages, upright or on their side, that bear a foot: words on the left, the number of the page on the right."""

    def __init__(self, target: IO[bytes], *, margin: float, about: About, foot: str, upright: bool = True) -> None:
        super().__init__(target, pagesize=A4, title=about.title, author=about.author, lang=about.language)
        self.about, self.foot, self.margin = about, foot, margin
        templates = [self._template(UPRIGHT, A4), self._template(SIDEWAYS, landscape(A4))]
        self.addPageTemplates(templates if upright else templates[::-1])

    def _template(self, name: str, size: tuple[float, float]) -> PageTemplate:
        width, height = size
        frame = Frame(self.margin, FOOT, width - 2 * self.margin, height - FOOT - self.margin, 0, 0, 0, 0)
        return PageTemplate(name, [frame], onPage=lambda canvas, _document: self._foot(canvas, width), pagesize=size)

    def _foot(self, canvas: Canvas, width: float) -> None:
        describe(canvas, self.about)
        canvas.setFont(PLAIN, 7)
        canvas.setFillColor(SOFT)
        canvas.drawString(self.margin, 9 * mm, plain(self.foot))
        canvas.drawRightString(width - self.margin, 9 * mm, str(self.page))

    def next_page(self, *, upright: bool) -> list[Flowable]:
        """It, and those after it, stand upright or lie on their side."""
        return [NextPageTemplate(UPRIGHT if upright else SIDEWAYS), PageBreak()]
