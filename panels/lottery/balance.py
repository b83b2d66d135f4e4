"""Weights of many panels brought into balance, so that they average to a point exactly.

Several walks towards a point leave each a little undone, and each something else. Of all weights that do average to
the point, those are sought that differ least from the walks' own (in relative entropy): every panel keeps some weight,
so that the lottery stays spread over all of them. They are the walks' weights times exp(price . panel); the prices are
found by Newton's method in a handful of steps.
"""

import numpy as np

from panels.lottery.types import Array

_STEPS = 25
_EXACT = 1e-11  # in people of a type
_ENOUGH = 1e-9
_STRIDE = 1.5  # no weight is multiplied by more than exp of this in one step
_HOPE = 0.8  # a step that leaves more than this of the gap is a bad one; after three of them there is no hope
_RIDGE = 1e-12


def balanced(panels: Array, weights: Array, point: Array) -> Array | None:
    """Weights near the given ones with which the panels (one a row) average to the point; None where none are found."""
    held = point > 0.0
    if (panels[:, ~held] > 0.0).any():
        return None
    rows, aim = panels[:, held], point[held]
    bad, before = 0, np.inf
    for _ in range(_STEPS):
        missing = aim - weights @ rows
        gap = float(np.abs(missing).max(initial=0.0))
        if gap <= _EXACT:
            return weights
        bad = bad + 1 if gap > _HOPE * before else 0
        if bad >= 3:
            break
        before = min(before, gap)
        system = (rows * weights[:, None]).T @ rows
        system[np.diag_indices_from(system)] += _RIDGE
        try:
            turn = rows @ np.linalg.solve(system, missing)
        except np.linalg.LinAlgError:
            return None
        largest = float(np.abs(turn).max(initial=0.0))
        if not np.isfinite(largest):
            return None
        weights = weights * np.exp(turn * min(1.0, _STRIDE / max(largest, 1e-300)))
    return weights if float(np.abs(aim - weights @ rows).max(initial=0.0)) <= _ENOUGH else None
