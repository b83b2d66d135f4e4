"""The figures of a finished draw: quotas beside the panel, and how the chances are spread."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class QuotaValue:
    """A value of a criterion: its quota, the seats it got, how many volunteers had it. The chart reads these names.

    None: not known yet, or not to be shown.
    """

    label: str
    minimum: int
    maximum: int
    panel: int | None
    pool: int | None
    population_share: float | None = None  # 0 to 1


@dataclass(frozen=True)
class QuotaFeature:
    name: str
    values: tuple[QuotaValue, ...]


def quota_groups(
    problem: Mapping[str, Any],
    panel: Collection[str] | None,
    *,
    labels: Mapping[tuple[str, str], str],
    shares: Mapping[tuple[str, str], float],
    show_pool: bool = True,
) -> list[QuotaFeature]:
    """The quotas of the frozen record, in its order, with the seats they got (``panel`` is None before the draw).

    ``labels`` translate (feature, value); the feature itself stands under (feature, "").
    """
    pool: Counter[tuple[str, str]] = Counter()
    seated: Counter[tuple[str, str]] = Counter()
    for person in problem["people"]:
        cells = list(person["values"].items())
        pool.update(cells)
        if panel and person["id"] in panel:
            seated.update(cells)
    groups: dict[str, list[QuotaValue]] = {}
    for quota in problem["quotas"]:
        cell = (quota["feature"], quota["value"])
        value = QuotaValue(
            labels.get(cell, cell[1]),
            quota["min"],
            quota["max"],
            None if panel is None else seated[cell],
            pool[cell] if show_pool else None,
            shares.get(cell),
        )
        groups.setdefault(quota["feature"], []).append(value)
    return [QuotaFeature(labels.get((feature, ""), feature), tuple(values)) for feature, values in groups.items()]


@dataclass(frozen=True)
class Bar:
    """Volunteers whose chance lies from ``low`` (included) to ``high`` per cent, and where the bar is drawn."""

    low: float
    high: float
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


WIDTH, TOP, FLOOR, GAP = 600.0, 20.0, 180.0, 2.0  # of the drawing; the counts stand above the bars


def chance_bars(chances: Sequence[float], *, bars: int = 12) -> list[Bar]:
    """A histogram of probabilities (0 to 1), over round steps of per cent, as wide as the largest needs."""
    if not chances:
        return []
    step = _step(max(chances) * 100, bars)
    last = round(100 / step) - 1  # who is certain stands with those just below
    counts = Counter(min(last, int(round(chance * 100 / step, 6))) for chance in chances)
    number = max(counts) + 1
    width, tallest = WIDTH / number, max(counts.values())
    return [_bar(index, step, counts[index], width, (FLOOR - TOP) * counts[index] / tallest) for index in range(number)]


def _bar(index: int, step: float, count: int, width: float, height: float) -> Bar:
    return Bar(
        low=round(index * step, 6),
        high=round((index + 1) * step, 6),
        count=count,
        x=round(index * width + GAP / 2, 2),
        y=round(FLOOR - height, 2),
        width=round(width - GAP, 2),
        height=round(height, 2),
    )


def _step(largest: float, bars: int) -> float:
    """The smallest round step (in per cent) that needs no more than so many bars."""
    for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0):
        if largest / step < bars:
            return step
    return 10.0


POINTS = 80  # of a line: enough for the eye, few enough for a page about ten thousand people


def chance_line(chances: Sequence[float], *, top: float) -> str:
    """The chances from the smallest to the largest as the points of a line; ``top`` is the chance at the upper edge."""
    ordered = sorted(chances)
    last = max(1, len(ordered) - 1)
    at = sorted({round(step * last / POINTS) for step in range(POINTS + 1)} & set(range(len(ordered))))
    return " ".join(
        f"{WIDTH * index / last:.1f},{FLOOR - (FLOOR - TOP) * min(1.0, ordered[index] / top):.1f}" for index in at
    )


def quantile(chances: Sequence[float], part: float) -> float:
    """The chance that so large a part of the volunteers do not exceed: 0 the smallest, 0.5 the middle one."""
    ordered = sorted(chances)
    return ordered[round(part * (len(ordered) - 1))]
