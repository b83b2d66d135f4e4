"""The fair point of the relaxed problem, in which a panel may hold fractions of people.

Every lottery averages to a point of the relaxation, so its leximin point bounds the true one from above, level by
level; and a lottery that averages to that very point is the true one, proved. Each step keeps the multipliers of the
rows that prove its level, so that the proof is checked by multiplying and adding alone (see ``certificate``).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panels.lottery.polytope import Polytope
from panels.lottery.solver import INFINITY, Program, SolverTrouble
from panels.lottery.types import Array, Ints

_POSITIVE = 1e-8  # weights sum to 1; a smaller one is taken for noise
_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Step:
    """The types fixed at ``level``, and multipliers of the rows that prove that no lottery does better for all of
    them.
    """

    level: float
    types: Ints
    multipliers: Array
    wishes: Array | None = None  # goldilocks: how much the sum wishes each type's chance up (or down)


@dataclass(frozen=True, eq=False)
class FairPoint:
    target: Array  # counts, one a type
    steps: tuple[Step, ...]
    levels: Array  # probability, one a type


class _Stages:
    """One small linear program, changed in place: maximise z where x = count*z + s for free types, x = count*p for
    fixed ones.
    """

    def __init__(self, polytope: Polytope) -> None:
        self.p = polytope
        rows, types = polytope.matrix.shape
        self.z = types
        self.free = np.ones(types, dtype=bool)
        self.fixed_counts = np.zeros(types)
        self.capped: dict[int, int] = {}  # type -> its own row, made when its cap is first exceeded
        cost = np.zeros(types + 1)
        cost[self.z] = -1.0
        upper = np.full(types + 1, INFINITY)
        upper[self.z] = 1.0
        self.base = polytope.matrix @ polytope.count
        self.program = Program(
            cost=cost,
            lower=np.zeros(types + 1),
            upper=upper,
            matrix=np.column_stack([polytope.matrix, self.base]),
            row_lower=polytope.lower,
            row_upper=polytope.upper,
        )
        self.row_count = rows

    def solve(self) -> tuple[float, Array, Array, Array]:
        """The level, the counts, the weight of each type, the multipliers of the polytope's rows."""
        p = self.p
        while True:
            answer = self.program.solve()
            if not answer.feasible:
                raise SolverTrouble("The relaxation lost its solution between two levels.")
            level = float(answer.values[self.z])
            x = np.where(self.free, p.count * level, self.fixed_counts) + answer.values[: self.z]
            over = [int(t) for t in np.nonzero(self.free & (x > p.cap + _SLACK))[0] if int(t) not in self.capped]
            if not over:
                break
            for t in over:
                self._cap(t)
        multipliers = -answer.row_duals[: self.row_count]
        return level, x, answer.reduced[: self.z] * p.count, multipliers

    def _cap(self, t: int) -> None:
        columns = np.array([t, self.z], dtype=np.int32)
        self.program.highs.addRow(-INFINITY, float(self.p.cap[t]), 2, columns, np.array([1.0, self.p.count[t]]))
        self.capped[t] = self.row_count + len(self.capped)

    def fix(self, types: Ints, level: float) -> None:
        p, highs = self.p, self.program.highs
        self.free[types] = False
        self.fixed_counts[types] = p.count[types] * level
        self.base = self.base - p.matrix[:, types] @ p.count[types]
        self.base[np.abs(self.base) < _SLACK] = 0.0
        for row in np.nonzero(p.matrix[:, types].any(axis=1))[0]:
            highs.changeCoeff(int(row), self.z, float(self.base[row]))
        moved = p.matrix @ self.fixed_counts
        self.program.set_rows_first(p.lower - moved, p.upper - moved)
        for t in types:
            highs.changeColBounds(int(t), 0.0, 0.0)
            if int(t) in self.capped:
                highs.changeRowBounds(self.capped[int(t)], -INFINITY, INFINITY)


def leximin_point(
    polytope: Polytope, on_step: Callable[[float], None] | None = None, steps: int | None = None
) -> FairPoint:
    """The leximin point of a polytope that is not empty. ``steps``: stop after so many (1 gives the best minimum)."""
    stages = _Stages(polytope)
    done: list[Step] = []
    levels = np.zeros(polytope.size)
    x: Array = np.zeros(polytope.size)
    while stages.free.any():
        level, x, weights, multipliers = stages.solve()
        if level >= 1.0 - _SLACK:
            tight = np.nonzero(stages.free)[0]  # nobody can have more than certainty
        else:
            tight = np.nonzero(stages.free & (weights > _POSITIVE))[0]
        if not len(tight):
            raise SolverTrouble("A level of the relaxation has no multiplier.")
        level = max(0.0, min(1.0, level))
        if level < _SLACK:
            level = 0.0
        done.append(Step(level, tight, multipliers))
        levels[tight] = level
        stages.fix(tight, level)
        if on_step:
            on_step(1.0 - stages.free.mean())
        if steps is not None and len(done) >= steps:
            break
    target = levels * polytope.count if not stages.free.any() else x
    return FairPoint(target, tuple(done), levels)
