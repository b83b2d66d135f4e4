"""The list of tickets, made from each volunteer's own numbers: a page of it never needs the whole bundle."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from panels.models import Draw, DrawEntry

NAMES_A_PAGE, FEWEST, MOST = 2000, 10, 50
_NUMBER, _PSEUDONYM = re.compile(r"\d{1,9}"), re.compile(r"([A-Z]{1,3})[\s\-–]*(\d{1,6})")


@dataclass(frozen=True)
class Ticket:
    number: int
    name: str  # "047"
    people: tuple[str, ...]
    drawn: bool


@dataclass(frozen=True)
class Search:
    """What somebody looked for, and the numbers of the tickets that answer it."""

    asked: str = ""
    pseudonym: str = ""  # of whom the tickets are shown
    numbers: tuple[int, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.pseudonym or self.numbers)


def tickets_a_page(seats: int) -> int:
    """Fewer tickets where each is long: a page stays readable, and small."""
    return max(FEWEST, min(MOST, NAMES_A_PAGE // max(1, seats)))


def search(draw: Draw, asked: str) -> Search:
    """A ticket's number ("47", "047") or a pseudonym ("KT-47", "kt 47")."""
    asked = asked.strip()[:40]
    if _NUMBER.fullmatch(asked):
        number = int(asked)
        return Search(asked, numbers=(number,) if number < draw.tickets else ())
    written = _PSEUDONYM.fullmatch(asked.upper())
    if not written:
        return Search(asked)
    entry = DrawEntry.objects.filter(draw=draw, pseudonym="-".join(written.groups())).first()
    return Search(asked, entry.pseudonym, tuple(sorted(entry.tickets))) if entry else Search(asked)


def tickets(draw: Draw, numbers: Iterable[int]) -> list[Ticket]:
    """These tickets with the people on them, in the order of their numbers; one query."""
    wanted = sorted(set(numbers))
    people: dict[int, list[str]] = defaultdict(list)
    entries = DrawEntry.objects.filter(draw=draw, tickets__overlap=wanted) if wanted else DrawEntry.objects.none()
    for pseudonym, on in entries.order_by("pseudonym").values_list("pseudonym", "tickets"):
        for number in on:
            people[number].append(pseudonym)
    return [
        Ticket(number, f"{number:0{draw.digits}d}", tuple(people[number]), number == draw.ticket) for number in wanted
    ]
