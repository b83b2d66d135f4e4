"""Markdown made blank, so that only prose is measured and every place stays where it is in the source.

Each sign of the markup becomes a space: ``blank(text)`` has the length of ``text``. Headings, list items and table rows
are blocks of their own, and no sentence runs over the end of a block. All patterns are bounded: no text makes them slow.
"""

import re
from collections.abc import Iterator

type Span = tuple[int, int]

_FENCE = re.compile(r"[ \t]{0,3}(```|~~~)")
_RULE = re.compile(r"[ \t]{0,3}(?:[-*_=|:][ \t]{0,3}){3,200}$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*$")
_LEAD = re.compile(
    r"[ \t]{0,12}(?:>[ \t]?){0,6}(?:(?P<own>#{1,6}(?=[ \t]|$)|[-*+•–](?=[ \t])|\d{1,3}[.)](?=[ \t]))[ \t]*)?"
)
_INLINE = (
    re.compile(r"!?\[(?P<keep>[^\[\]\n]{0,300})\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])"),
    re.compile(r"(?P<keep>)\[\^[^\]\n]{1,40}\]:?"),
    re.compile(r"(?P<keep>)<[^<>\n]{1,300}>"),
    re.compile(r"(?P<keep>)\b(?:https?://|www\.)[^\s<>]{1,500}"),
    re.compile(r"(?P<keep>)(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"),
)
_EMPHASIS = re.compile(r"[*`~|\\]|(?<![^\W_])_+|_+(?![^\W_])")


def blocks(text: str) -> tuple[str, list[Span]]:
    """The text with its markup made blank, and where its paragraphs, headings, items and rows stand in it."""
    lines = list(_lines(text))
    bare = "".join(line for line, _own in lines)
    found: list[Span] = []
    start: int | None = None
    at = 0
    for line, own in lines:
        empty = not line.strip()
        if start is not None and (own or empty):
            found.append((start, at))
            start = None
        if not empty and start is None:
            start = at
        at += len(line)
        if own == "closed" and start is not None:
            found.append((start, at))
            start = None
    if start is not None:
        found.append((start, at))
    return _inline(bare), found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line with its marker made blank, and whether a block begins ("open") or stands on it alone ("closed")."""
    fence = ""
    for line in text.splitlines(keepends=True):
        opened = _FENCE.match(line)
        if fence or opened:
            if opened and (not fence or opened[1] == fence):
                fence = "" if fence else opened[1]
            yield _spaces(line), ""
        elif _RULE.match(line.rstrip()) or _UNDERLINE.match(line.rstrip()):
            yield _spaces(line), ""
        else:
            yield _unmarked(line)


def _unmarked(line: str) -> tuple[str, str]:
    lead = _LEAD.match(line)
    assert lead is not None  # it matches the empty string too
    own = lead["own"] or ""
    bare = _spaces(line[: lead.end()]) + line[lead.end() :]
    if own.startswith("#") or line.lstrip().startswith("|"):
        return bare, "closed"
    return bare, "open" if own else ""


def _spaces(line: str) -> str:
    return "".join(character if character.isspace() else " " for character in line)


def _inline(text: str) -> str:
    for pattern in _INLINE:
        text = pattern.sub(_keep, text)
    return _EMPHASIS.sub(lambda found: " " * len(found[0]), text)


def _keep(found: re.Match[str]) -> str:
    """Only the group ``keep`` of what was found, where it stood."""
    if not found["keep"]:
        return " " * len(found[0])
    before, after = found.start("keep") - found.start(), found.end() - found.end("keep")
    return " " * before + found["keep"] + " " * after
