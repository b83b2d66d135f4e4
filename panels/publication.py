"""What the public is shown of a draw: before the ticket is drawn only what seals it, afterwards everything.

Read from the record of the draw, not from the criteria of today. Nothing here touches the bundle, which may be megabytes.
"""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from django.db.models.functions import Length
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.words import moment
from panels.enums import Choosing, DrawState, Place
from panels.figures import Bar, QuotaFeature, chance_bars, chance_line, quantile, quota_groups
from panels.models import Criterion, Draw, DrawBundle, DrawEntry


@dataclass(frozen=True)
class ShownDraw:
    """A draw with its dates in words. ``sealed``: announced, and its ticket not drawn; nothing of its list is public."""

    draw: Draw
    conference: Conference

    @property
    def sealed(self) -> bool:
        return self.draw.ticket is None

    @property
    def before_fingerprints(self) -> bool:
        """Made by a version of the program that announced nothing beforehand: there is no list and no bundle."""
        return self.draw.committed_at is None

    @property
    def withdrawn(self) -> bool:
        return self.draw.state == DrawState.WITHDRAWN

    @property
    def set_aside(self) -> bool:
        return self.draw.state in {DrawState.WITHDRAWN, DrawState.SUPERSEDED}

    @property
    def by_program(self) -> bool:
        return self.draw.choosing == Choosing.PROGRAM

    @property
    def announced(self) -> str:
        return moment(self.conference, self.draw.committed_at) if self.draw.committed_at else ""

    @property
    def reveal(self) -> str:
        """When the ticket is to be drawn, as announced."""
        return moment(self.conference, self.draw.reveal_at) if self.draw.reveal_at else ""

    @property
    def drawn(self) -> str:
        """When it was drawn."""
        at = self.draw.revealed_at or (self.draw.finished_at if self.before_fingerprints else None)
        return moment(self.conference, at) if at else ""

    @property
    def closed(self) -> str:
        """When it was withdrawn or replaced."""
        return moment(self.conference, self.draw.set_aside_at) if self.draw.set_aside_at else ""

    @property
    def tickets(self) -> str:
        """ "1,000"; "1 000"."""
        return number_format(self.draw.tickets, force_grouping=True)

    @property
    def first_ticket(self) -> str:
        return "0" * self.draw.digits

    @property
    def last_ticket(self) -> str:
        return str(self.draw.tickets - 1)

    @property
    def digits(self) -> list[str]:
        return list(self.draw.ticket_name)

    @property
    def bundle_name(self) -> str:
        """What the file is called where it is saved, and so in the command that checks it."""
        return f"{self.conference.slug}-{self.draw.number}.json"


@dataclass(frozen=True)
class Announcement:
    """What the quotas ask for and how many volunteers there are; no count of a single value: those are few people."""

    features: list[QuotaFeature]
    pool: int
    seats: int
    alternates: int


@dataclass(frozen=True)
class Chances:
    """How the chances of all volunteers are spread, per cent."""

    bars: list[Bar]
    least: float
    most: float
    proved: bool
    bound: float  # no way of drawing gives the least likely more
    largest_change: float  # between the exact lottery and the tickets


@dataclass(frozen=True)
class Comparison:
    """What the usual way of drawing, seat by seat, gave in trials with the same volunteers and quotas. Chances in per cent."""

    draws: int  # trials that found a panel
    failed: int
    never: int  # volunteers who were in none of them
    least: float
    least_here: float
    clear: bool  # the difference is more than what so many trials may show by accident
    tries: str  # how many trials, written
    lines: tuple[str, str]  # this draw's and the other's, for the drawing
    top: float  # the chance at the upper edge of the drawing
    rows: list[tuple[str, float, float]]  # what, here, the usual way


@dataclass(frozen=True)
class Outcome:
    """What the ticket decided."""

    panel: list[str]
    alternates: list[str] | None  # None while they are being computed
    features: list[QuotaFeature]
    pool: int
    chances: Chances
    comparison: Comparison | None
    bundle_size: int


