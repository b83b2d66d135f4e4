"""Who of the file is in the pool already: by number, else by address, else by name with postcode or year of birth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conference.models import Conference
from panels.domain.identity import fold, person_key
from panels.domain.imports.problems import Problem, problem
from panels.domain.imports.rows import Person, contradict, same_name
from panels.domain.volunteers import draw_is_live
from panels.enums import Source, Standing
from panels.models import Identity, Trait, Volunteer

_COMPARED = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "birth_year",
    "external_id",
    "language",
    "email_key",
)
_KEYED = ("first_name", "last_name", "postcode", "birth_year")


@dataclass
class Known:
    """A person of the pool as far as an import needs it."""

    volunteer: Volunteer
    identity: Identity
    values: dict[int, int]


@dataclass
class Change:
    """What a row changes of a person of the pool; empty when nothing."""

    known: Known
    identity: dict[str, Any] = field(default_factory=dict)
    values: dict[int, int] = field(default_factory=dict)
    household: str = ""

    def __bool__(self) -> bool:
        unconfirmed = self.known.volunteer.standing == Standing.UNCONFIRMED  # the organiser's word confirms them
        return bool(self.identity or self.values or self.household or unconfirmed)


@dataclass
class Pool:
    """Everybody of the conference, by the keys they are recognised by."""

    by_number: dict[str, Known]
    by_email: dict[str, Known]
    by_person: dict[str, Known]
    frozen: bool  # a draw rests on the values: they stay

    @classmethod
    def of(cls, conference: Conference) -> "Pool":
        pool = cls({}, {}, {}, frozen=draw_is_live(conference))
        values: dict[int, dict[int, int]] = {}
        traits = Trait.objects.filter(volunteer__conference=conference)
        for volunteer, criterion, value in traits.values_list("volunteer", "criterion", "value").iterator(
            chunk_size=10_000
        ):
            values.setdefault(volunteer, {})[criterion] = value
        for identity in Identity.objects.filter(conference=conference).select_related("volunteer"):
            known = Known(identity.volunteer, identity, values.get(identity.pk, {}))
            if identity.external_id:
                pool.by_number[fold(identity.external_id)] = known
            if identity.email_key:
                pool.by_email[identity.email_key] = known
            pool.by_person.setdefault(identity.person_key, known)
        return pool

    def find(self, person: Person) -> tuple[Known | None, list[Problem]]:
        """The entry that a row describes, or why it cannot be told."""
        number, email = person.identity.get("external_id", ""), person.identity["email_key"]
        key = person.identity["person_key"]
        by_number = self.by_number.get(fold(number)) if number else None
        by_email = self.by_email.get(email) if email else None
        if by_number and by_email and by_number.volunteer.pk != by_email.volunteer.pk:
            return None, [
                problem(
                    person.row,
                    "email",
                    "two_people",
                    first=by_number.volunteer.reference,
                    second=by_email.volunteer.reference,
                )
            ]
        name = key.split("|")[0]
        if by_email and not by_number and not same_name(name, by_email.identity.person_key.split("|")[0]):
            return None, [
                problem(person.row, "email", "pool_email", person.identity["email"], other=by_email.volunteer.reference)
            ]
        found = by_number or by_email
        if found is None:
            found = self.by_person.get(key)
            if found and contradict(key, (number, email), (found.identity.external_id, found.identity.email_key)):
                found = None
        return found, []

    def change(self, person: Person, known: Known) -> Change:
        """What the row adds to the entry. An empty cell takes nothing away, and what people said themselves stands."""
        volunteer, change = known.volunteer, Change(known)
        if volunteer.standing in {Standing.EXCLUDED, Standing.WITHDRAWN}:
            return change
        own = volunteer.source != Source.IMPORT and volunteer.standing != Standing.UNCONFIRMED
        for name in _COMPARED:
            new, old = person.identity.get(name) or "", getattr(known.identity, name) or ""
            if new and new != old and not (own and old):
                change.identity[name] = new
        merged = {name: change.identity.get(name, getattr(known.identity, name)) for name in _KEYED}
        key = person_key(**merged)
        if key != known.identity.person_key:
            change.identity["person_key"] = key
        if not self.frozen:
            change.values = {
                criterion: value
                for criterion, value in person.values.items()
                if known.values.get(criterion) != value and not (own and criterion in known.values)
            }
        if person.household and person.household != volunteer.household and not (own and volunteer.household):
            change.household = person.household
        return change


def new_identity(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The fields of a new ``Identity`` from a row."""
    return {**values, "language": values.get("language") or language}
