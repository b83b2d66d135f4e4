"""The lottery over panels: the fair point of the relaxation, mixed from panels; cut and computed again where it
cannot be.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from panels.lottery import methods
from panels.lottery.balance import balanced
from panels.lottery.clock import Clock, Phase
from panels.lottery.columns import Oracle, whole_region
from panels.lottery.levels import Levels, levels_of
from panels.lottery.lots import generator
from panels.lottery.mixture import Mixture, mix
from panels.lottery.nash import best_product
from panels.lottery.polytope import TOLERANCE, Cut, Polytope, polytope_of, with_cuts
from panels.lottery.relaxation import FairPoint, Step
from panels.lottery.solver import INFINITY, Program, SolverTrouble
from panels.lottery.types import Array, Types

_ROUNDS = 400
_PROGRAMS = 8  # integer programs of one mixture: where more are needed, the levels need them less
_CUTS, _TYPES_PER_CUT = 3, 60  # so many cuts, and one more for so many types, are worth a try
_FAR = 0.02  # of the seats: a point this far from the panels takes too many
_WORTH = 1e-6  # what a panel may lack of the dearest and still be of use


@dataclass(frozen=True, eq=False)
class Lottery:
    """Panels as counts by type, with weights; ``fair`` is the bound they are measured against, under ``cuts``."""

    panels: Array
    weights: Array
    pool: Array
    fair: FairPoint
    cuts: tuple[Cut, ...]
    complete: bool  # the average of the panels is the fair point

    @property
    def average(self) -> Array:
        return self.weights @ self.panels


def lottery_for(types: Types, method: str, clock: Clock) -> Lottery:
    """The lottery of a problem that has a panel. Takes nothing from the seed: the chances are nobody's luck."""
    polytope = polytope_of(types)
    rng = generator("composing", types.problem.size, types.size)
    if method in {"leximin", "goldilocks"}:
        return _cut_to_fit(types, polytope, method, rng, clock, [])
    composing = _teller(clock, 0.10, 0.85, Phase.COMPOSING)
    oracle = Oracle(polytope)
    fair = methods.fair_point(polytope, method, _teller(clock, 0.02, 0.10, Phase.BALANCING))
    mixture = mix(polytope, oracle, fair.target, rng, thorough=False, tick=composing)
    if _fits(types, mixture, fair):
        return Lottery(mixture.panels, mixture.weights, mixture.pool, fair, (), True)
    if method == "maximin" or clock.expired:
        return _cut_to_fit(types, polytope, method, rng, clock, list(mixture.pool))
    return _nash(polytope, oracle, mixture.pool, fair, rng, composing)


def _fits(types: Types, mixture: Mixture, fair: FairPoint) -> bool:
    if not len(mixture.panels):
        return False
    missed = np.abs(mixture.weights @ mixture.panels - fair.target) / types.count
    return bool(missed.max() <= TOLERANCE / 10)


def _cut_to_fit(
    types: Types, plain: Polytope, method: str, rng: np.random.Generator, clock: Clock, known: list[Array]
) -> Lottery:
    """The method's point, mixed; while it is beyond the panels, cut off by what the failure proved, and sought again."""
    cuts: list[Cut] = []
    composing = _teller(clock, 0.10, 0.85, Phase.COMPOSING)
    by_levels = method in {"leximin", "maximin"}
    for _ in range(_ROUNDS):
        polytope = with_cuts(plain, cuts)
        try:
            fair = methods.fair_point(polytope, method, _teller(clock, 0.02, 0.10, Phase.BALANCING), plain=False)
        except SolverTrouble:  # the cuts run nearly alongside one another
            if not by_levels:
                raise
            return _by_levels(types, plain, method, rng, clock, known)
        mixture = mix(
            polytope,
            Oracle(polytope),
            fair.target,
            rng,
            known=known,
            programs=_PROGRAMS if by_levels else INFINITY,
            tick=composing,
        )
        if _fits(types, mixture, fair):
            return Lottery(mixture.panels, mixture.weights, mixture.pool, fair, tuple(cuts), True)
        known = list(mixture.pool)
        cut = _sharpened(plain, fair.target, mixture.cut) if mixture.cut is not None else None
        if cut is None and by_levels and not clock.expired:
            return _by_levels(types, plain, method, rng, clock, known)
        if cut is None or clock.expired:
            break
        cuts.append(cut)
        many = len(cuts) > _CUTS + types.size // _TYPES_PER_CUT
        if by_levels and (many or mixture.distance > _FAR * types.problem.size):
            return _by_levels(types, plain, method, rng, clock, known)
    panels, weights = _nearest(types, polytope, mixture, fair)
    return Lottery(panels, weights, np.array(known), fair, tuple(cuts), False)


