"""A reading as a page shows it: what to say first, what to mend, and the text with its marks.

The text is a stranger’s: every piece of it is escaped here, and nothing else of it becomes HTML.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.plain import Kind, Mark, Reading, Verdict, measure
from conference.plain.glossaries import Glossary
from conference.plain.words import ADVICE, LABELS, VERDICTS

LONGEST_TEXT = 60_000  # characters: longer than any field of ours
TONES = {Verdict.EASY: "accepted", Verdict.EFFORT: "waiting", Verdict.HARD: "gone"}
_SENTENCES = (Kind.LONG, Kind.VERY_LONG, Kind.NESTED)


@dataclass(frozen=True)
class Word:
    """A marked word in the list of what to mend, and where it can be added to the glossary."""

    text: str
    add_url: str


@dataclass(frozen=True)
class Point:
    """One thing to mend: how often, what to do, and which words."""

    kind: Kind
    title: str
    advice: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Shown:
    reading: Reading
    verdict: str
    tone: str
    summary: str
    points: list[Point]
    html: SafeString

    @property
    def minutes(self) -> int:
        return round(self.reading.minutes)


def shown(text: str, language: str, glossary: Glossary) -> Shown | None:
    """The reading of a text for the margin; None where there is no word to measure."""
    text = text.replace("\r\n", "\n")
    reading = measure(text, language, [term.words for term in glossary.terms])
    if reading.verdict is None:
        return None
    return Shown(
        reading=reading,
        verdict=_(VERDICTS[reading.verdict]),
        tone=TONES[reading.verdict],
        summary=_summary(reading),
        points=_points(reading, glossary.add_url),
        html=marked(text, reading, glossary),
    )


def _summary(reading: Reading) -> str:
    """For eyes and for screen readers: one sentence, told again only when it has changed."""
    to_mend = len(reading.marks)
    return _("This text: %(verdict)s. %(to_mend)s") % {
        "verdict": _(VERDICTS[reading.verdict]) if reading.verdict else "",
        "to_mend": ngettext("%(count)s place to look at.", "%(count)s places to look at.", to_mend) % {"count": to_mend}
        if to_mend
        else _("Nothing to mend."),
    }


def _points(reading: Reading, add_url: Callable[[str], str]) -> list[Point]:
    points = []
    for kind in Kind:
        found = [mark for mark in reading.marks if mark.kind == kind]
        if found:
            listed = kind in {Kind.RARE, Kind.ACRONYM}
            words = tuple(Word(mark.word, add_url(mark.word)) for mark in found) if listed else ()
            points.append(Point(kind, _title(kind, len(found)), _(ADVICE[kind]), words))
    return points


def _title(kind: Kind, count: int) -> str:
    words = {
        Kind.LONG: ngettext("%(count)s sentence of 25 words or more", "%(count)s sentences of 25 words or more", count),
        Kind.VERY_LONG: ngettext(
            "%(count)s sentence of 35 words or more", "%(count)s sentences of 35 words or more", count
        ),
        Kind.NESTED: ngettext("%(count)s sentence of many clauses", "%(count)s sentences of many clauses", count),
        Kind.RARE: ngettext("%(count)s rare word", "%(count)s rare words", count),
        Kind.ACRONYM: ngettext("%(count)s unexplained acronym", "%(count)s unexplained acronyms", count),
        Kind.PASSIVE: ngettext("%(count)s passive", "%(count)s passives", count),
    }
    return words[kind] % {"count": count}


# -- The text with its marks -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    mark: Mark
    url: str
    is_known: bool = False


def marked(text: str, reading: Reading, glossary: Glossary) -> SafeString:
    """The whole text, escaped, with ``<mark>`` around what is marked and a word that says why; never colour alone."""
    urls = {term.words.strip().lower(): term.url for term in glossary.terms}
    places = [_Place(mark.start, mark.end, mark, _add_url(mark, glossary)) for mark in reading.marks]
    places += [_Place(mark.start, mark.end, mark, urls.get(mark.word, ""), is_known=True) for mark in reading.known]
    places.sort(key=lambda place: (place.start, -place.end))
    return _between(text, 0, len(text), places)


def _add_url(mark: Mark, glossary: Glossary) -> str:
    return glossary.add_url(mark.word) if mark.kind in {Kind.RARE, Kind.ACRONYM} else ""


def _between(text: str, start: int, end: int, places: list[_Place]) -> SafeString:
    """The text from ``start`` to ``end``; takes from ``places`` those that lie inside."""
    pieces: list[SafeString] = []
    at = start
    while places and places[0].start < end:
        place = places.pop(0)
        if place.start < at:
            continue
        pieces.append(format_html("{}", text[at : place.start]))
        pieces.append(_wrapped(place, _between(text, place.start, place.end, places)))
        at = place.end
    return _joined([*pieces, format_html("{}", text[at:end])])


def _wrapped(place: _Place, inner: SafeString) -> SafeString:
    mark = place.mark
    if place.is_known:
        return _link(place.url, inner, _("in the glossary")) if place.url else inner
    label = _(LABELS[mark.kind])
    if mark.kind in _SENTENCES:
        label = ngettext("%(count)s word", "%(count)s words", mark.count) % {"count": mark.count}
        note = format_html('<small class="plain-mark__note">{}</small>', label)
        return format_html('<mark class="plain-mark plain-mark--{}">{}{}</mark>', mark.kind, note, inner)
    held = _link(place.url, inner, _("add to the glossary")) if place.url else inner
    note = format_html('<small class="plain-mark__note">{}</small>', label)
    return format_html('<mark class="plain-mark plain-mark--{}">{}{}</mark>', mark.kind, held, note)


def _link(url: str, inner: SafeString, title: str) -> SafeString:
    """In a tab of its own: what is being written must not be lost."""
    return format_html('<a href="{}" target="_blank" rel="noopener" title="{}">{}</a>', url, title, inner)


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(pieces))
