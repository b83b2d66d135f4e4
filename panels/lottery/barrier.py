"""The point of a polytope with the largest product of chances, by an interior path of Newton steps.

All conditions become equations with a bounded slack each, so that every step solves one small system, as many
equations as rows, whatever the number of people. Conditions that leave no room (implied equations) are found first by
one linear program, since a path through the interior needs an interior.
"""

import numpy as np

from panels.lottery.polytope import Polytope
from panels.lottery.solver import INFINITY, Program, SolverTrouble, Sparse
from panels.lottery.types import Array, Bools

_ROOM = 1e-7
_LAST = 1e-9


def largest_product(polytope: Polytope, floor: Array, *, last: float = _LAST) -> tuple[Array, Array]:
    """Maximise the sum of count * log(x) over x >= floor in the polytope; with the multipliers of its rows.

    Types that no point of the polytope gives anything are left out of the product. ``last``: how far the path is
    followed; a larger number stops where all that can have room still has some.
    """
    inside, low_room, high_room, row_low_room, row_high_room = _interior(polytope, floor)
    free = low_room & high_room
    fixed = np.where(free, 0.0, np.where(low_room, polytope.cap, floor))
    loose = row_low_room & row_high_room
    matrix = polytope.matrix[:, free]
    used = polytope.matrix @ fixed
    slack_low = np.where(loose, polytope.lower - used, -INFINITY)
    slack_high = np.where(loose, polytope.upper - used, INFINITY)
    x = inside[free]
    y = matrix @ x
    weight = polytope.count[free].astype(float)
    low, high = floor[free], polytope.cap[free]
    level = float(weight.max(initial=1.0))
    while free.any():
        for _ in range(40):
            step_x, step_y = _newton(matrix, x, y, weight, low, high, slack_low, slack_high, loose, level)
            reach = min(
                _reach(x, step_x, low, high),
                _reach(y[loose], step_y[loose], slack_low[loose], slack_high[loose]),
                1.0,
            )
            size = float(np.abs(step_x / x).max())
            x, y = x + reach * step_x, y + reach * step_y
            if size < 1e-7 and reach >= 1.0:
                break
        if level < last:
            break
        level *= 0.1
    target = fixed.copy()
    target[free] = x
    return target, _multipliers(polytope, np.where(target > _ROOM, polytope.count / np.maximum(target, _ROOM), 0.0))


def _multipliers(polytope: Polytope, slope: Array) -> Array:
    """Those that bound slope.x over the polytope; the path's own are rough where conditions depend on one another."""
    answer = Program(
        cost=-slope,
        lower=np.zeros(polytope.size),
        upper=polytope.cap,
        matrix=polytope.matrix,
        row_lower=polytope.lower,
        row_upper=polytope.upper,
    ).solve()
    return -answer.row_duals


def _reach(at: Array, step: Array, low: Array, high: Array) -> float:
    """How far the step may go: nearly to the nearest bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.where(step < 0, (low - at) / step, np.inf)
        up = np.where(step > 0, (high - at) / step, np.inf)
    return 0.99 * float(min(down.min(initial=np.inf), up.min(initial=np.inf)))


def _newton(
    matrix: Array, x: Array, y: Array, weight: Array, low: Array, high: Array,
    slack_low: Array, slack_high: Array, loose: Bools, level: float,
) -> tuple[Array, Array]:  # fmt: skip
    """The step that minimises the model of -sum w log x - level * (logs of all slacks) subject to matrix.x = y."""
    gradient = -weight / x - level / (x - low) + level / (high - x)
    curve = weight / x**2 + level / (x - low) ** 2 + level / (high - x) ** 2
    row_gradient, row_curve = np.zeros(len(y)), np.full(len(y), np.inf)
    below, above = y[loose] - slack_low[loose], slack_high[loose] - y[loose]
    row_gradient[loose] = -level / below + level / above
    row_curve[loose] = level / below**2 + level / above**2
    soft = np.where(np.isfinite(row_curve), 1.0 / np.where(row_curve > 0, row_curve, np.inf), 0.0)
    scaled = matrix / curve
    system = scaled @ matrix.T + np.diag(soft)
    right = -(scaled @ gradient) + soft * row_gradient + (matrix @ x - y)
    multipliers = np.linalg.lstsq(system, right, rcond=1e-13)[0]
    step_x = -(gradient + matrix.T @ multipliers) / curve
    step_y = np.where(loose, soft * (multipliers - row_gradient), 0.0)
    return step_x, step_y


def _interior(polytope: Polytope, floor: Array) -> tuple[Array, Bools, Bools, Bools, Bools]:
    """A point with as much room as there is, and which conditions have room at all.

    Maximise the sum of slacks s <= 1 over the polytope blown up by a factor of 1 or more: in a large enough copy every
    condition that is ever slack has a slack of 1.
    """
    rows, t = polytope.matrix.shape
    n = 2 * t + 2 * rows
    each, every = np.arange(t), np.arange(n)
    r, c = np.nonzero(polytope.matrix)
    entry = polytope.matrix[r, c]
    bounds = np.concatenate([floor, -polytope.cap, polytope.lower, -polytope.upper])
    whole = Sparse(
        (n, t + 1 + n),
        np.concatenate([each, each + t, r + 2 * t, r + 2 * t + rows, every, every]),
        np.concatenate([each, each, c, c, np.full(n, t), every + t + 1]),
        np.concatenate([np.ones(t), -np.ones(t), entry, -entry, -bounds, -np.ones(n)]),
    )
    answer = Program(
        cost=np.concatenate([np.zeros(t + 1), -np.ones(n)]),
        lower=np.concatenate([np.zeros(t), [1.0], np.zeros(n)]),
        upper=np.concatenate([np.full(t, INFINITY), [1e6], np.ones(n)]),
        matrix=whole,
        row_lower=np.zeros(n),
        row_upper=np.full(n, INFINITY),
    ).solve()
    if not answer.feasible:
        raise SolverTrouble("The relaxation has no point above the floor.")
    room = answer.values[t + 1 :] > _ROOM
    point = answer.values[:t] / answer.values[t]
    return point, room[:t], room[t : 2 * t], room[2 * t : 2 * t + rows], room[2 * t + rows :]