def _by_levels(
    types: Types, plain: Polytope, method: str, rng: np.random.Generator, clock: Clock, known: list[Array]
) -> Lottery:
    """Too many cuts: the levels over panels themselves. Each level's proof is a cut, whose multiplier is 1."""
    told = _teller(clock, 0.10, 0.85, Phase.COMPOSING)
    found = levels_of(plain, known, rng, told, first_only=method == "maximin")
    target = found.weights @ found.pool
    weights = _spread(found, target)
    used = np.nonzero(weights > 1e-12)[0]
    panels, weights = found.pool[used], weights[used] / weights[used].sum()
    if not found.levels:  # the time was up before the first proof: the relaxation's bound
        fair = methods.fair_point(plain, "maximin", told)
        return Lottery(panels, weights, found.pool, replace(fair, levels=target / types.count), (), False)
    rows, cuts = len(plain.lower), tuple(level.cut for level in found.levels)
    steps = []
    for number, level in enumerate(found.levels):
        multipliers = np.zeros(rows + len(cuts))
        multipliers[rows + number] = 1.0
        steps.append(Step(level.level, level.types, multipliers))
    fair = FairPoint(target, tuple(steps), target / types.count)
    return Lottery(panels, weights, found.pool, fair, cuts, found.complete or method == "maximin")


def _spread(found: Levels, target: Array) -> Array:
    """The same chances over as many of the panels found as can be: those that are worth most at each level's prices."""
    useful = found.weights > 0.0
    if found.complete:
        useful |= np.all([found.pool @ level.cut.prices >= level.cut.bound - _WORTH for level in found.levels], axis=0)
    even = balanced(found.pool[useful], 0.5 * found.weights[useful] + 0.5 / useful.sum(), target)
    if even is None:
        return found.weights
    weights = np.zeros(len(found.weights))
    weights[useful] = even
    return weights


def _nash(
    polytope: Polytope,
    oracle: Oracle,
    known: Array,
    relaxed: FairPoint,
    rng: np.random.Generator,
    tick: Callable[[float], bool],
) -> Lottery:
    """The product over lotteries themselves: its proof is one cut, whose multiplier is 1."""
    mixture = best_product(polytope, oracle, known, rng, tick)
    cuts = () if mixture.cut is None else (mixture.cut,)
    first, own = relaxed.steps
    none = np.zeros(len(cuts))
    steps = (
        Step(first.level, first.types, np.concatenate([first.multipliers, none])),
        Step(own.level, own.types, np.concatenate([np.zeros(len(polytope.lower)), none + 1.0])),
    )
    target = mixture.weights @ mixture.panels
    fair = FairPoint(target, steps, target / polytope.count)
    return Lottery(mixture.panels, mixture.weights, mixture.pool, fair, cuts, bool(cuts))


def _teller(clock: Clock, start: float, end: float, phase: Phase) -> Callable[[float], bool]:
    def tell(part: float) -> bool:
        clock.tell(start + (end - start) * max(0.0, min(1.0, part)), phase)
        return not clock.expired

    return tell


def _sharpened(polytope: Polytope, point: Array, cut: Cut) -> Cut | None:
    """The cut in small whole numbers where its prices are such, its bound proved; None when it does not cut."""
    scale = float(np.abs(cut.prices).max())
    prices = cut.prices / scale
    for factor in range(1, 61):
        scaled = prices * factor
        if np.abs(scaled - np.round(scaled)).max() < 1e-6:
            prices = np.round(scaled)
            break
    best = Oracle(polytope).best(-prices, whole_region(polytope))
    if best is None:
        return None
    bound = -best[1]
    if np.array_equal(prices, np.round(prices)):
        bound = float(np.floor(bound + 1e-6))
    return Cut(prices, bound) if float(prices @ point) > bound + 1e-8 else None


def _nearest(types: Types, polytope: Polytope, mixture: Mixture, fair: FairPoint) -> tuple[Array, Array]:
    """The time is up: of the panels at hand, with a few for those whom none holds, the mixture with the best minimum."""
    oracle, everything = Oracle(polytope), whole_region(polytope)
    panels = list(mixture.pool)
    hopeless = fair.target <= 0
    for _ in range(types.size):
        missing = ~np.any(np.array(panels) > 0.5, axis=0) & ~hopeless
        if not missing.any():
            break
        panel = oracle.find(-1.0 * missing, everything)
        if panel is None or not (panel[missing] > 0.5).any():
            hopeless = hopeless | missing
            break
        panels.append(panel)
    matrix = np.array(panels)
    n, t = matrix.shape
    # Columns: weights, the minimum, the shortfall of each type against the fair point (a small second aim).
    reach = ~hopeless
    lhs = np.vstack(
        [
            np.column_stack([matrix.T, np.where(reach, -types.count, 0.0), np.zeros((t, t))]),
            np.column_stack([matrix.T, np.zeros(t), np.eye(t)]),
            np.concatenate([np.ones(n), np.zeros(1 + t)])[None, :],
        ]
    )
    answer = Program(
        cost=np.concatenate([np.zeros(n), [-1.0], np.full(t, 1e-4 / types.problem.size)]),
        lower=np.zeros(n + 1 + t),
        upper=np.full(n + 1 + t, INFINITY),
        matrix=lhs,
        row_lower=np.concatenate([np.zeros(t), fair.target, [1.0]]),
        row_upper=np.concatenate([np.full(2 * t, INFINITY), [1.0]]),
    ).solve()
    weights = np.maximum(answer.values[:n], 0.0)
    used = np.nonzero(weights > 1e-12)[0]
    return matrix[used], weights[used] / weights[used].sum()


def dearest(types: Types, prices: Array) -> float:
    """The highest price of a panel, proved by an integer program."""
    polytope = polytope_of(types)
    best = Oracle(polytope).best(-prices, whole_region(polytope))
    return -best[1] if best is not None else -INFINITY
