"""Quotas as a chart: one table in which a drawn bar stands beside the figures it shows, so that neither can be read alone.

For each value: the band from minimum to maximum, the panel's count as a bar, and the population's share as a line.
Lengths are per cent of the drawing's width, written as text here (a template would give French commas).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True)
class Bar:
    label: str
    minimum: int
    maximum: int
    panel: int | None
    pool: int | None
    share: float | None  # of the population, per cent
    band_start: str
    band_width: str
    length: str
    population_at: str

    @property
    def holds(self) -> bool | None:
        return None if self.panel is None else self.minimum <= self.panel <= self.maximum


@dataclass(frozen=True)
class Feature:
    name: str
    bars: list[Bar]


def _part(entry: object, *names: str) -> Any:
    for name in names:
        value = entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)
        if value is not None:
            return value
    return None


def _percent(value: float) -> str:
    return f"{min(max(value, 0.0), 100.0):.2f}%"


def _seats(values: list[object], seats: int | None) -> int:
    """How many seats a share of the population is a share of: the panel's size, as far as the rows tell it."""
    if seats:
        return seats
    drawn = sum(int(_part(value, "panel") or 0) for value in values)
    return drawn or sum(int(_part(value, "maximum") or 0) for value in values)


def _bar(value: object, *, scale: float, seats: int) -> Bar:
    minimum, maximum = int(_part(value, "minimum") or 0), int(_part(value, "maximum") or 0)
    panel, pool, share = _part(value, "panel"), _part(value, "pool"), _part(value, "population_share")
    # A quota of exactly n still deserves a band that can be seen: half a seat to each side.
    start, end = (minimum - 0.5, maximum + 0.5) if minimum == maximum else (minimum, maximum)
    start = max(start, 0)
    return Bar(
        str(_part(value, "label", "name") or ""),
        minimum,
        maximum,
        None if panel is None else int(panel),
        None if pool is None else int(pool),
        None if share is None else float(share) * 100,
        _percent(100 * start / scale),
        _percent(100 * (end - start) / scale),
        _percent(100 * int(panel or 0) / scale),
        "" if share is None else _percent(100 * float(share) * seats / scale),
    )


def _feature(entry: object, seats: int | None) -> Feature:
    values = list(_part(entry, "values") or [])
    size = _seats(values, seats)
    lengths = [float(_part(value, name) or 0) for value in values for name in ("maximum", "panel")]
    lengths += [float(_part(value, "population_share") or 0) * size for value in values]
    scale = max([1.0, *lengths]) + 1  # one seat of air at the end
    return Feature(str(_part(entry, "name", "label") or ""), [_bar(value, scale=scale, seats=size) for value in values])


@register.inclusion_tag("components/quota_chart.html")
def quota_chart(rows: Iterable[object], seats: int | None = None, caption: str = "") -> dict[str, object]:
    """``rows``: features with ``name`` and ``values`` of ``label, minimum, maximum, panel, pool, population_share`` (0 to 1)."""
    features = [_feature(entry, seats) for entry in rows]
    bars = [bar for feature in features for bar in feature.bars]
    return {
        "features": features,
        "caption": caption,
        "has_panel": any(bar.panel is not None for bar in bars),
        "has_pool": any(bar.pool is not None for bar in bars),
        "has_population": any(bar.share is not None for bar in bars),
    }
