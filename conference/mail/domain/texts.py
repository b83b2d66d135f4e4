"""The words of a kind of message in one conference: its own, or those that come with the program; and what is wrong in them."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from conference.mail.domain.kinds import Content, Text
from conference.mail.domain.places import ALONE, examples, known, needed
from conference.mail.domain.render import BUTTON, SUBJECT_LENGTH, TextError, one_line, render, text_for
from conference.mail.enums import Kind
from conference.mail.models import Message, TextVersion

BODY_LENGTH = 20_000
type TextKey = tuple[int | None, str, str]  # conference, kind, language
EXAMPLE_LINK = "https://example.org/"

_BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")


class Overtaken(Exception):  # noqa: N818
    """Somebody saved another version meanwhile."""

    def __init__(self, current: TextVersion | None) -> None:
        super().__init__("Another version was saved meanwhile.")
        self.current = current


@dataclass(frozen=True)
class Problem:
    """What keeps a text from being saved. ``field``: "subject" or "body"."""

    field: str
    words: str


def default_text(kind: str, language: str) -> Text:
    return Text(*text_for(kind, language))


def latest(conference_id: int, kind: str, language: str) -> TextVersion | None:
    return (
        TextVersion.objects.filter(conference=conference_id, kind=kind, language=language).order_by("-number").first()
    )


def text_in_force(conference_id: int | None, kind: str, language: str) -> Text:
    """What a message of this kind says now: one query, for it is asked at the moment of each sending."""
    version = latest(conference_id, kind, language) if conference_id else None
    return text_of(version, kind, language)


def texts_in_force(messages: Iterable[Message]) -> dict[TextKey, Text]:
    """The same for many messages, in one query."""
    keys = {(one.conference_id, one.kind, one.language) for one in messages if one.conference_id}
    newest = (
        TextVersion.objects.filter(
            conference__in={key[0] for key in keys},
            kind__in={key[1] for key in keys},
            language__in={key[2] for key in keys},
        )
        .order_by("conference_id", "kind", "language", "-number")
        .distinct("conference_id", "kind", "language")
    )
    found: dict[TextKey, Text] = {}
    for version in newest if keys else ():
        key = (version.conference_id, version.kind, version.language)
        if not version.is_default:
            found[key] = Text(version.subject, version.body)
    return found


def text_of(version: TextVersion | None, kind: str, language: str) -> Text:
    return (
        default_text(kind, language) if version is None or version.is_default else Text(version.subject, version.body)
    )


def tidy(subject: str, body: str) -> Text:
    """As it is kept: the subject on one line, for it becomes a header; no signs that nobody sees."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Text(one_line(_visible(subject)), "\n".join(_visible(line).rstrip() for line in lines).strip("\n"))


def _visible(words: str) -> str:
    return "".join(sign for sign in words if unicodedata.category(sign) != "Cc" or sign in "\t\n")


@transaction.atomic
def write(
    *, conference_id: int, kind: Kind, language: str, base: int, text: Text, written_by: models.Model
) -> TextVersion | None:
    """A new version on top of version ``base`` (0: the program's words). None where these words are in force already.

    Words equal to the program's own are kept as "back to the default", so that they follow it.
    """
    current = latest(conference_id, kind, language)
    if text_of(current, kind, language) == text:
        return None
    if (current.number if current else 0) != base:
        raise Overtaken(current)
    words = Text("", "") if text == default_text(kind, language) else text
    version = TextVersion(
        conference_id=conference_id,
        kind=kind,
        language=language,
        number=base + 1,
        subject=words.subject,
        body=words.body,
        written_by_id=written_by.pk,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:  # the other was faster by less than a second
        raise Overtaken(latest(conference_id, kind, language)) from None
    return version


# -- What is wrong -----------------------------------------------------------------------------------------------------
def problems(kind: Kind, language: str, text: Text) -> list[Problem]:
    """All that would go wrong at sending, told while writing."""
    found = [*_empty_or_long(text), *_braces("subject", text.subject, kind), *_braces("body", text.body, kind)]
    found += [*_missing(kind, text), *_not_alone(text)]
    if not found:
        found += _trial(kind, language, text)
    return found


def _empty_or_long(text: Text) -> Iterator[Problem]:
    if not text.subject:
        yield Problem("subject", _("Write a subject."))
    if not text.body:
        yield Problem("body", _("Write a text."))
    if len(text.subject) > SUBJECT_LENGTH:
        yield Problem("subject", _("The subject is too long: %(most)s letters at most.") % {"most": SUBJECT_LENGTH})
    if len(text.body) > BODY_LENGTH:
        yield Problem("body", _("The text is too long: %(most)s letters at most.") % {"most": BODY_LENGTH})


def _braces(field: str, words: str, kind: Kind) -> Iterator[Problem]:
    """Whatever stands in braces and is no place of this kind."""
    names = [name for name in known(kind) if field == "body" or name not in ALONE]
    for written in dict.fromkeys(_BRACES.findall(words)):
        if written[1:-1] in names and len(written) > 2:
            continue
        yield Problem(field, _unknown(written, names, kind))


def _unknown(written: str, names: list[str], kind: Kind) -> str:
    if len(written) < 3:
        return _("A brace stands alone: the name of a place is written between two braces.")
    name = re.sub(r"[\s-]+", "_", written[1:-1].strip().lower())
    if name in known(kind) and name not in names:
        return _("%(written)s cannot stand in the subject.") % {"written": written}
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        nearest = {"written": written, "near": f"{{{near[0]}}}"}
        return _("There is no %(written)s here. Do you mean %(near)s?") % nearest
    return _("There is no %(written)s here. The list of places says which there are.") % {"written": written}


def _missing(kind: Kind, text: Text) -> Iterator[Problem]:
    for name in needed(kind):
        written = f"{{{name}}}"
        if written in text.body or (name != BUTTON and written in text.subject):
            continue
        if name == BUTTON:
            yield Problem("body", _("{button} is missing: without it nobody can answer or open their page."))
        else:
            yield Problem("body", _("%(place)s is missing: this message is no use without it.") % {"place": written})


def _not_alone(text: Text) -> Iterator[Problem]:
    paragraphs = re.split(r"\n[ \t]*\n", text.body)
    for name in sorted(ALONE):
        written = f"{{{name}}}"
        if any(written in paragraph and paragraph != written for paragraph in paragraphs):
            alone = _("%(place)s needs a paragraph of its own: an empty line above it and one below.")
            yield Problem("body", alone % {"place": written})
    if text.body.count(f"{{{BUTTON}}}") > 1:
        yield Problem("body", _("{button} can stand only once."))


def _trial(kind: Kind, language: str, text: Text) -> Iterator[Problem]:
    """Written once with invented values: what the rules above did not foresee shows here."""
    button = BUTTON in known(kind)
    content = Content(
        examples(kind, language), action_url=EXAMPLE_LINK if button else "", action_label="x" if button else ""
    )
    try:
        render(kind, language, content, text=text)
    except TextError as error:
        yield Problem("body", str(error))
