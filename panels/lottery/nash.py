"""The largest product of chances over lotteries themselves, for pools where fractions of people could do better.

Over the panels at hand the best weights are found by an interior path of Newton steps. The slope of the product's
logarithm there is a price for each type, and a panel that is worth more than the lottery's own average at these prices
would raise the product: such panels are sought and added until an integer program proves that there is none. The last
prices are then a condition that every panel meets, and the proof.
"""

from collections.abc import Callable

import numpy as np

from panels.lottery.columns import Oracle, whole_region
from panels.lottery.mixture import Mixture
from panels.lottery.polytope import Cut, Polytope
from panels.lottery.types import Array

_BATCH = 12
_ROUNDS = 300
_BETTER = 1e-8  # of the average worth: a panel must be worth so much more to be taken
_PROVED = 1e-7
_PATH = 60
_KEPT = 1e-9
_BLUR = 0.4


def best_product(
    polytope: Polytope,
    oracle: Oracle,
    known: Array,
    rng: np.random.Generator,
    tick: Callable[[float], bool],
) -> Mixture:
    """The lottery, and its proof as a cut (none where ``tick`` stopped the search). ``known``: panels to begin with."""
    region = whole_region(polytope)
    pool = np.unique(_covering(oracle, known), axis=0)
    count = np.where((pool > 0).any(axis=0), polytope.count, 0.0)
    total = float(count.sum())
    weights = np.full(len(pool), 1.0 / len(pool))
    hoped, last = 1.0, False  # last: the weights are as good as they get, and the prices those of the proof
    for _ in range(_ROUNDS):
        weights = _best_weights(pool, count, weights, tolerance=1e-13 if last else max(1e-12, 1e-3 * hoped))
        price = _price(pool, count, weights)
        if not tick(1.0 - hoped):
            break
        fresh, hoped = _dearer(oracle, price, total, rng)
        if not fresh and not last:
            last = True
            continue
        if not fresh:
            best = oracle.best(-price, region)
            worth = -best[1] if best is not None else total
            if best is None or worth <= total * (1.0 + _PROVED):
                return _mixture(pool, weights, Cut(price, max(worth, total)))
            fresh, hoped = [best[0]], worth / total - 1.0
        last = False
        kept = weights > _KEPT / len(pool)
        pool, weights = pool[kept], weights[kept]
        share = 0.02 / len(fresh)
        pool = np.vstack([pool, *fresh])
        weights = np.concatenate([weights * 0.98, np.full(len(fresh), share)])
    return _mixture(pool, weights, None)


def _covering(oracle: Oracle, known: Array) -> Array:
    """With panels that hold the types which the known ones leave out, where any panel does."""
    region = whole_region(oracle.polytope)
    panels = list(known)
    seen = (known > 0).any(axis=0)
    while not seen.all():
        cost = -1.0 * ~seen
        panel = oracle.find(cost, region)
        if panel is None or not (panel[~seen] > 0).any():
            best = oracle.best(cost, region)
            if best is None or best[1] > -0.5:
                break
            panel = best[0]
        panels.append(panel)
        seen |= panel > 0
    return np.array(panels)


def _price(pool: Array, count: Array, weights: Array) -> Array:
    average = weights @ pool / weights.sum()
    return np.where(count > 0, count / np.where(count > 0, average, 1.0), 0.0)


def _dearer(oracle: Oracle, price: Array, total: float, rng: np.random.Generator) -> tuple[list[Array], float]:
    """Panels worth more than the average, and by how much (of it) the dearest is."""
    region = whole_region(oracle.polytope)
    found: dict[bytes, Array] = {}
    hoped = 0.0
    for attempt in range(_BATCH):
        blur = 1.0 + _BLUR * attempt / _BATCH * (rng.random(len(price)) - 0.5)
        panel = oracle.find(-price * blur, region, patient=False)
        if panel is None:
            continue
        gain = float(price @ panel) / total - 1.0
        if gain > _BETTER:
            found[panel.astype(np.int16).tobytes()] = panel
            hoped = max(hoped, gain)
        elif attempt >= 5 and not found:
            break
    return [found[key] for key in sorted(found)], hoped


def _best_weights(pool: Array, count: Array, weights: Array, *, tolerance: float) -> Array:
    """Minimise total * sum(weights) - sum(count * log(average)): the best weights, which then add up to 1."""
    held = count > 0
    rows, count = pool[:, held], count[held]
    total, size = float(count.sum()), len(pool)
    weights = np.maximum(weights, 1e-4 / size)
    slack = np.maximum(total - rows @ (count / (weights @ rows)), 1e-3 * total)
    for _ in range(_PATH):
        average = weights @ rows
        spare = total - rows @ (count / average)
        gap = float(weights @ slack) / total
        if gap < tolerance and float(np.abs(spare - slack).max()) < 1e-9 * total:
            break
        level = 0.1 * gap * total / size
        scaled = rows * (np.sqrt(count) / average)
        system = scaled @ scaled.T
        system[np.diag_indices_from(system)] += slack / weights
        step = np.linalg.solve(system, level / weights - spare)
        slack_step = (level - slack * step) / weights - slack
        reach = min(1.0, _room(weights, step))
        reach_slack = min(1.0, _room(slack, slack_step))
        weights, slack = weights + reach * step, slack + reach_slack * slack_step
    return weights / weights.sum()


def _room(at: Array, step: Array) -> float:
    down = step < 0
    return 0.95 * float(np.min(-at[down] / step[down], initial=np.inf))


def _mixture(pool: Array, weights: Array, cut: Cut | None) -> Mixture:
    used = weights > 1e-11
    share = weights[used] / weights[used].sum()
    return Mixture(pool[used], share, 0.0, cut, pool)
