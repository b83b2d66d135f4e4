"""The letters, the styles and the safe text of everything that is printed."""

from html import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

PLAIN, BOLD = "Vera", "VeraBd"
INK, SOFT, LINE, WASH = HexColor("#151d33"), HexColor("#4a5266"), HexColor("#b9b2a3"), HexColor("#f1ece1")

# Signs that these letters lack, and what stands for them.
_SIGNS = str.maketrans({"\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}": "-"})

pdfmetrics.registerFont(TTFont(PLAIN, "Vera.ttf"))
pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))

TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12.5, textColor=INK)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=10.5, textColor=SOFT)
STRONG = ParagraphStyle("strong", parent=TEXT, fontName=BOLD)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=17, leading=21, spaceAfter=4)
HEADING = ParagraphStyle("heading", parent=TEXT, fontName=BOLD, fontSize=12, leading=16, spaceBefore=12, spaceAfter=3)
CENTRE = ParagraphStyle("centre", parent=TEXT, alignment=TA_CENTER)


def safe(text: str) -> str:
    """Text is text: nothing that somebody typed is read as markup."""
    return escape(text.translate(_SIGNS), quote=False).replace("\n", "<br/>")


def plain(text: str) -> str:
    """For text that is drawn, not set."""
    return text.translate(_SIGNS)


def paragraph(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    return Paragraph(safe(text), style)


def size_that_fits(text: str, font: str, width: float, *, largest: float, smallest: float) -> float:
    """The largest size in points at which the text takes no more than this width."""
    natural = pdfmetrics.stringWidth(plain(text), font, 1) or 1
    return max(smallest, min(largest, width / natural))
