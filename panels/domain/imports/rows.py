"""One row of a file: read into a person, or into what is wrong with it. Pure, apart from the criteria it is given."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from panels.domain.identity import email_key, fold, household_key, person_key
from panels.domain.imports.problems import Problem, problem
from panels.models import Criterion, Identity
from panels.rules import OLDEST_BIRTH_YEAR

_LONGEST = {
    name: Identity.longest(name)
    for name in ("first_name", "last_name", "email", "phone", "address", "postcode", "city", "external_id")
}
_email_is_valid = EmailValidator()
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_ENGLISH = ("en", "eng", "english", "anglais", "gb", "uk")


def value_key(text: str) -> str:
    """As ``fold``, and "25 – 34" is "25-34"."""
    return re.sub(r"\s*-\s*", "-", fold(text))


@dataclass(frozen=True)
class Person:
    """What a valid row says. ``identity`` holds only the columns that the file has."""

    row: int
    identity: dict[str, Any]
    values: dict[int, int]
    household: str = ""


@dataclass
class RowReader:
    """Reads rows under one mapping; remembers the people seen, so that the same one twice is noticed."""

    mapping: Mapping[str, str]
    criteria: Sequence[Criterion]
    conference_uuid: object
    language: str
    this_year: int
    _seen: dict[str, tuple[int, str, str, str]] = field(default_factory=dict)  # key: (row, name, number, email key)

    def __post_init__(self) -> None:
        self._column = {name: int(index) for index, name in self.mapping.items() if name}
        self._accepted: dict[int, dict[str, int]] = {}
        self._name_of: dict[int, str] = {}
        for criterion in self.criteria:
            known: dict[str, int] = {}
            for value in criterion.values.all():
                self._name_of[value.pk] = value.name
                for name in (value.name, value.name_en):
                    if name:
                        known.setdefault(value_key(name), value.pk)
            known.update({letter: pk for letter, pk in initials(known).items() if letter not in known})
            self._accepted[criterion.pk] = known

    def read(self, row: int, cells: Sequence[str]) -> tuple[Person | None, list[Problem]]:
        """The person of a row, or what is wrong with it."""
        problems: list[Problem] = []
        identity = self._identity(row, cells, problems)
        values = self._values(row, cells, problems)
        if not problems:
            problems.extend(self._doubles(row, identity))
        if problems:
            return None, problems
        given = self._cell(cells, "household")
        household = household_key(
            conference_uuid=self.conference_uuid,
            given=given,
            address=identity.get("address", ""),
            postcode=identity.get("postcode", ""),
            city=identity.get("city", ""),
        )
        return Person(row, identity, values, household), []

    def _cell(self, cells: Sequence[str], name: str) -> str:
        index = self._column.get(name)
        return " ".join(cells[index].split()) if index is not None and index < len(cells) else ""

    def _names(self, row: int, cells: Sequence[str], problems: list[Problem]) -> dict[str, str]:
        if "full_name" in self._column:
            whole = self._cell(cells, "full_name")
            if not whole:
                problems.append(problem(row, "full_name", "missing"))
            first, last = split_name(whole)
            return {
                "first_name": self._cell(cells, "first_name") or first,
                "last_name": self._cell(cells, "last_name") or last,
            }
        names = {name: self._cell(cells, name) for name in ("first_name", "last_name")}
        problems.extend(problem(row, name, "missing") for name, value in names.items() if not value)
        return names

    def _identity(self, row: int, cells: Sequence[str], problems: list[Problem]) -> dict[str, Any]:
        found: dict[str, Any] = self._names(row, cells, problems)
        for name in ("email", "phone", "address", "postcode", "city", "external_id"):
            if name in self._column:
                found[name] = self._cell(cells, name)
        for name, value in found.items():
            if len(value) > _LONGEST[name]:
                problems.append(problem(row, name, "too_long", value, limit=_LONGEST[name]))
        if found.get("email"):
            found["email"] = found["email"].removeprefix("mailto:")
            try:
                _email_is_valid(found["email"])
            except ValidationError:
                problems.append(problem(row, "email", "email", found["email"]))
        found["birth_year"] = None
        born = self._cell(cells, "birth")
        if born:
            found["birth_year"] = self._year(born)
            if found["birth_year"] is None:
                problems.append(problem(row, "birth", "birth", born))
        found["language"] = "en" if fold(self._cell(cells, "language")) in _ENGLISH else ""
        if "language" in self._column and not found["language"] and self._cell(cells, "language"):
            found["language"] = "fr"
        found["email_key"] = email_key(found.get("email", ""))
        found["person_key"] = person_key(
            first_name=found["first_name"],
            last_name=found["last_name"],
            postcode=found.get("postcode", ""),
            birth_year=found["birth_year"],
        )
        return found

    def _year(self, text: str) -> int | None:
        match = _YEAR.search(text)
        year = int(match[1]) if match else 0
        return year if OLDEST_BIRTH_YEAR <= year <= self.this_year else None

    def _values(self, row: int, cells: Sequence[str], problems: list[Problem]) -> dict[int, int]:
        values: dict[int, int] = {}
        for criterion in self.criteria:
            name = f"criterion:{criterion.pk}"
            text = self._cell(cells, name)
            known = self._accepted[criterion.pk]
            if not text:
                problems.append(problem(row, name, "missing"))
                continue
            pk = known.get(value_key(text))
            if pk is None:
                near = _nearest(value_key(text), known)
                problems.append(problem(row, name, "value", text, near=self._name_of[known[near[0]]] if near else ""))
            else:
                values[criterion.pk] = pk
        return values

    def _doubles(self, row: int, identity: Mapping[str, Any]) -> Iterable[Problem]:
        """The same person twice in the file: by number, by address, by name with postcode or year of birth."""
        number, email, person = identity.get("external_id", ""), identity["email_key"], identity["person_key"]
        name = person.split("|")[0]
        keys = [f"n:{fold(number)}"] if number else []
        keys += [f"e:{email}"] if email else []
        keys.append(f"p:{person}")
        for key in keys:
            seen = self._seen.get(key)
            if seen is None:
                continue
            other_row, other_name, other_number, other_email = seen
            if key.startswith("e:") and not same_name(name, other_name):
                return [problem(row, "email", "shared_email", identity["email"], other=other_row)]
            if key.startswith("p:") and contradict(person, (number, email), (other_number, other_email)):
                continue
            return [problem(row, "last_name", "double", other=other_row)]
        for key in keys:
            self._seen.setdefault(key, (row, name, number, email))
        return []


def initials(known: Mapping[str, int]) -> dict[str, int]:
    """The first letters of the values, where they tell all values apart: "F" and "H" for "Femme" and "Homme"."""
    letters: dict[str, int] = {}
    for name, pk in known.items():
        if not name[:1].isalpha() or letters.setdefault(name[0], pk) != pk:
            return {}
    return letters


def _nearest(text: str, known: Mapping[str, int]) -> list[str]:
    """The value that was probably meant: the only one that begins so, else the one spelled most alike."""
    names = [name for name in known if len(name) > 1]
    begun = [name for name in names if len(text) > 1 and name.startswith(text)]
    return begun if len(begun) == 1 else get_close_matches(text, names, n=1, cutoff=0.6)


def contradict(key: str, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two entries of one person key are two people after all: by their numbers, or by their addresses.

    Two addresses say nothing where name, postcode and year of birth all agree: one person may have two.
    """
    (number, email), (other_number, other_email) = one, other
    if number and other_number and fold(number) != fold(other_number):
        return True
    return bool(email and other_email and email != other_email and "||" in f"{key}|")


def same_name(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: the same words, or all of one in the other ("marie martin" and
    "marie martin durand")."""
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first


def split_name(whole: str) -> tuple[str, str]:
    """First and last name from one cell: capitals mark the last name, else the first word is the first name."""
    words = whole.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    others = [word for word in words if word not in capitals]
    if capitals and others:
        return " ".join(others), " ".join(capitals)
    return (words[0], " ".join(words[1:]) or words[0]) if words else ("", "")
