"""The measure itself: one pass over the sentences of a text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from conference.plain.acronyms import acronyms, is_acronym, is_shouted
from conference.plain.explained import is_defined
from conference.plain.frequency import is_rare
from conference.plain.kinds import Kind, Verdict
from conference.plain.known import folded, places
from conference.plain.listed import listed
from conference.plain.passive import passives
from conference.plain.reading import LANGUAGES, LONG_SENTENCE, VERY_LONG_SENTENCE, Mark, Reading
from conference.plain.scores import LONG_WORD, ease, lix_score
from conference.plain.splitting import Sentence, Word, split
from conference.plain.syllables import syllables

WORDS_PER_MINUTE = 184  # aloud, over 17 languages: Trauzettel-Klosinski & Dietz, IOVS 53(9), 2012
EASY_FROM, HARD_BELOW = 60.0, 40.0  # on the scale of reading ease
RARE_PER_HUNDRED = 6.0  # rare words in a hundred from which a text is one step harder than its score
LONG_MEAN = 25.0  # words in the mean sentence, likewise
_CLAUSES = 3
_SUBORDINATE = {
    "fr": listed(
        "qui que qu dont où lequel laquelle lesquels lesquelles auquel auxquels auxquelles duquel desquels desquelles"
        " puisque lorsque quoique afin"
    ),
    "en": listed("which that who whom whose where whereby although whereas unless because"),
}
_PIECES = re.compile(r"['’\u2010\u2011-]")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu|quoiqu)['’]", re.IGNORECASE)
_RARE_FROM = 4  # letters: shorter words are signs, units, letters


def measure(text: str, language: str, glossary: Iterable[str] = ()) -> Reading:
    """How hard a text is to read, and where. ``language`` is "fr" or "en"; ``glossary`` the terms explained elsewhere.

    Marks are in order of their place; a sentence comes before the words inside it, and two marks are either apart or
    one inside the other. Nothing is counted inside code blocks and addresses; Markdown signs are left out.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    bare, sentences = split(text, language)
    terms = folded(glossary)
    explained = places(bare, terms)
    words = [word for sentence in sentences for word in sentence.words]
    counts = {"words": len(words), "sentences": len(sentences)}
    score = ease(language, **counts, syllables=(sounds := sum(syllables(word.text, language) for word in words)))
    long_words = sum(1 for word in words if _letters(word.text) >= LONG_WORD)
    marks = sorted(
        [*_of_sentences(bare, sentences, language), *_of_words(bare, sentences, language, terms, explained)],
        key=lambda mark: (mark.start, -mark.end),
    )
    lengths = [len(sentence.words) for sentence in sentences]
    mean = len(words) / len(sentences) if sentences else 0.0
    rare = sum(1 for mark in marks if mark.kind == Kind.RARE)
    return Reading(
        language=language,
        **counts,
        syllables=sounds,
        long_words=long_words,
        minutes=len(words) / WORDS_PER_MINUTE,
        mean_sentence=mean,
        longest_sentence=max(lengths, default=0),
        score=score,
        lix=lix_score(**counts, long_words=long_words),
        verdict=verdict(score.value, mean, 100 * rare / len(words)) if words else None,
        marks=tuple(marks),
        known=tuple(_first(explained, marks)),
    )


def verdict(score: float, mean_sentence: float, rare_per_hundred: float) -> Verdict:
    """Three steps by the score; long sentences or many rare words make it one step harder."""
    step = 0 if score >= EASY_FROM else 1 if score >= HARD_BELOW else 2
    if mean_sentence >= LONG_MEAN or rare_per_hundred >= RARE_PER_HUNDRED:
        step += 1
    return (Verdict.EASY, Verdict.EFFORT, Verdict.HARD)[min(step, 2)]


