"""A point as a mixture of panels, exactly where that is possible, and otherwise a proof that it is not.

A few walks (``walk``) give nearly all of the weight, and ``balance`` evens out what they leave. Where it cannot, column
generation finishes: a linear program mixes the panels at hand as near to the point as they allow, its prices say which
panel is missing, ``columns`` finds such panels by the dozen. When even the dearest panel (an integer program proves it
so) does not help, the prices are a **cut**: a condition that every panel satisfies and the point does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panels.lottery.balance import balanced
from panels.lottery.columns import Oracle, Region, whole_region
from panels.lottery.mending import LONG, QUICK
from panels.lottery.polytope import Cut, Polytope
from panels.lottery.solver import INFINITY, Program
from panels.lottery.types import Array
from panels.lottery.walk import NOTHING, Trail, face_of, walk

EXACT = 1e-8  # largest distance (in people of a type) at which a mixture counts as the point itself
_BATCH = 6  # panels sought with one set of prices; more where there are many types
_HELPS = 1e-8
_FEW, _MANY = 2, 8  # walks: so many where they are affordable, so many where they are cheap
_POOL = 2.5  # panels for each type: with so many that do not do, chance will not find the ones that are missing
_CHEAP, _AFFORDABLE = 15_000, 2_000_000  # linear programs times types: counted, not timed, to be the same anywhere
_BALANCED = 1_500  # types; for more, only walks that leave nothing are averaged
_LITTLE = 0.01
_HARD = 0.5  # of the weight: what two walks leave so much of, more walks will not finish


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
    thorough: bool = True,
    programs: float = INFINITY,
    tick: Callable[[float], bool],
) -> Mixture:
    """Panels and weights that average to the point, or come as near as can be. ``tick`` returns False to stop early.

    Not ``thorough``: by walks alone, few of them; where those do not do, only their panels are of use. ``programs``: so
    many integer programs of the oracle, and what was found by then comes back, without a cut.
    """
    trails: list[Trail] = []
    blend: Mixture | None = None
    while tick(1.0):
        trails.append(walk(polytope, oracle, point, rng, tick))
        blend = _blended(trails, point) or blend
        if _enough(trails, oracle.linear * polytope.size, polytope.size, blended=blend is not None, thorough=thorough):
            break
    if blend:
        return blend
    if not thorough:
        found = np.array([panel for trail in trails for panel in trail.panels]).reshape(-1, polytope.size)
        return Mixture(found[:0], np.zeros(0), INFINITY, None, found)
    master = _Master(point)
    for panel in [panel for trail in trails for panel in trail.panels] + (known or []):
        master.add(panel)
    if not master.panels:
        best = oracle.best(-point, whole_region(polytope))
        if best is not None:
            master.add(best[0])
    return _generate(polytope, oracle, point, rng, master, programs, tick)


def _enough(trails: list[Trail], spent: int, types: int, *, blended: bool, thorough: bool) -> bool:
    if blended:
        return len(trails) >= _MANY or spent > (_CHEAP if len(trails) >= _FEW else _AFFORDABLE)
    if spent > _AFFORDABLE or (len(trails) > 1 and min(trail.rest for trail in trails) > _HARD):
        return True
    if not thorough and len(trails) >= _FEW and min(trail.rest for trail in trails) > _LITTLE:
        return True
    return sum(len(trail.panels) for trail in trails) > _POOL * types


def _blended(trails: list[Trail], point: Array) -> Mixture | None:
    """The average of the walks; where they left something, balanced."""
    even = _averaged([trail for trail in trails if trail.panels], point, balance=len(point) <= _BALANCED)
    if even is not None:
        return even
    return _averaged([trail for trail in trails if trail.rest <= NOTHING], point, balance=False)


def _averaged(trails: list[Trail], point: Array, *, balance: bool) -> Mixture | None:
    if not trails:
        return None
    panels, place = np.unique(np.vstack([trail.panels for trail in trails]), axis=0, return_inverse=True)
    weights = np.bincount(place.ravel(), np.concatenate([trail.weights for trail in trails])) / len(trails)
    if balance:
        even = balanced(panels, weights, point)
        return None if even is None else _finished(list(panels), even, point, None)
    if any(trail.rest > NOTHING for trail in trails):
        return None
    return _finished(list(panels), weights, point, None)


def _generate(
    polytope: Polytope,
    oracle: Oracle,
    point: Array,
    rng: np.random.Generator,
    master: _Master,
    programs: float,
    tick: Callable[[float], bool],
) -> Mixture:
    face, everything = face_of(polytope, point, near=False), whole_region(polytope)
    region = face
    start: float | None = None
    wish: Array | None = None
    while True:
        distance, weights, prices, base = master.solve()
        start = start or max(distance, EXACT)
        if distance <= EXACT or oracle.integer > programs or not tick(1.0 - distance / start):
            return _finished(master.panels, weights, point, None)
        # The prices leap about from one round to the next; halfway to those before they ask for better panels.
        wish = prices if wish is None else (wish + prices) / 2.0
        if _price(oracle, region, wish, prices, base, rng, master):
            continue
        if _price(oracle, region, prices, prices, base, rng, master, steps=LONG):
            continue
        wish = None
        # Halfway to the point is enough: a panel that far is a good one, and none that far is a deep cut already.
        useful = max(_HELPS, distance / 2.0)
        best = oracle.best(-prices, region, below=base - useful)
        if best is not None and master.add(best[0]):
            continue
        if region is face:
            region = everything
            continue
        return _finished(master.panels, weights, point, Cut(prices, useful - base))


def _price(
    oracle: Oracle,
    region: Region,
    wish: Array,
    prices: Array,
    base: float,
    rng: np.random.Generator,
    master: _Master,
    *,
    steps: int = QUICK,
) -> bool:
    """Add panels that the wish asks for and the prices want; False when none was found."""
    added = 0
    scale = float(np.abs(wish).max()) or 1.0
    batch = _BATCH + len(wish) // 60
    for attempt in range(batch if steps == QUICK else 2 * batch):
        blur = 0.3 * scale * (attempt % batch) / batch
        panel = oracle.find(-wish - blur * rng.random(len(wish)), region, patient=False, steps=steps)
        if panel is not None and float(prices @ panel) + base > _HELPS and master.add(panel):
            added += 1
        elif attempt >= 3 and not added and steps == QUICK:
            break
    return added > 0


def _finished(panels: list[Array], weights: Array, point: Array, cut: Cut | None) -> Mixture:
    used = np.nonzero(weights > 1e-13)[0]
    kept = np.array([panels[i] for i in used])
    share = weights[used] / weights[used].sum()
    return Mixture(kept, share, float(np.abs(share @ kept - point).sum()), cut, np.array(panels))
