"""Which words are rare: the Zipf scale of the package wordfreq (R. Speer), inflected forms counted with their family.

Zipf 3 is once in a million words, 4 ten times. A form takes the frequency of the most frequent word that it can be an
inflection of, so that "arrosons" is as common as "arroser". The lists are read at first use (a tenth of a second).
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from conference.plain.listed import listed

RARE_BELOW = {"fr": 3.05, "en": 3.15}  # calibrated on the paragraphs of tests/conference/plain
UNKNOWN = 0.0
_SHORTEST_STEM = 3

_VERBAL_FR = listed(
    "eraient erions erais erait eront erons eriez erez erai eras era"
    " raient rions rais rait rons ront rez rai ras ra"
    " issaient issions issant issons issez issent isse irait iront ira"
    " assions aient antes ants ante ant ions iez âmes èrent ons ez ent ais ait ai as ât a ées ée és é es e is it ie i us ue u"
)
_FAMILY_FR = {
    "s": ("",), "x": ("", "l"), "aux": ("al", "ail", "au"), "e": ("",), "es": ("", "e"), "elle": ("el",), "elles": ("el",),
    "ive": ("if",), "ives": ("if",), "euse": ("eux", "eur"), "euses": ("eux", "eur"), "trice": ("teur",),
    "trices": ("teur",), "enne": ("en",), "ennes": ("en",), "onne": ("on",), "onnes": ("on",), "ère": ("er",),
    "ères": ("er",), "ement": ("", "e"), "amment": ("ant",), "emment": ("ent",), "ette": ("et",), "ettes": ("et",),
}  # fmt: skip
_FAMILY_EN = {
    "s": ("",), "es": ("", "e"), "ies": ("y",), "ed": ("", "e"), "ied": ("y",), "d": ("",), "ing": ("", "e"),
    "er": ("", "e"), "est": ("", "e"), "ly": ("", "le"), "ily": ("y",), "ally": ("al", ""), "ness": ("",), "'s": ("",),
    "less": ("",), "able": ("", "e"), "ers": ("", "e"),
}  # fmt: skip


@cache
def _frequencies(language: str) -> dict[str, float]:
    from wordfreq import get_frequency_dict  # noqa: PLC0415 - slow: only where a text is measured

    return get_frequency_dict(language, wordlist="best")


@lru_cache(maxsize=50_000)
def zipf(word: str, language: str) -> float:
    """The Zipf frequency of a form as it is written, in small letters; 0 where the list has it not."""
    known = _frequencies(language)
    word = word.replace("’", "'")
    found = known.get(word) or known.get(word.replace("œ", "oe").replace("æ", "ae"))
    return math.log10(found) + 9 if found else UNKNOWN


@lru_cache(maxsize=50_000)
def family_zipf(word: str, language: str) -> float:
    """The Zipf frequency of the most frequent word of which this can be a form."""
    word = unicodedata.normalize("NFC", word).lower()
    own = zipf(word, language)
    if own >= RARE_BELOW[language]:
        return own
    return max([own, *(zipf(base, language) for base in _bases(word, language))])


def is_rare(word: str, language: str) -> bool:
    return family_zipf(word, language) < RARE_BELOW[language]


def _bases(word: str, language: str) -> Iterator[str]:
    for ending, replacements in (_FAMILY_FR if language == "fr" else _FAMILY_EN).items():
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word.removesuffix(ending)
            yield from (stem + replacement for replacement in replacements)
            if language == "en" and ending in {"ed", "ing", "er"} and stem[-1] == stem[-2]:
                yield stem[:-1]  # planned, cutting
    if language == "fr":
        yield from _infinitives(word)
    elif "is" in word:
        american = re.sub(r"is(?=ation|e|ing)", "iz", word)  # the list is more American than British
        if american != word:
            yield american
            yield from _bases(american, language)


def _infinitives(word: str) -> Iterator[str]:
    for ending in _VERBAL_FR:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word.removesuffix(ending)
            yield from (f"{stem}er", f"{stem}ir", f"{stem}re", f"{stem}ire")
            yield from _softened(stem)


def _softened(stem: str) -> Iterator[str]:
    """Stems that change their spelling: nous plaçons, il mangea, il appelle, il emploie, il complète."""
    if stem.endswith("ç"):
        yield f"{stem[:-1]}cer"
    elif stem.endswith("ge"):
        yield f"{stem}r"
    elif stem.endswith(("ll", "tt")):
        yield f"{stem[:-1]}er"
    elif stem.endswith("i"):
        yield f"{stem[:-1]}yer"
    elif len(stem) > 2 and stem[-2] == "è":
        yield f"{stem[:-2]}é{stem[-1]}er"
        yield f"{stem[:-2]}e{stem[-1]}er"
