"""What each method holds for fair, as a point of the relaxation.

- leximin: the smallest chance as large as possible, then the next, and so on;
- maximin: the smallest chance as large as possible, and beyond that chances amid what the quotas allow;
- nash: the largest product of chances;
- goldilocks: neither small nor large chances: the least (n/k) largest + (k/n) / smallest (Baharav and Flanigan,
  2024), and
  among those the leximin one.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from panels.lottery.barrier import largest_product
from panels.lottery.polytope import Polytope
from panels.lottery.relaxation import FairPoint, Step, leximin_point
from panels.lottery.solver import INFINITY, Program, SolverTrouble, Sparse
from panels.lottery.types import Array

METHODS = ("leximin", "maximin", "nash", "goldilocks")
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
_SECTIONS = 60
_AMID = 0.1  # where the path to the largest product is left: amid the points, not at its end


def fair_point(polytope: Polytope, method: str, tell: Callable[[float], bool], *, plain: bool = True) -> FairPoint:
    """``plain``: no cut was needed yet. Among the maximin points another one may spare further cuts: the leximin
    point.
    """

    def told(part: float) -> None:
        tell(part)

    match method:
        case "maximin":
            return _maximin(polytope) if plain else _first_only(leximin_point(polytope, told))
        case "nash":
            target, multipliers = largest_product(polytope, np.zeros(polytope.size))
            first = leximin_point(polytope, steps=1).steps[0]
            proof = Step(0.0, np.arange(polytope.size), multipliers)
            return FairPoint(target, (first, proof), target / polytope.count)
        case "goldilocks":
            return _goldilocks(polytope, told)
        case _:
            return leximin_point(polytope, told)


def _first_only(point: FairPoint) -> FairPoint:
    return replace(point, steps=point.steps[:1])


def _maximin(polytope: Polytope) -> FairPoint:
    first = leximin_point(polytope, steps=1)
    floor = first.steps[0].level * polytope.count
    target, _ = largest_product(polytope, floor, last=_AMID)
    return FairPoint(target, first.steps, target / polytope.count)


def _goldilocks(polytope: Polytope, told: Callable[[float], None]) -> FairPoint:
    """A search on the largest chance: the best smallest one is concave in it, so the sum has one valley."""
    people, seats = float(polytope.count.sum()), float(polytope.lower[0])
    fair = leximin_point(polytope, told)
    counted = np.where(fair.levels > 1e-9, polytope.count, 0.0)

    def smallest(largest: float) -> float:
        capped = replace(polytope, count=counted, cap=np.minimum(polytope.cap, largest * polytope.count))
        try:
            return leximin_point(capped, steps=1).steps[0].level
        except SolverTrouble:
            return 0.0

    def badness(largest: float) -> float:
        least = smallest(largest)
        return people / seats * largest + seats / people / least if least > 1e-9 else float("inf")

    low, high = seats / people, float(fair.levels.max())
    inner = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    value = [badness(inner[0]), badness(inner[1])]
    for _ in range(_SECTIONS):
        if value[0] <= value[1] and value[0] < float("inf"):
            high, inner, value = inner[1], [inner[1] - _GOLDEN * (inner[1] - low), inner[0]], [0.0, value[0]]
            inner[0] = high - _GOLDEN * (high - low)
            value[0] = badness(inner[0])
        else:
            low = inner[0]
            inner, value = [inner[1], low + _GOLDEN * (high - low)], [value[1], 0.0]
            value[1] = badness(inner[1])
        if high - low < 1e-9:
            break
    largest = high + 1e-8  # room for the solver's own rounding
    chosen = leximin_point(replace(polytope, cap=np.minimum(polytope.cap, largest * polytope.count)))
    return replace(chosen, steps=(fair.steps[0], *_goldilocks_proof(polytope, chosen.target, counted)))


def _goldilocks_proof(polytope: Polytope, target: Array, counted: Array) -> tuple[Step, ...]:
    """Multipliers of the rows at the point, for the sum made linear there: its largest chance up, its smallest down."""
    t = polytope.size
    people, seats = float(polytope.count.sum()), float(polytope.lower[0])
    chance = target / polytope.count
    least = float(chance[counted > 0].min())
    slope = seats / people / least**2
    rows = len(polytope.lower)
    r, c = np.nonzero(polytope.matrix)
    each = np.arange(t)
    matrix = Sparse(
        (rows + 2 * t, t + 2),
        np.concatenate([r, each + rows, each + rows, each + rows + t, each + rows + t]),
        np.concatenate([c, each, np.full(t, t), each, np.full(t, t + 1)]),
        np.concatenate([polytope.matrix[r, c], np.ones(t), -counted, -np.ones(t), polytope.count]),
    )
    answer = Program(
        cost=np.concatenate([np.zeros(t), [-slope, people / seats]]),
        lower=np.zeros(t + 2),
        upper=np.concatenate([polytope.cap, [INFINITY, INFINITY]]),
        matrix=matrix,
        row_lower=np.concatenate([polytope.lower, np.zeros(2 * t)]),
        row_upper=np.concatenate([polytope.upper, np.full(2 * t, INFINITY)]),
    ).solve()
    wishes = answer.row_duals[rows : rows + t] - answer.row_duals[rows + t :]
    return (Step(least, np.arange(t), -answer.row_duals[:rows], wishes),)
