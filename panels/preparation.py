"""What organisers are shown of a prepared lottery, before anything of it is public.

The chances are read from the bundle, since nobody has an entry before the announcement.
"""

from dataclasses import dataclass

from conference.models import Conference
from panels.domain import draws
from panels.explanation import Cost, Lot, costs_in_words, lots_in_words
from panels.figures import QuotaFeature, quota_groups
from panels.models import Draw
from panels.publication import Chances, Comparison, NamesOfToday, chances_of, comparison_of


@dataclass(frozen=True)
class Preparation:
    changes: list[str]  # since it was prepared, in sentences; any of them makes it stale
    chances: Chances
    comparison: Comparison | None
    shut_out: list[Lot]
    certain: list[Lot]
    costs: list[Cost]
    features: list[QuotaFeature]
    pool: int
    seats: int
    alternates: int


def preparation_of(draw: Draw, conference: Conference, language: str) -> Preparation:
    """Reads the frozen record, the bundle, and the pool of this moment."""
    names, problem = NamesOfToday(conference, language), draw.problem
    labels, references = names.labels, {name: reference for reference, name in draw.pseudonyms.items()}
    chances = [float(chance) for chance in draws.bundle_of(draw)["probabilities"].values()]
    quotas, outlook = problem["quotas"], draw.outlook
    return Preparation(
        changes=draws.changes_since(draw).sentences(),
        chances=chances_of(draw, chances),
        comparison=comparison_of(draw.greedy, chances),
        shut_out=lots_in_words(outlook.get("shut_out", ()), references, quotas, labels),
        certain=lots_in_words(outlook.get("certain", ()), references, quotas, labels),
        costs=costs_in_words(outlook.get("costs", ()), labels),
        features=quota_groups(problem, None, labels=labels, shares=names.shares),
        pool=len(problem["people"]),
        seats=problem["size"],
        alternates=problem["alternates"],
    )
