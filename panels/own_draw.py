"""What a volunteer is told of their own part in the draws: their chance, their tickets, and the means to prove it.

Nothing here is of anybody else: the entries are found by the volunteer that a personal link has opened.
"""

from dataclasses import dataclass

from conference.models import Conference
from panels.domain import draws
from panels.enums import BINDING, Place, Standing
from panels.lottery import bundle, tree
from panels.models import DrawEntry, Volunteer
from panels.publication import ShownDraw


@dataclass(frozen=True)
class OwnDraw:
    """One volunteer in one draw that was announced."""

    shown: ShownDraw
    entry: DrawEntry
    code: str

    @property
    def in_force(self) -> bool:
        return self.shown.draw.state in BINDING

    @property
    def per_cent(self) -> float:
        """By the tickets, which decide."""
        return 100 * len(self.entry.tickets) / self.shown.draw.tickets

    @property
    def numbers(self) -> list[str]:
        return [f"{number:0{self.shown.draw.digits}d}" for number in sorted(self.entry.tickets)]

    @property
    def seated(self) -> bool:
        return self.entry.place == Place.PANEL

    @property
    def alternate(self) -> bool:
        return self.entry.place == Place.ALTERNATE

    @property
    def awaits_alternates(self) -> bool:
        return not self.shown.sealed and "alternates" not in self.shown.draw.result

    @property
    def proof_name(self) -> str:
        return f"proof-{self.shown.draw.number}.json"


def _entries(volunteer: Volunteer) -> list[DrawEntry]:
    """The latest draw first. Who withdrew, or was erased, is told nothing; who was excluded since keeps their proof."""
    if volunteer.standing == Standing.WITHDRAWN:
        return []
    found = DrawEntry.objects.filter(
        volunteer=volunteer, volunteer__identity__isnull=False, draw__committed_at__isnull=False
    )
    heavy = [f"draw__{column}" for column in ("problem", "pseudonyms", "outlook", "greedy", "explanation")]
    return list(found.select_related("draw").defer(*heavy).order_by("-draw__number"))


def own_draws(conference: Conference, volunteer: Volunteer) -> list[OwnDraw]:
    return [
        OwnDraw(ShownDraw(entry.draw, conference), entry, draws.code_for(entry.draw, entry.pseudonym))
        for entry in _entries(volunteer)
    ]


def proof_of(volunteer: Volunteer, number: int) -> bytes | None:
    """That the volunteer is in the list that was announced; None where there is no such draw for them."""
    entry = next((entry for entry in _entries(volunteer) if entry.draw.number == number), None)
    if entry is None:
        return None
    published = draws.bundle_of(entry.draw)
    proof = tree.prove(bundle.problem_from(published["problem"]), published["seals"], entry.pseudonym)
    return bundle.canonical(proof.to_json()) + b"\n"
