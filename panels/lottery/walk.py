"""From a fair point to a mixture of panels: walk from the point to the opposite side, panel by panel.

Each step takes a panel on the smallest face that holds the point, as much of it as the point can give, and goes on with
what remains, which lies on a smaller face. After at most as many steps as there are types nothing remains; where the
faces hold fractions but no panel, a remainder is left, and ``mixture`` finishes the work.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panels.lottery.columns import Oracle, Region
from panels.lottery.polytope import Polytope
from panels.lottery.types import Array

EDGE = 1e-8
NOTHING = 3e-8  # of the weight; no chance is off by more
_ATTEMPTS = 3


@dataclass(eq=False)
class Trail:
    """Panels with their weights; ``rest`` is the weight of the point that is left over."""

    panels: list[Array]
    weights: list[float]
    rest: float
    point: Array

    @property
    def edge(self) -> float:
        """What counts as nothing: rounding errors grow as the rest shrinks."""
        return EDGE + 1e-14 / self.rest


def face_of(polytope: Polytope, point: Array, *, near: bool, edge: float = EDGE) -> Region:
    """The smallest face that holds the point; ``near``: moreover each count and each row within one of the point's."""
    rows = polytope.matrix @ point
    low = np.where(point > polytope.cap - edge, polytope.cap, 0.0)
    high = np.where(point < edge, 0.0, polytope.cap)
    row_low = np.where(rows > polytope.upper - edge, polytope.upper, polytope.lower)
    row_high = np.where(rows < polytope.lower + edge, polytope.lower, polytope.upper)
    if near:
        low = np.maximum(low, np.floor(point + edge))
        high = np.minimum(high, np.ceil(point - edge))
        row_low = np.maximum(row_low, np.floor(rows + edge))
        row_high = np.minimum(row_high, np.ceil(rows - edge))
    return Region(low, high, row_low, row_high)


def walk(
    polytope: Polytope, oracle: Oracle, point: Array, rng: np.random.Generator, tick: Callable[[float], bool]
) -> Trail:
    trail = Trail([], [], 1.0, point.copy())
    while trail.rest > NOTHING and tick(1.0 - trail.rest):
        panel = _panel_near(polytope, oracle, trail, rng)
        if panel is None:
            break
        share = _share(polytope, trail.point, panel)
        if share <= 1e-9:
            break
        trail.panels.append(panel)
        trail.weights.append(trail.rest * share)
        if share >= 1.0 - NOTHING:
            trail.rest = 0.0
            break
        trail.rest *= 1.0 - share
        left = np.clip((trail.point - share * panel) / (1.0 - share), 0.0, polytope.cap)
        left[left < trail.edge] = 0.0
        trail.point = left
    return trail


def _panel_near(polytope: Polytope, oracle: Oracle, trail: Trail, rng: np.random.Generator) -> Array | None:
    for attempt in range(_ATTEMPTS):
        # Types with much left weigh more: the panel can then be taken for a larger share, and the walk is shorter.
        cost = -np.round(trail.point * (0.5 + 0.5 * rng.random(polytope.size)), 9)
        face = face_of(polytope, trail.point, near=attempt < _ATTEMPTS - 1, edge=trail.edge)
        panel = oracle.find(cost, face, patient=False)
        if panel is not None:
            return panel
    return None


def _share(polytope: Polytope, point: Array, panel: Array) -> float:
    """How much of the panel the point can give: what remains must still satisfy every row and bound."""
    rows_point, rows_panel = polytope.matrix @ point, polytope.matrix @ panel
    return min(
        1.0,
        _ratio(point, panel),
        _ratio(polytope.cap - point, polytope.cap - panel),
        _ratio(rows_point - polytope.lower, rows_panel - polytope.lower),
        _ratio(polytope.upper - rows_point, polytope.upper - rows_panel),
    )


def _ratio(slack: Array, used: Array) -> float:
    needed = used > 1e-9
    return float(np.min(np.maximum(slack[needed], 0.0) / used[needed])) if needed.any() else 1.0
