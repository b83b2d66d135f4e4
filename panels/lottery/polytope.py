"""The conditions of a panel as numbers, and the cuts that a hard problem adds to them. No solver here: verifying
needs none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from panels.lottery.types import Array, Types

TOLERANCE = 1e-6  # of a probability: within it two chances count as the same


@dataclass(frozen=True, eq=False)
class Polytope:
    """0 <= x <= cap and lower <= matrix.x <= upper; ``count`` turns counts into probabilities."""

    count: Array
    cap: Array
    matrix: Array
    lower: Array
    upper: Array

    @property
    def size(self) -> int:
        return len(self.count)


@dataclass(frozen=True, eq=False)
class Cut:
    """prices.x <= bound for every panel, though not for every point of the relaxation."""

    prices: Array
    bound: float


def polytope_of(types: Types) -> Polytope:
    return Polytope(types.count, types.cap, types.matrix, types.lower, types.upper)


def with_cuts(polytope: Polytope, cuts: Sequence[Cut]) -> Polytope:
    if not cuts:
        return polytope
    least = [float(np.minimum(cut.prices, 0.0) @ polytope.cap) for cut in cuts]
    return replace(
        polytope,
        matrix=np.vstack([polytope.matrix, *[cut.prices for cut in cuts]]),
        lower=np.concatenate([polytope.lower, least]),
        upper=np.concatenate([polytope.upper, [cut.bound for cut in cuts]]),
    )
