"""From a panel with fractions of people to a whole one, by exchanges of two people at a time.

The relaxation leaves a dozen or two types in fractions. They are rounded so that the size is right; then the exchange
is made that mends most of the broken rows, and the next, until none is broken. What was just exchanged is left alone
for a while, and rows that stay broken weigh more and more, so that the search climbs out of hollows. One small product of matrices weighs all exchanges at once.
"""

import numpy as np

from panels.lottery.polytope import Polytope
from panels.lottery.types import Array, Ints

QUICK, LONG = 30, 120  # steps
_RESTS = 3  # steps for which a type that was just exchanged is left alone
_HEAVIER = 0.3  # what a broken row gains in weight while no exchange mends anything
_BARRED = 1e6
_NEAR = 1e-7


class Mender:
    """Keeps the rows of a polytope as they are needed: those of zeros and ones by type, the others (cuts) apart."""

    def __init__(self, polytope: Polytope) -> None:
        plain = ((polytope.matrix == 0.0) | (polytope.matrix == 1.0)).all(axis=1)
        self.plain, self.other = plain.nonzero()[0], (~plain).nonzero()[0]
        self.by_type = np.ascontiguousarray(polytope.matrix[self.plain].T)
        self.prices = polytope.matrix[self.other]

    def mend(
        self,
        values: Array,
        free: Ints,
        low: Array,
        high: Array,
        row_low: Array,
        row_high: Array,
        cost: Array,
        steps: int = QUICK,
    ) -> Array | None:
        """A whole panel near ``values``, changing only the types ``free``; None when the search finds none."""
        x = _rounded(values)
        rows, low, high, cost = self.by_type[free], low[free], high[free], cost[free]
        least, most = row_low[self.plain], row_high[self.plain]
        counts, mine = x @ self.by_type, x[free]
        # Less than one broken row, however dear or cheap the exchange; of equally good ones the cheapest is made.
        cost = cost * (0.5 / (float(cost.max(initial=0.0) - cost.min(initial=0.0)) or 1.0))
        until = np.zeros(len(free), dtype=np.int64)
        weight = np.ones(len(least))
        for step in range(steps):
            under, over = least - counts, counts - most
            broken = np.maximum(np.maximum(under, over), 0.0)
            if not broken.any() and self._others_hold(x, free, mine, row_low, row_high):
                x[free] = mine
                return x
            losing = weight * (np.maximum(np.maximum(under + 1.0, over - 1.0), 0.0) - broken)
            gaining = weight * (np.maximum(np.maximum(under - 1.0, over + 1.0), 0.0) - broken)
            rested = until <= step
            out, into = ((mine > low) & rested).nonzero()[0], ((mine < high) & rested).nonzero()[0]
            if not len(out) or not len(into):
                return None
            given, taken = rows[out], rows[into]
            change = (given @ losing - cost[out])[:, None] + (taken @ gaining + cost[into])[None, :]
            change -= (given * (losing + gaining)) @ taken.T
            if len(self.other):
                self._weigh_others(change, x, free, mine, out, into, row_low, row_high)
            change[out[:, None] == into[None, :]] = _BARRED
            giver, taker = divmod(int(change.argmin()), len(into))
            a, b = int(out[giver]), int(into[taker])
            if _HEAVIER and change[giver, taker] > -0.5:
                weight += _HEAVIER * broken
            mine[a] -= 1.0
            mine[b] += 1.0
            counts += rows[b] - rows[a]
            until[a] = until[b] = step + _RESTS
        return None

    def _others_hold(self, x: Array, free: Ints, mine: Array, row_low: Array, row_high: Array) -> bool:
        if not len(self.other):
            return True
        x[free] = mine
        worth = self.prices @ x
        return bool((worth >= row_low[self.other] - _NEAR).all() and (worth <= row_high[self.other] + _NEAR).all())

    def _weigh_others(
        self, change: Array, x: Array, free: Ints, mine: Array, out: Ints, into: Ints, row_low: Array, row_high: Array
    ) -> None:
        x[free] = mine
        for row, prices in zip(self.other, self.prices, strict=True):
            scale, worth = float(np.abs(prices).max()) or 1.0, float(prices @ x)
            after = worth + prices[free[into]][None, :] - prices[free[out]][:, None]
            broken = max(row_low[row] - worth, worth - row_high[row], 0.0)
            change += (np.maximum(row_low[row] - after, after - row_high[row]).clip(0.0) - broken) / scale


def _rounded(values: Array) -> Array:
    """Whole numbers with the same sum: the largest fractions up."""
    x = np.floor(values + 1e-6)
    missing = round(float(values.sum() - x.sum()))
    if missing > 0:
        up = np.argsort(-np.round(values - x, 9), kind="stable")[:missing]
        x[up] += 1.0
    return x
