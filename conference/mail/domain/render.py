"""From a text with named places to a subject, a plain text and an HTML page of the same words.

Whom to trust:

| comes from              | example                | in the plain text    | in the HTML                                |
|-------------------------|------------------------|----------------------|--------------------------------------------|
| our text files          | texts/invitation.fr.md | without its signs    | Markdown, no raw HTML                      |
| an organiser's own text | ``TextVersion``        | without its signs    | Markdown, no raw HTML, cleaned             |
| places in MARKDOWN      | the list of sessions   | without its signs    | Markdown of ours and of organisers, cleaned|
| every other place       | a name, an address     | as it is             | escaped: neither Markdown nor HTML         |
| the personal link       | made at send time      | in full              | a button, and in full                      |

If in doubt, a place is untrusted. A value is never searched for places again. The cleaned HTML has a handful of tags,
no attributes but links to http, https, mailto and tel, and nothing from elsewhere; styles are added after cleaning,
on every element, since many mail programs drop style sheets (``page``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.mail.domain.kinds import Content, Text
from conference.mail.domain.page import BUTTON, Frame, TextError, leave_words, page

__all__ = ["BUTTON", "Rendered", "TextError", "blank_link", "one_line", "places", "render", "text_for"]

TEXTS = Path(__file__).resolve().parent.parent / "texts"
MARKDOWN = frozenset({"seat_dates", "sessions"})
LINK_SIGN = {"fr": "[votre lien personnel]", "en": "[your personal link]"}
SUBJECT_LENGTH = 250

_PLACE = re.compile(r"\{([a-z_]+)\}")
# A token of ``conference.links`` in an address, or a link to a password.
_PERSONAL = re.compile(r"https?://\S*/(?:[A-Za-z0-9_-]{46}(?![A-Za-z0-9_-])|password/reset/key/)[^\s>)]*")
_NUMBER = re.compile(r"(?<=\d) (?=\d)")  # a telephone number is not broken over two lines
_BREAKS = re.compile(r"[ \t\n\r\v\f\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def one_line(words: str) -> str:
    """For headers. No-break spaces stay, which ``str.split`` would take for breaks."""
    return _BREAKS.sub(" ", words).strip(" ")


@cache
def text_for(kind: str, language: str) -> tuple[str, str]:
    """Subject line and body of a kind; French where the language has no text of its own."""
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


@lru_cache(maxsize=1024)
def places(source: str) -> frozenset[str]:
    """The names of the places in a text."""
    return frozenset(_PLACE.findall(source))


def render(kind: str, language: str, content: Content, *, text: Text | None = None) -> Rendered:
    """The message in the person's language. Raises TextError where text and values do not fit.

    ``text``: other words than those that come with the program.
    """
    subject, body = (text.subject, text.body) if text else text_for(kind, language)
    language = (text.language if text else "") or language
    values = {name: value.strip() for name, value in content.placeholders.items()}
    values = {name: _NUMBER.sub("\u00a0", value) if name == "contact" else value for name, value in values.items()}
    _check(kind, places(subject) | places(body), values, content)
    body = _without_empty(body, frozenset(name for name, value in values.items() if not value))
    title = one_line(_fill(subject, values))[:SUBJECT_LENGTH]
    with override(language):
        return Rendered(
            title,
            _text(body, values, content),
            page(_frame(body, values, content, language), values, content, subject=title),
        )


def _check(kind: str, wanted: frozenset[str], values: Mapping[str, str], content: Content) -> None:
    missing = sorted(wanted - values.keys() - {BUTTON})
    if missing:
        raise TextError(f"The text of {kind!r} has places without a value: {', '.join(missing)}.")
    if BUTTON in wanted and not (content.action_url and content.action_label):
        raise TextError(f"The text of {kind!r} has a button, and there is no link or label for it.")
    if content.action_url and BUTTON not in wanted:
        raise TextError(f"There is a link for {kind!r}, and its text has no place for the button.")


@lru_cache(maxsize=256)
def _without_empty(body: str, empty: frozenset[str]) -> str:
    """Leaves out a paragraph whose places are all empty (no allowance, no words about it), and a title left alone."""
    kept: list[str] = []
    for paragraph in re.split(r"\n{2,}", body):
        names = places(paragraph) - {BUTTON}
        if names and names <= empty:
            continue
        if kept and _is_title(kept[-1]) and _is_title(paragraph):
            kept.pop()
        kept.append(paragraph)
    if kept and _is_title(kept[-1]):
        kept.pop()
    return "\n\n".join(kept)


def _is_title(paragraph: str) -> bool:
    return paragraph.startswith("#")


def _fill(source: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: values[match[1]], source)


# -- Plain text --------------------------------------------------------------------------------------------------------
def _text(body: str, values: Mapping[str, str], content: Content) -> str:
    """Signs are taken out of our own words before the values come in: a value stays as it was written."""
    words = {name: _plain(value) if name in MARKDOWN else value for name, value in values.items()}
    link = _("%(label)s:") % {"label": content.action_label} + f"\n{content.action_url}"
    text = _fill(_plain(body), {**words, BUTTON: link}).strip() + "\n"
    return text + f"\n--\n{leave_words()}\n{content.leave_url}\n" if content.leave_url else text


@lru_cache(maxsize=512)
def _plain(source: str) -> str:
    """Markdown as a person would type it: without stars and hash signs."""
    source = re.sub(r"\*\*(.+?)\*\*", r"\1", source)
    source = re.sub(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])", r"\1", source)
    source = re.sub(r"\[([^\]\n]+)\]\((\S+?)\)", r"\1 (\2)", source)
    source = re.sub(r"^#+ +(.+)$", r"\1", source, flags=re.MULTILINE)
    return re.sub(r"^> ?", "  ", source, flags=re.MULTILINE)


def _frame(body: str, values: Mapping[str, str], content: Content, language: str) -> Frame:
    """What everybody reads, and what differs. Organisers' Markdown is the same for all; an empty place fills no line."""
    names = sorted(places(body) - {BUTTON})
    known = tuple((name, values[name]) for name in names if name in MARKDOWN or not values[name])
    differs = tuple(name for name in names if name not in MARKDOWN and values[name])
    has_leave = bool(content.leave_url)
    return Frame(body, language, content.action_label, bool(content.from_name), has_leave, known, differs)


def blank_link(text: str, link: str, language: str) -> str:
    """The copy that is kept or shown: no personal link is in it, wherever in the words it stood."""
    sign = LINK_SIGN.get(language, LINK_SIGN["en"])
    return _PERSONAL.sub(sign, text.replace(link, sign) if link else text)
