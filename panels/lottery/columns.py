"""Whole panels near a wish: integer vectors that satisfy every row, found fast.

A general integer program for each panel would cost most of the draw's time. Here the linear relaxation is solved (warm,
about a millisecond), which leaves a dozen fractional types; a short dive rounds them one by one, and where that
fails, a small integer program over those types and their cheapest neighbours, with all others held, almost always
succeeds.
"""

import numpy as np

from panels.lottery.polytope import Polytope
from panels.lottery.solver import INFINITY, Answer, Program
from panels.lottery.types import Array, Ints

_WHOLE = 1e-7
_DIVE = 24  # linear programs in one dive
_DISCOURAGED = 4
_AGAIN = 10  # when discouraged, every tenth wish still tries a dive
_NEIGHBOURS = (40, 100)


class Region:
    """Bounds on types and rows within which a panel is sought."""

    def __init__(self, low: Array, high: Array, row_low: Array, row_high: Array) -> None:
        self.low, self.high, self.row_low, self.row_high = low, high, row_low, row_high


def whole_region(polytope: Polytope) -> Region:
    return Region(np.zeros(polytope.size), polytope.cap, polytope.lower, polytope.upper)


class Oracle:
    """Seeks panels of one polytope; keeps one warm linear program. ``x`` is minimised against ``cost``."""

    def __init__(self, polytope: Polytope) -> None:
        self.polytope = polytope
        self.program = Program(
            cost=np.zeros(polytope.size),
            lower=np.zeros(polytope.size),
            upper=polytope.cap,
            matrix=polytope.matrix,
            row_lower=polytope.lower,
            row_upper=polytope.upper,
        )
        self.linear = self.integer = 0  # programs solved, for the curious
        self.asked = self.failed = 0

    @property
    def discouraged(self) -> bool:
        """Dives have failed several times in a row: this polytope is not one for them (counted, not timed: the same anywhere)."""
        return self.failed >= _DISCOURAGED

    def find(self, cost: Array, region: Region, *, patient: bool = True) -> Array | None:
        """A panel in the region with a low cost, or None when none was found (which proves nothing).

        Not ``patient``: by a dive alone. Several of those with other costs are cheaper than one integer program.
        """
        start = self._relaxed(cost, region)
        if start is None:
            return None
        fractional = _fractional(start.values)
        if not len(fractional):
            return np.round(start.values)
        self.asked += 1
        if len(fractional) <= _DIVE and (not self.discouraged or self.asked % _AGAIN == 0):
            found = self._dive(start.values, region)
            self.failed = 0 if found is not None else self.failed + 1
            if found is not None:
                return found
        for neighbours in _NEIGHBOURS if patient else ():
            found = self._around(cost, start, region, neighbours)
            if found is not None:
                return found
        return None

    def relaxed(self, cost: Array, region: Region) -> Answer | None:
        return self._relaxed(cost, region)

    def best(self, cost: Array, region: Region) -> tuple[Array, float] | None:
        """A cheapest panel of the region and its cost, proved by an integer program; None: the region holds no panel."""
        usable = np.nonzero(region.high > 0)[0]
        self.integer += 1
        answer = _restricted(self.polytope, cost, region, usable, np.zeros(self.polytope.size))
        if not answer.feasible:
            return None
        panel = np.zeros(self.polytope.size)
        panel[usable] = np.round(answer.values)
        return panel, float(cost @ panel)

    def _relaxed(self, cost: Array, region: Region) -> Answer | None:
        self.program.set_cost(cost)
        self.program.set_bounds(region.low, region.high)
        self.program.set_rows_first(region.row_low, region.row_high)
        self.linear += 1
        answer = self.program.solve()
        return answer if answer.feasible else None

    def _dive(self, values: Array, region: Region) -> Array | None:
        """Round the type nearest to a whole number, solve again, and so on; on a dead end turn the last one round."""
        low, high = region.low.copy(), region.high.copy()
        trail: list[tuple[int, bool, float, float, float]] = []
        for _ in range(_DIVE):
            fractional = _fractional(values)
            if not len(fractional):
                return np.round(values)
            floor = np.floor(values[fractional])
            part = values[fractional] - floor
            at = int(np.argmax(np.maximum(part, 1.0 - part)))
            t, down = int(fractional[at]), float(floor[at])
            up = bool(part[at] >= 0.5)
            trail.append((t, up, down, low[t], high[t]))
            low[t], high[t] = (down + 1.0, high[t]) if up else (low[t], down)
            answer = self._bounded(t, low[t], high[t])
            while not answer.feasible:
                if not trail:
                    return None
                t, up, down, low_before, high_before = trail.pop()
                low[t], high[t] = (low_before, down) if up else (down + 1.0, high_before)
                answer = self._bounded(t, low[t], high[t])
                if not answer.feasible:
                    low[t], high[t] = low_before, high_before
                    self.program.highs.changeColBounds(t, low[t], high[t])
            values = answer.values
        return None if len(_fractional(values)) else np.round(values)

    def _bounded(self, t: int, low: float, high: float) -> Answer:
        self.program.highs.changeColBounds(t, low, high)
        self.linear += 1
        return self.program.solve(duals=False)

    def _around(self, cost: Array, start: Answer, region: Region, neighbours: int) -> Array | None:
        """An integer program over the fractional types and those that cost least to change; the others stay."""
        values = np.round(start.values)
        loose = np.abs(start.values - values) > _WHOLE
        price = np.where(loose, -1.0, np.abs(start.reduced))
        price[region.high <= 0] = INFINITY
        order = np.argsort(price, kind="stable")[: int(loose.sum()) + neighbours]
        free = np.sort(order[price[order] < INFINITY])
        held = values.copy()
        held[free] = 0.0
        self.integer += 1
        answer = _restricted(self.polytope, cost, region, free, held, any_solution=True)
        if not answer.feasible:
            return None
        held[free] = np.round(answer.values)
        return held


def _restricted(
    polytope: Polytope, cost: Array, region: Region, free: Ints, held: Array, *, any_solution: bool = False
) -> Answer:
    used = polytope.matrix @ held
    return Program(
        cost=cost[free],
        lower=region.low[free],
        upper=region.high[free],
        matrix=polytope.matrix[:, free],
        row_lower=region.row_low - used,
        row_upper=region.row_high - used,
        integer=True,
        any_solution=any_solution,
    ).solve()


def _fractional(values: Array) -> Ints:
    return (np.abs(values - np.rint(values)) > _WHOLE).nonzero()[0]
