"""Acronyms that are not written out where they are first used."""

import re
from collections.abc import Iterator, Sequence

from conference.plain.explained import is_written_out
from conference.plain.kinds import Kind
from conference.plain.listed import listed
from conference.plain.reading import Mark
from conference.plain.splitting import Sentence

_SHAPE = re.compile(r"[^\W\d_a-zà-ÿ][^\W_]{0,9}(?:-\d+)?")
_ROMAN = re.compile(r"[IVXLCDM]+(?:e|er|ème)?")
_ELIDED = re.compile(r"^(?:[dlDL]|[Qq]u|[nNsS])['’]")
EVERYDAY = listed("OK TV CD DVD SMS GPS PDF WC USB FAQ M MM")
_SHOUT = 0.6  # share of words in capitals from which a heading is shouted and says nothing about acronyms


def is_acronym(text: str) -> bool:
    """Two capitals at least, most letters capitals: ADN, ARNm, PFAS, CO2; not roman numerals nor everyday ones."""
    if not 2 <= len(text) <= 10 or text in EVERYDAY or _ROMAN.fullmatch(text) or not _SHAPE.fullmatch(text):
        return False
    capitals = sum(map(str.isupper, text))
    return capitals >= 2 and capitals * 2 > sum(map(str.isalpha, text))


def is_shouted(sentence: Sentence) -> bool:
    words = [word.text for word in sentence.words if len(word.text) > 1]
    return len(words) >= 2 and sum(map(str.isupper, words)) >= _SHOUT * len(words)


def acronyms(bare: str, sentences: Sequence[Sentence], language: str, terms: frozenset[str]) -> Iterator[Mark]:
    seen: set[str] = set()
    for sentence in sentences:
        if is_shouted(sentence):
            continue
        for word in sentence.words:
            elided = _ELIDED.match(word.text)
            start = word.start + (elided.end() if elided else 0)
            text = bare[start : word.end]
            if text in seen or not is_acronym(text):
                continue
            seen.add(text)
            if text.lower() not in terms and not is_written_out(bare, start, word.end, language):
                yield Mark(start, word.end, Kind.ACRONYM, word=text)