def _of_sentences(bare: str, sentences: Sequence[Sentence], language: str) -> Iterator[Mark]:
    for sentence in sentences:
        count = len(sentence.words)
        if count >= LONG_SENTENCE:
            kind = Kind.VERY_LONG if count >= VERY_LONG_SENTENCE else Kind.LONG
            yield Mark(sentence.start, sentence.end, kind, count=count)
        elif _clauses(sentence, language) >= _CLAUSES:
            yield Mark(sentence.start, sentence.end, Kind.NESTED, count=count)
        for start, end in passives(sentence.words, language):
            yield Mark(start, end, Kind.PASSIVE, word=bare[start:end])


def _clauses(sentence: Sentence, language: str) -> int:
    """Roughly: relative and other clauses by the word that opens them; "ce que" opens an answer, not a chain."""
    opening = _SUBORDINATE[language]
    firsts = ["", *(_PIECES.split(word.text.lower())[0] for word in sentence.words)]
    return sum(1 for before, word in pairwise(firsts) if word in opening and before != "ce")


def _of_words(
    bare: str, sentences: Sequence[Sentence], language: str, terms: frozenset[str], explained: Sequence[Mark]
) -> Iterator[Mark]:
    """Acronyms that first stand unexplained, and rare words that are explained nowhere: each once, where it first is."""
    yield from acronyms(bare, sentences, language, terms)
    names = _names(sentences)
    covered = {at for place in explained for at in range(place.start, place.end)}
    rare: dict[str, Mark | None] = {}
    for sentence in sentences:
        shouted = is_shouted(sentence)
        for word in sentence.words:
            piece = core(word, language)
            key = unicodedata.normalize("NFC", piece.text).lower()
            if (
                len(key) < _RARE_FROM
                or piece.start in covered
                or not _may_be_rare(piece, key, shouted=shouted, names=names)
            ):
                continue
            if rare.get(key, piece) is None or not _is_hard(key, language):
                continue
            if is_defined(bare, piece.start, piece.end, language):
                rare[key] = None
            else:
                rare.setdefault(key, Mark(piece.start, piece.end, Kind.RARE, word=key))
    yield from (mark for mark in rare.values() if mark)


def core(word: Word, language: str) -> Word:
    """The word without an elided "l’" or a possessive "'s"."""
    if language == "fr" and (elided := _ELIDED.match(word.text)) and elided.end() < len(word.text):
        return Word(word.start + elided.end(), word.end, word.text[elided.end() :])
    if language == "en" and word.text[-2:].lower() in {"'s", "’s"}:
        return Word(word.start, word.end - 2, word.text[:-2])
    return word


def _may_be_rare(piece: Word, key: str, *, shouted: bool, names: frozenset[str]) -> bool:
    """Neither a number, nor a name, nor an acronym."""
    if key in names or any(character.isdigit() for character in key):
        return False
    return shouted or not is_acronym(piece.text)


def _is_hard(key: str, language: str) -> bool:
    if not is_rare(key, language):
        return False
    parts = [part for part in _PIECES.split(key) if part]
    return len(parts) < 2 or any(len(part) >= _RARE_FROM and is_rare(part, language) for part in parts)


def _names(sentences: Sequence[Sentence]) -> frozenset[str]:
    """Words written with a capital inside a sentence: names, at a sentence’s beginning too."""
    return frozenset(
        unicodedata.normalize("NFC", piece).lower()
        for sentence in sentences
        if not is_shouted(sentence)
        for word in sentence.words[1:]
        if (piece := _ELIDED.sub("", word.text))[:1].isupper()
    )


def _first(explained: Iterable[Mark], marks: Sequence[Mark]) -> Iterator[Mark]:
    """The first place of each term, unless it lies across the border of a mark."""
    seen: set[str] = set()
    for place in explained:
        if place.word not in seen and not any(_crosses(place, mark) for mark in marks):
            seen.add(place.word)
            yield place


def _crosses(one: Mark, other: Mark) -> bool:
    if one.end <= other.start or other.end <= one.start:
        return False
    inside = other.start <= one.start and one.end <= other.end
    around = one.start <= other.start and other.end <= one.end
    return not (inside or around)


def _letters(text: str) -> int:
    """The letters of the longest part of a word: an article or an ending that hangs on it makes no word long."""
    return max(sum(map(str.isalpha, piece)) for piece in _PIECES.split(text))
