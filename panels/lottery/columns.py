"""Whole panels near a wish: integer vectors that satisfy every row, found fast.

A general integer program for each panel would cost most of the draw's time. Here the linear relaxation is solved (warm,
under a millisecond), which leaves a dozen or two types in fractions; exchanges mend those (see ``mending``), and
where that fails, a small integer program over them and their cheapest neighbours, with all others held, nearly always
succeeds.
"""

import numpy as np

from panels.lottery.mending import QUICK, Mender
from panels.lottery.polytope import Polytope
from panels.lottery.solver import Answer, Program
from panels.lottery.types import Array, Ints

_WHOLE = 1e-7
_EXCHANGED = 400  # types that exchanges may touch: those in fractions and those that cost least to change
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
        self.mender = Mender(polytope)
        self.program = Program(
            cost=np.zeros(polytope.size),
            lower=np.zeros(polytope.size),
            upper=polytope.cap,
            matrix=polytope.matrix,
            row_lower=polytope.lower,
            row_upper=polytope.upper,
        )
        self.linear = self.integer = 0  # programs solved: what is affordable is counted in them, not in seconds

    def find(self, cost: Array, region: Region, *, patient: bool = True, steps: int = QUICK) -> Array | None:
        """A panel in the region with a low cost, or None when none was found (which proves nothing).

        Not ``patient``: by exchanges alone. Many of those with other costs are cheaper than one integer program.
        """
        start = self._relaxed(cost, region)
        if start is None:
            return None
        if not (np.abs(start.values - np.rint(start.values)) > _WHOLE).any():
            return np.rint(start.values)
        found = self._mended(cost, start, region, steps)
        if found is not None:
            return found
        for neighbours in _NEIGHBOURS if patient else ():
            found = self._around(cost, start, region, neighbours)
            if found is not None:
                return found
        return None

    def relaxed(self, cost: Array, region: Region) -> Answer | None:
        return self._relaxed(cost, region)

    def best(self, cost: Array, region: Region, *, below: float | None = None) -> tuple[Array, float] | None:
        """A cheapest panel of the region and its cost, proved by an integer program; None: the region holds no panel.

        With ``below``: any panel that costs less, and None where it is proved that there is none.
        """
        usable = np.nonzero(region.high > 0)[0]
        self.integer += 1
        answer = _restricted(self.polytope, cost, region, usable, np.zeros(self.polytope.size), below=below)
        if not answer.feasible or (below is not None and answer.objective >= below):
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

    def _mended(self, cost: Array, start: Answer, region: Region, steps: int) -> Array | None:
        free, _ = _near(start, region, _EXCHANGED)
        return self.mender.mend(
            start.values, free, region.low, region.high, region.row_low, region.row_high, cost, steps
        )

    def _around(self, cost: Array, start: Answer, region: Region, neighbours: int) -> Array | None:
        """An integer program over the fractional types and those that cost least to change; the others stay."""
        free, loose = _near(start, region, 0)
        free, _ = _near(start, region, loose + neighbours)
        held = np.round(start.values)
        held[free] = 0.0
        self.integer += 1
        answer = _restricted(self.polytope, cost, region, free, held, any_solution=True)
        if not answer.feasible:
            return None
        held[free] = np.round(answer.values)
        return held


def _restricted(
    polytope: Polytope,
    cost: Array,
    region: Region,
    free: Ints,
    held: Array,
    *,
    any_solution: bool = False,
    below: float | None = None,
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
        below=below,
    ).solve()


def _near(start: Answer, region: Region, number: int) -> tuple[Ints, int]:
    """The types that cost least to change, those in fractions first; and how many these are."""
    price = np.abs(start.reduced)
    loose = np.abs(start.values - np.rint(start.values)) > _WHOLE
    price[loose] = -1.0
    open_ = (region.high > region.low).nonzero()[0]
    if len(open_) > number:
        open_ = np.sort(open_[np.argsort(price[open_], kind="stable")[:number]])
    return open_, int(loose.sum())
