"""Sentences and words, with their places in the source.

A word is what stands between blanks and signs: contractions, elisions and hyphenated words count as one ("l’eau",
"peut-être", "don't"), a number counts as one ("3,5", "1 000 000"); so does Flesch's own manual (How to Write Plain
English, 1979, chapter 2). A sentence ends at . ! ? … or with its block; not at an abbreviation, an initial, a decimal
point, nor where the text goes on with a small letter ("« Pourquoi ? » demande-t-elle").
"""

import re
from dataclasses import dataclass

from conference.plain.listed import listed
from conference.plain.markup import Span, blocks

_CHARACTER = r"(?:[^\W_]|[\u0300-\u036f])"
WORD = re.compile(
    r"\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?![^\W_])"
    rf"|{_CHARACTER}+(?:(?:['’\u2010\u2011-]|(?<=\d)[.,:](?=\d)){_CHARACTER}+)*"
)
_END = re.compile(r"[.!?…]+(?:[\s\u00a0\u202f]?[»”\"’)\]])*(?=\s|$)")
_NEXT = re.compile(r"[\s«“\"‘(\[–—-]*")
_BEFORE = re.compile(r"[^\s(«“\"]{1,20}$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,2}$|(?:[^\W\d_]\.)+[^\W\d_]$")
ABBREVIATIONS = {
    "fr": listed(
        "m mm dr pr p pp art fig vol n no éd cf ex env av apr j.-c st ste tél chap al ibid op cit ch r hab min max sq"
        " janv févr avr juill sept oct nov déc"
    ),
    "en": listed(
        "mr mrs ms dr prof st e.g i.e eg ie vs no fig art sec approx ca cf al jr sr inc ltd p pp vol ch dept est"
        " jan feb mar apr jun jul aug sept oct nov dec"
    ),
}


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with at least one word; ``start`` to ``end`` is its span in the source, trimmed."""

    start: int
    end: int
    words: tuple[Word, ...]


def split(text: str, language: str) -> tuple[str, list[Sentence]]:
    """The text with its markup made blank (of the same length), and its sentences in order."""
    bare, spans = blocks(text)
    found = []
    for start, end in spans:
        for sentence in _sentences(bare, start, end, ABBREVIATIONS[language]):
            words = tuple(Word(m.start(), m.end(), m[0]) for m in WORD.finditer(bare, *sentence))
            if words:
                found.append(Sentence(*_trimmed(bare, sentence), words))
    return bare, found


def _sentences(bare: str, start: int, end: int, abbreviations: frozenset[str]) -> list[Span]:
    found = []
    begun = start
    for stop in _END.finditer(bare, start, end):
        if _ends(bare, stop, end, abbreviations):
            found.append((begun, stop.end()))
            begun = stop.end()
    return [*found, (begun, end)]


def _ends(bare: str, stop: re.Match[str], end: int, abbreviations: frozenset[str]) -> bool:
    following = _NEXT.match(bare, stop.end(), end)
    at = following.end() if following else stop.end()
    if at >= end:
        return True
    if bare[at].islower():
        return False
    if stop[0] != ".":
        return True
    before = _BEFORE.search(bare, max(0, stop.start() - 20), stop.start())
    if before is None:
        return True
    last = before[0].rpartition("’")[2].lower()
    return last not in abbreviations and not _INITIALS.match(last)


def _trimmed(bare: str, span: Span) -> Span:
    piece = bare[slice(*span)]
    return span[0] + len(piece) - len(piece.lstrip()), span[1] - (len(piece) - len(piece.rstrip()))
