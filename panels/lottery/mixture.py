"""A point as a mixture of panels, exactly where that is possible, and otherwise a proof that it is not.

``walk`` gives most of the weight. What it leaves is finished by column generation: a linear program mixes the panels at
hand as near to the point as they allow, its prices say which panel is missing, ``columns`` finds such panels by the
dozen. When even the dearest panel (an integer program proves it so) does not help, the prices are a **cut**: a
condition that every panel satisfies and the point does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panels.lottery.columns import Oracle, Region, whole_region
from panels.lottery.polytope import Cut, Polytope
from panels.lottery.solver import INFINITY, Program
from panels.lottery.types import Array
from panels.lottery.walk import NOTHING, face_of, walk

EXACT = 1e-8  # largest distance (in people of a type) at which a mixture counts as the point itself
_BATCH = 6  # panels sought with one set of prices; more where there are many types
_HELPS = 1e-8


@dataclass(frozen=True, eq=False)
class Mixture:
    """``panels`` (one a row) and ``weights`` that sum to 1; ``distance``: the sum of what the average misses, over
    types.
    """

    panels: Array
    weights: Array
    distance: float
    cut: Cut | None
    pool: Array  # every panel that was found on the way, used or not


class _Master:
    """Minimise the sum over types of |average - point|, over weights of the panels at hand."""

    def __init__(self, point: Array) -> None:
        types = len(point)
        self.types = types
        self.panels: list[Array] = []
        self.known: set[bytes] = set()
        matrix = np.zeros((types + 1, 2 * types))
        matrix[:types, :types] = np.eye(types)
        matrix[:types, types:] = -np.eye(types)
        aim = np.append(point, 1.0)
        self.program = Program(
            cost=np.ones(2 * types),
            lower=np.zeros(2 * types),
            upper=np.full(2 * types, INFINITY),
            matrix=matrix,
            row_lower=np.append(point, 0.0),
            row_upper=aim,
        )
        self.program.highs.setOptionValue("simplex_strategy", 4)  # primal: new columns keep the old basis feasible

    def add(self, panel: Array) -> bool:
        key = panel.astype(np.int16).tobytes()
        if key in self.known:
            return False
        self.known.add(key)
        self.panels.append(panel)
        where = np.nonzero(panel)[0]
        index = np.append(where, self.types).astype(np.int32)
        self.program.highs.addCol(0.0, 0.0, INFINITY, len(index), index, np.append(panel[where], 1.0))
        return True

    def solve(self) -> tuple[float, Array, Array, float]:
        """The distance, the weights, the price of each type, the price of weight itself."""
        answer = self.program.solve()
        weights = np.maximum(answer.values[2 * self.types :], 0.0)
        return answer.objective, weights, answer.row_duals[: self.types], float(answer.row_duals[self.types])


def mix(
    polytope: Polytope,
    oracle: Oracle,
    point: Array,
    rng: np.random.Generator,
    *,
    known: list[Array] | None = None,
    tick: Callable[[float], bool],
) -> Mixture:
    """Panels and weights that average to the point, or come as near as can be. ``tick`` returns False to stop early."""
    trail = walk(polytope, oracle, point, rng, tick)
    if trail.rest <= NOTHING:
        return _finished(trail.panels, np.array(trail.weights), point, None)
    master = _Master(point)
    for panel in trail.panels:
        master.add(panel)
    for panel in known or []:
        master.add(panel)
    if not master.panels:
        found = oracle.best(-point, whole_region(polytope))
        if found is not None:
            master.add(found[0])
    return _generate(polytope, oracle, point, rng, master, tick)


def _generate(
    polytope: Polytope,
    oracle: Oracle,
    point: Array,
    rng: np.random.Generator,
    master: _Master,
    tick: Callable[[float], bool],
) -> Mixture:
    face, everything = face_of(polytope, point, near=False), whole_region(polytope)
    region = face
    start: float | None = None
    while True:
        distance, weights, prices, base = master.solve()
        start = start or max(distance, EXACT)
        if distance <= EXACT or not tick(1.0 - distance / start):
            return _finished(master.panels, weights, point, None)
        if _price(oracle, region, prices, base, rng, master):
            continue
        best = oracle.best(-prices, region)
        if best is not None and -best[1] + base > _HELPS and master.add(best[0]):
            continue
        if region is face:
            region = everything
            continue
        bound = -best[1] if best is not None else 0.0
        return _finished(master.panels, weights, point, Cut(prices, bound))


def _price(
    oracle: Oracle, region: Region, prices: Array, base: float, rng: np.random.Generator, master: _Master
) -> bool:
    """Add panels that the prices ask for; False when none was found."""
    added = misses = 0
    scale = float(np.abs(prices).max()) or 1.0
    batch = _BATCH + len(prices) // 60
    for attempt in range(batch):
        blur = 0.0 if attempt == 0 else 0.3 * scale * attempt / batch
        panel = oracle.find(-prices - blur * rng.random(len(prices)), region, patient=attempt == 0)
        if panel is not None and float(prices @ panel) + base > _HELPS and master.add(panel):
            added += 1
        else:
            misses += 1
            if misses >= 4 and not added:
                break
    return added > 0


def _finished(panels: list[Array], weights: Array, point: Array, cut: Cut | None) -> Mixture:
    used = np.nonzero(weights > 1e-13)[0]
    kept = np.array([panels[i] for i in used])
    share = weights[used] / weights[used].sum()
    return Mixture(kept, share, float(np.abs(share @ kept - point).sum()), cut, np.array(panels))
