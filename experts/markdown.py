"""From an organiser's Markdown to HTML that may stand on a page.

Two locks: the parser knows no HTML, and what it makes is cleaned again. Images are left out, since a picture from
elsewhere would tell its server who reads, and the page's policy refuses it anyway.
"""

from collections.abc import Callable

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
DEEPEST = 6
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def to_html(text: str, *, top: int = 3, mark: Callable[[list[Token]], None] | None = None) -> SafeString:
    """The text as HTML. Its highest headings become <h3> (or ``top``), whichever the writer used: the page's own stand
    above them, and no level is left out between.

    ``mark`` may change what the parser found, before it is written and cleaned. Markdown itself cannot give a link a class
    or an id, so these are of our own making.
    """
    tokens = _parser.parse(text)
    if mark:
        mark(tokens)
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    for token in tokens:
        _lower(token, top - highest)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "class", "id"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned in the line above


def _lower(token: Token, by: int) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + by, DEEPEST)}"
