"""Where the terms of a glossary stand in a text: in the plural too, in small letters or capitals, over two words or three."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from conference.plain.kinds import Kind
from conference.plain.reading import Mark


def folded(terms: Iterable[str]) -> frozenset[str]:
    """Terms in the form in which they are compared."""
    return frozenset(" ".join(unicodedata.normalize("NFC", term).lower().split()) for term in terms if term.strip())


def places(bare: str, terms: frozenset[str]) -> list[Mark]:
    """Every place of every term, in order and apart from each other; the longest term wins."""
    if not terms:
        return []
    singular = {_bare(term): term for term in terms}
    found = []
    for place in _pattern(terms).finditer(bare):
        term = singular.get(_bare(" ".join(place[0].lower().split())), place[0].lower())
        found.append(Mark(place.start(), place.end(), Kind.RARE, word=term))
    return found


def _bare(term: str) -> str:
    return " ".join(word.rstrip("sx") for word in unicodedata.normalize("NFC", term).split())


@lru_cache(maxsize=64)
def _pattern(terms: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    alternatives = "|".join(
        r"\s{1,3}".join(re.escape(word) + "[sx]?" for word in term.split()) for term in longest_first
    )
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
