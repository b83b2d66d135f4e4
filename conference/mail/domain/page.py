"""The HTML page of a text. It is made once, with marks in the place of what differs from person to person, and then
filled for each: Markdown, cleaning and the page around it cost a hundred times more than filling.

A mark is a word that nobody can guess, so no value can pass for one. A value takes its mark's place after cleaning, as
text: whatever it contains is shown as it was typed. Where a mark has come to stand inside a tag (an organiser's text with
a place in the address of a link), the page is made anew for each person, values included, and cleaned with them.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from markdown_it import MarkdownIt

from conference.mail.domain.kinds import Content

BUTTON = "button"

_PLACE = re.compile(r"\{([a-z_]+)\}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:@=])")
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_LINES = re.compile(r"\s*[\r\n]\s*")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "blockquote"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_markdown = MarkdownIt("commonmark", {"html": False})

# The classes are there for the dark scheme alone, which can only be had through a style sheet.
_STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 20px;padding-left:22px",
    "ol": "margin:0 0 20px;padding-left:22px",
    "li": "margin:0 0 8px",
    "h2": "margin:28px 0 10px;font-size:20px;line-height:1.3",
    "h3": "margin:24px 0 8px;font-size:17px;line-height:1.3",
    "blockquote": (
        "margin:0 0 18px;padding:2px 0 2px 16px;border-left:4px solid #1d4ed8;"
        "font-family:Georgia,'Times New Roman',serif;font-size:20px;line-height:1.4"
    ),
}


class TextError(Exception):
    """A text that cannot be filled: no text, no subject, a place without a value."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is made of, apart from the values that differ: pages of equal frames are made once."""

    body: str
    language: str
    label: str  # of the button
    has_sender: bool
    has_leave: bool
    known: tuple[tuple[str, str], ...]  # Markdown that everybody reads, and places that are empty
    open: tuple[str, ...]  # the places that are filled for each


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in pieces: words as they stand, and between them the names of what is filled in."""

    pieces: tuple[str, ...]  # words, name, words, name, ..., words
    is_fixed: bool  # a mark stands inside a tag: not to be filled


def leave_words() -> str:
    return _("You need no more messages like this one? Say so here:")


def page(frame: Frame, values: Mapping[str, str], content: Content, *, subject: str) -> str:
    """The page for one person. ``values`` are without Markdown."""
    sheet = _sheet(frame)
    if sheet.is_fixed:
        known = (*frame.known, *((name, _escape(values[name])) for name in frame.open))
        sheet = _make(replace(frame, known=known, open=()))
    own = {
        ".subject": escape(subject),
        ".sender": escape(content.from_name),
        ".link": escape(content.action_url),
        ".leave": escape(content.leave_url),
    }
    pieces = list(sheet.pieces)
    for place in range(1, len(pieces), 2):
        name = pieces[place]
        pieces[place] = own[name] if name in own else _as_text(values[name])
    return "".join(pieces)


@lru_cache(maxsize=128)
def _sheet(frame: Frame) -> Sheet:
    return _make(frame)


def _make(frame: Frame) -> Sheet:
    secret = f"x{secrets.token_hex(8)}"
    names = [*frame.open, ".subject", ".sender", ".link", ".leave"]
    marks = {name: f"{secret}n{number}n" for number, name in enumerate(names)}
    button = f"{secret}button"
    words = {**marks, **dict(frame.known), BUTTON: button}
    clean = _clean(_to_html(_PLACE.sub(lambda match: words[match[1]], frame.body)))
    blocks = [_styled(block) for block in clean.split(f"<p>{button}</p>", 1)]
    if any(button in block for block in blocks):
        raise TextError(_("The button must stand in a paragraph of its own, once."))
    content = Content(
        {},
        from_name=marks[".sender"] if frame.has_sender else "",
        action_url=marks[".link"],
        action_label=frame.label,
        leave_url=marks[".leave"] if frame.has_leave else "",
    )
    with override(frame.language):
        context = {"subject": marks[".subject"], "language": frame.language, "blocks": blocks, "content": content}
        html = render_to_string("mail/letter.html", {**context, "leave": leave_words()})
    pieces = re.split(rf"{secret}n(\d+)n", html)
    pieces[1::2] = [names[int(number)] for number in pieces[1::2]]
    return Sheet(tuple(pieces), is_fixed=_TAG.sub("", clean).count(secret) != clean.count(secret))


def _as_text(value: str) -> str:
    """As the cleaning writes text."""
    safe = escape(_LINES.sub("\n", value), quote=False)
    return safe.replace("\n", "<br>\n").replace("\u00a0", "&nbsp;").replace("\x00", "\ufffd")


def _escape(value: str) -> str:
    """Every sign that Markdown or HTML could read as its own, and line breaks as line breaks."""
    return _LINES.sub("\\\\\n", _SPECIAL.sub(r"\\\1", value))


def _to_html(source: str) -> str:
    """Titles become <h2> and <h3>, however many signs were written: the subject stands above them."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


def _clean(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)


def _styled(clean: str) -> SafeString:
    """Styles on each element of cleaned HTML, where no element but a link has an attribute."""
    clean = clean.replace("<blockquote>\n<p>", '<blockquote>\n<p style="margin:0">')
    for tag, style in _STYLES.items():
        clean = clean.replace(f"<{tag}>", f'<{tag} class="{tag}" style="{style}">')
    clean = clean.replace("<a href=", '<a class="a" style="color:#1d4ed8" href=')
    return mark_safe(clean)  # noqa: S308 - just cleaned, and only constants were added