@dataclass(frozen=True)
class NamesOfToday:
    """The criteria as they are called now, in the reader's language, and the population's shares (0 to 1)."""

    conference: Conference
    language: str

    @cached_property
    def _criteria(self) -> list[Criterion]:
        return list(Criterion.objects.filter(conference=self.conference).prefetch_related("values"))

    @property
    def labels(self) -> dict[tuple[str, str], str]:
        """By (criterion, value); the criterion itself stands under (criterion, "")."""
        found = {(criterion.name, ""): criterion.label(self.language) for criterion in self._criteria}
        for criterion in self._criteria:
            found |= {(criterion.name, value.name): value.label(self.language) for value in criterion.values.all()}
        return found

    @property
    def shares(self) -> dict[tuple[str, str], float]:
        return {
            (criterion.name, value.name): float(value.population_share) / 100
            for criterion in self._criteria
            for value in criterion.values.all()
            if value.population_share is not None
        }


def announcement_of(shown: ShownDraw, language: str) -> Announcement:
    """The draw as it was announced. Reads the frozen record, which ``Draw.objects.light()`` leaves out."""
    names, problem = NamesOfToday(shown.conference, language), shown.draw.problem
    features = quota_groups(problem, None, labels=names.labels, shares=names.shares, show_pool=False)
    return Announcement(features, len(problem["people"]), problem["size"], problem["alternates"])


def outcome_of(shown: ShownDraw, language: str) -> Outcome:
    """The panel, the alternates, and everybody's chance, of a draw whose ticket was drawn."""
    draw, names = shown.draw, NamesOfToday(shown.conference, language)
    entries = DrawEntry.objects.filter(draw=draw)
    places = list(entries.exclude(place=Place.NOT_DRAWN).order_by("place", "rank", "pseudonym"))
    panel = sorted(entry.pseudonym for entry in places if entry.place == Place.PANEL)
    alternates = [entry.pseudonym for entry in places if entry.place == Place.ALTERNATE]
    chances = list(entries.order_by().values_list("probability", flat=True))
    return Outcome(
        panel=panel,
        alternates=alternates if "alternates" in draw.result else None,
        features=quota_groups(draw.problem, set(panel), labels=names.labels, shares=names.shares),
        pool=len(draw.problem["people"]),
        chances=chances_of(draw, chances),
        comparison=comparison_of(draw.greedy, chances),
        bundle_size=DrawBundle.objects.filter(draw=draw).values_list(Length("content"), flat=True).get(),
    )


def chances_of(draw: Draw, chances: list[float]) -> Chances:
    result = draw.result
    return Chances(
        bars=chance_bars(chances),
        least=min(chances, default=0.0) * 100,
        most=max(chances, default=0.0) * 100,
        proved=bool(result.get("exact")),
        bound=float(result.get("upper_bound") or 0.0) * 100,
        largest_change=float(result.get("largest_change") or 0.0) * 100,
    )


def comparison_of(greedy: dict[str, Any], here: list[float]) -> Comparison | None:
    if not greedy or not here:
        return None
    usual = list(greedy["probabilities"].values())
    draws, least_here = greedy["draws"], min(here)
    # By accident alone the smallest of many shares counted in so few trials lies somewhat below the true one.
    noise = 4 * sqrt(max(least_here * (1 - least_here), 0.0) / max(1, draws))
    top = max([*here, *usual])
    parts = [
        (_("the least likely"), 0.0),
        (_("one in ten has at most"), 0.1),
        (_("half have at most"), 0.5),
        (_("the most likely"), 1.0),
    ]
    return Comparison(
        draws=draws,
        failed=greedy["failed"],
        never=greedy["never"],
        least=greedy["minimum"] * 100,
        least_here=least_here * 100,
        clear=greedy["minimum"] < least_here - noise,
        tries=number_format(draws + greedy["failed"], force_grouping=True),
        lines=(chance_line(here, top=top), chance_line(usual, top=top)),
        top=top * 100,
        rows=[(words, quantile(here, part) * 100, quantile(usual, part) * 100) for words, part in parts],
    )
