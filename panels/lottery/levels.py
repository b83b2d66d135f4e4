"""Leximin over panels themselves, level by level, where the relaxation is of no use.

Where quotas are so tight that fractions can do what panels cannot, cutting the relaxation down to the panels takes too
many cuts. Here a linear program mixes the panels at hand to the highest level for all who are not fixed; its prices
say which panel is missing; when an integer program proves that none is, the level is the best there is, and those whose
price is positive are fixed at it (Flanigan, Gölz, Gupta, Hennig and Procaccia, 2021). The proof of a level is one cut:
no panel is worth more than the dearest, at the prices of that level.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panels.lottery.columns import Oracle, whole_region
from panels.lottery.mending import LONG, QUICK
from panels.lottery.polytope import Cut, Polytope, with_cuts
from panels.lottery.solver import INFINITY, Program, SolverTrouble
from panels.lottery.types import Array, Bools, Ints

_PRICED = 1e-7  # prices, times people, sum to 1; a smaller one is taken for noise
_GAP = 2e-8  # of a level; the certificate allows fifty times as much
_BREATH = 1e-8  # how far below its level a fixed type may fall, so that rounding makes nothing impossible
_LOOSE = 1e-6
_BATCH = 8


@dataclass(frozen=True, eq=False)
class Level:
    """The types fixed at ``level``; ``cut`` proves that no lottery has all of them higher."""

    level: float
    types: Ints
    cut: Cut


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels that were reached, and the lottery that has them, over ``pool``: every panel that was found, one a row.

    ``complete``: nobody is left unfixed.
    """

    levels: tuple[Level, ...]
    pool: Array
    weights: Array
    complete: bool


class _Master:
    """Maximise z where the panels' average is at least count*z for free types, and count*level for fixed ones."""

    def __init__(self, polytope: Polytope) -> None:
        self.count, self.types = polytope.count, polytope.size
        self.panels: list[Array] = []
        self.known: set[bytes] = set()
        self.program = Program(
            cost=np.array([-1.0]),
            lower=np.zeros(1),
            upper=np.ones(1),
            matrix=np.append(-self.count, 0.0)[:, None],
            row_lower=np.append(np.zeros(self.types), 1.0),
            row_upper=np.append(np.full(self.types, INFINITY), 1.0),
        )

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
        """The level, the weights, the price of each type, and what a panel must be worth to be of use."""
        answer = self.program.solve()
        if not answer.feasible:
            self.program.highs.clearSolver()  # a basis that led astray is not worth keeping
            answer = self.program.solve()
        if not answer.feasible:
            raise SolverTrouble("The panels at hand lost their level.")
        prices = np.maximum(answer.row_duals[: self.types], 0.0)
        return float(answer.values[0]), np.maximum(answer.values[1:], 0.0), prices, -float(answer.row_duals[self.types])

    def fix(self, types: Ints, level: float) -> None:
        highs = self.program.highs
        for t in types:
            highs.changeCoeff(int(t), 0, 0.0)
            self.program.set_row(int(t), float(self.count[t]) * max(0.0, level - _BREATH), INFINITY)


def levels_of(
    polytope: Polytope,
    known: list[Array],
    rng: np.random.Generator,
    tick: Callable[[float], bool],
    *,
    first_only: bool = False,
) -> Levels:
    """``known``: panels to begin with. ``tick`` returns False to stop early; then what was proved stays proved, and the
    last lottery comes back. ``first_only``: the best minimum of those whom some
    panel holds, and no more.
    """
    oracle, master = Oracle(polytope), _Master(polytope)
    prover = oracle
    for panel in known:
        master.add(panel)
    if not master.panels:
        best = oracle.best(np.zeros(polytope.size), whole_region(polytope))
        if best is None:
            raise SolverTrouble("No panel was found.")
        master.add(best[0])
    free = np.ones(polytope.size, dtype=bool)
    held = np.zeros(polytope.size)
    done: list[Level] = []
    weights: Array = np.zeros(0)
    while free.any() and not (first_only and done and done[-1].level > 0.0):
        level, weights = _highest(polytope, oracle, prover, master, free, held, rng, tick)
        if level is None:
            break
        done.append(level)
        if level.level > 0.0:
            prover = Oracle(with_cuts(polytope, [_loosened(one.cut) for one in done if one.level > 0.0]))
        free[level.types] = False
        held[level.types] = level.level * polytope.count[level.types]
        master.fix(level.types, level.level)
    everybody = np.zeros(len(master.panels))
    everybody[: len(weights)] = weights
    return Levels(tuple(done), np.array(master.panels), everybody / everybody.sum(), not free.any())


def _loosened(cut: Cut) -> Cut:
    """What is proved of panels narrows the relaxation of the next proof; loosened, so that rounding takes no panel away."""
    return Cut(cut.prices, cut.bound + _LOOSE)


def _highest(
    polytope: Polytope,
    oracle: Oracle,
    prover: Oracle,
    master: _Master,
    free: Bools,
    held: Array,
    rng: np.random.Generator,
    tick: Callable[[float], bool],
) -> tuple[Level | None, Array]:
    wish: Array | None = None
    while True:
        level, weights, prices, worth = master.solve()
        if not tick(1.0 - float(free.mean())):
            return None, weights
        wish = prices if wish is None else (wish + prices) / 2.0
        if _more(oracle, master, wish, prices, worth, rng, QUICK):
            continue
        if _more(oracle, master, prices, prices, worth, rng, LONG):
            continue
        wish = None
        plain = np.where(prices * polytope.count > _PRICED, prices, 0.0)
        total = float(plain[free] @ polytope.count[free])
        enough = (level + _GAP) * total + float(plain[~free] @ held[~free])
        best = prover.best(-plain, whole_region(prover.polytope), below=-enough)
        if best is None or not master.add(best[0]):
            types = np.nonzero(free & (plain > 0.0))[0]
            if level >= 1.0 - _BREATH:
                types = np.nonzero(free)[0]
            if not len(types):
                raise SolverTrouble("A level has no price.")
            return Level(max(0.0, level), types, Cut(plain, enough)), weights


def _more(
    oracle: Oracle, master: _Master, wish: Array, prices: Array, worth: float, rng: np.random.Generator, steps: int
) -> bool:
    """Add panels that the wish asks for and that are worth it; False when none was found."""
    region = whole_region(oracle.polytope)
    scale, added = float(wish.max()) or 1.0, 0
    for attempt in range(_BATCH):
        blur = 0.3 * scale * attempt / _BATCH
        panel = oracle.find(-wish - blur * rng.random(len(wish)), region, patient=False, steps=steps)
        if panel is not None and float(prices @ panel) > worth + _GAP and master.add(panel):
            added += 1
        elif attempt >= 3 and not added and steps == QUICK:
            break
    return added > 0
