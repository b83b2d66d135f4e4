"""From a text with named places to a subject, a plain text and an HTML page of the same words.

Whom to trust:

| comes from            | example               | in the plain text | in the HTML                              |
|-----------------------|-----------------------|-------------------|------------------------------------------|
| our text files        | texts/invitation.fr.md| as it is          | Markdown, no raw HTML                    |
| places in MARKDOWN    | the list of sessions  | as it is          | Markdown, no raw HTML, cleaned           |
| every other place     | a name, a place       | as it is          | escaped: can be neither Markdown nor HTML|
| the personal link     | made at send time     | in full           | button and in full                       |

If in doubt, a place is untrusted. The cleaned HTML allows a handful of tags and links to http, https, mailto and tel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nh3
from django.template.loader import render_to_string
from markdown_it import MarkdownIt

from conference.mail.domain.kinds import Content

TEXTS = Path(__file__).resolve().parent.parent / "texts"
MARKDOWN = frozenset({"seat_dates", "sessions"})  # written by us from checked data
BUTTON = "button"
LINK_SIGN = {"fr": "[votre lien personnel]", "en": "[your personal link]"}

_PLACE = re.compile(r"\{([a-z_]+)\}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:@])")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "blockquote"}
_TOKEN = "BUTTONGOESHERE"  # noqa: S105 - a word that no text uses
_markdown = MarkdownIt("commonmark", {"html": False})


class TextError(Exception):
    """A text that cannot be filled: a place without a value, or a value that the text does not know."""


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


@cache
def text_for(kind: str, language: str) -> tuple[str, str]:
    """Subject line and body of a kind's default text; French where the language has none."""
    path = TEXTS / f"{kind}.{language}.md"
    if not path.exists():
        path = TEXTS / f"{kind}.fr.md"
    if not path.exists():
        raise TextError(f"There is no text for {kind!r}.")
    first, _blank, body = path.read_text(encoding="utf-8").partition("\n")
    subject = first.removeprefix("Subject:").strip()
    if not first.startswith("Subject:") or not subject:
        raise TextError(f"{path.name} does not begin with a subject line.")
    return subject, body.strip()


def places(source: str) -> set[str]:
    """The names of the places in a text."""
    return set(_PLACE.findall(source))


def _escape(value: str) -> str:
    return _SPECIAL.sub(r"\\\1", value).replace("\n", "\\\n")


def _fill(source: str, values: Mapping[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        try:
            return values[match[1]]
        except KeyError:
            raise TextError(f"The place {{{match[1]}}} has no value.") from None

    return _PLACE.sub(one, source)


def _plain(source: str) -> str:
    """Markdown as a person would type it: without stars and hash signs."""
    source = re.sub(r"\*\*(.+?)\*\*", r"\1", source)
    source = re.sub(r"^#+ +(.+)$", r"\1", source, flags=re.MULTILINE)
    source = re.sub(r"^> ?", "  ", source, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", source).strip() + "\n"


def _paragraphs_without_value(source: str, values: Mapping[str, str]) -> str:
    """Leaves out a paragraph whose only place is empty (no allowance, no sentence about it)."""
    kept = []
    for paragraph in source.split("\n\n"):
        names = places(paragraph) - {BUTTON}
        if names and all(not values.get(name, "x").strip() for name in names):
            continue
        kept.append(paragraph)
    return "\n\n".join(kept)


def render(kind: str, language: str, content: Content) -> Rendered:
    """The message in the person's language. Raises TextError where text and values do not fit."""
    subject, body = text_for(kind, language)
    values = dict(content.placeholders)
    body = _paragraphs_without_value(body, values)
    link = content.action_url
    text = _plain(_fill(body, {**values, BUTTON: f"{content.action_label} :\n{link}" if link else ""}))
    safe = {name: value if name in MARKDOWN else _escape(value) for name, value in values.items()}
    page = nh3.clean(_markdown.render(_fill(body, {**safe, BUTTON: _TOKEN if link else ""})), tags=_TAGS, link_rel="noopener")
    subject = " ".join(_fill(subject, values).split())
    html = render_to_string(
        "mail/message.html",
        {"subject": subject, "language": language, "blocks": _blocks(page), "content": content, "from_name": content.from_name},
    )
    return Rendered(subject[:250], text, html)


def _blocks(page: str) -> list[str]:
    """The cleaned HTML before and after the button."""
    return page.split(f"<p>{_TOKEN}</p>", 1)


def blank_link(text: str, link: str, language: str) -> str:
    """The copy that is kept: the personal link is not stored."""
    return text.replace(link, LINK_SIGN.get(language, LINK_SIGN["en"])) if link else text
