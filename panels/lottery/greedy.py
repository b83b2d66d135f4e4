"""What the usual way of drawing would do: seat by seat, always for the value that is shortest of people.

Written from the description of "LEGACY" in Flanigan, Gölz, Gupta, Hennig and Procaccia, Fair algorithms for selecting
citizens' assemblies, Nature 2021, supplementary information: take the value with the largest ratio of seats still
needed to people left, draw one of these people, drop the values that are full and all who have them, start again when
stuck. Nobody knows the chances it gives; here they are counted over many draws.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from panels.lottery.clock import Cancelled
from panels.lottery.lots import generator
from panels.lottery.problem import Problem, fold
from panels.lottery.types import Array, Bools, Ints

_TRIES = 50  # starts for one panel, before the attempt counts as failed
_BLOCK = 32  # places counted together
_CELLS = 50_000  # people times panels that are drawn side by side


@dataclass(frozen=True)
class Greedy:
    """``draws`` panels were drawn, ``failed`` attempts found none within their tries; ``capped``: time ran out first.

    ``probabilities`` are shares of the panels drawn; ``never`` people were in none of them.
    """

    draws: int
    failed: int
    capped: bool
    minimum: float
    never: int
    probabilities: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare(
    problem: Problem,
    *,
    draws: int = 2000,
    seed: str,
    limit_seconds: float = 20.0,
    tell: Callable[[float], bool] | None = None,
) -> Greedy:
    """Draw so many panels greedily. ``tell`` hears the part that is done and says whether to go on."""
    lanes, rng = _Lanes(_Pool(problem), draws), generator("greedy", seed)
    times = np.zeros(len(problem.people), dtype=np.int64)
    until = time.monotonic() + limit_seconds
    done = failed = steps = 0
    while lanes.busy:
        panels, gave_up = lanes.step(rng)
        for panel in panels:
            times[panel] += 1
        done, failed, steps = done + len(panels), failed + gave_up, steps + 1
        if steps % 20 == 0:
            if tell is not None and not tell((done + failed) / draws):
                raise Cancelled
            if time.monotonic() > until:
                break
    shares = times / max(1, done)
    chances = {person.id: float(shares[i]) for i, person in enumerate(problem.people)}
    return Greedy(
        draws=done,
        failed=failed,
        capped=done + failed < draws,
        minimum=min(chances.values(), default=0.0),
        never=int((times == 0).sum()),
        probabilities=dict(sorted(chances.items())),
    )


class _Pool:
    """Who has which value, as numbers; the last row of ``having`` is everybody. Places beyond the people fill the last
    block, and nobody is there.
    """

    def __init__(self, problem: Problem) -> None:
        self.size = problem.size
        self.people = -(-len(problem.people) // _BLOCK) * _BLOCK
        self.low = np.array([quota.minimum for quota in problem.quotas], dtype=np.float32)
        self.high = np.array([quota.maximum for quota in problem.quotas], dtype=np.float32)
        place = {quota.key: i for i, quota in enumerate(problem.quotas)}
        features = problem.features
        self.has = np.zeros((self.people, len(problem.quotas)), dtype=np.float32)
        for i, person in enumerate(problem.people):
            for key in zip(features, problem.profile(person), strict=True):
                self.has[i, place[key]] = 1.0
        self.having = np.vstack([self.has.T, np.ones(self.people, dtype=np.float32)])
        homes: dict[str, list[int]] = {}
        for i, person in enumerate(problem.people):
            homes.setdefault(fold(person.household or "") or f"\0{i}", []).append(i)
        most = max(map(len, homes.values()), default=1)
        self.home = np.zeros((self.people, most), dtype=np.int64)  # each person's household, with repetitions
        for members in homes.values():
            self.home[members] = (members * most)[:most]
        self.start = (self.has @ (self.high == 0) == 0).astype(np.float32)
        self.start[len(problem.people) :] = 0.0


class _Lanes:
    """Many panels drawn side by side, a seat a step: one call of NumPy for all costs little more than for one.

    Each draw starts again where it is stuck, at most so many times; a lane that ends takes the next draw.
    """

    def __init__(self, pool: _Pool, draws: int) -> None:
        self.pool = pool
        lanes = min(draws, max(16, _CELLS // max(1, pool.people)))
        self.waiting = draws - lanes
        self.there = np.tile(pool.start, (lanes, 1))
        self.seated = np.zeros((lanes, len(pool.low)), dtype=np.float32)
        self.panel = np.zeros((lanes, pool.size), dtype=np.int64)
        self.taken = np.zeros(lanes, dtype=np.int64)
        self.tries = np.zeros(lanes, dtype=np.int64)

    @property
    def busy(self) -> bool:
        return len(self.taken) > 0

    def step(self, rng: np.random.Generator) -> tuple[list[Ints], int]:
        """One more seat in each lane; the panels that are complete now, and how many draws were given up."""
        group, stuck = self._groups(rng)
        chosen = _one_of_each(group, rng)
        self._seat(chosen, ~stuck)
        full = ~stuck & (self.taken == self.pool.size)
        good = full & (self.seated >= self.pool.low).all(axis=1)
        panels = list(self.panel[good].copy())
        again = stuck | (full & ~good)
        self.tries[again] += 1
        given_up = again & (self.tries >= _TRIES)
        self._clear(good | given_up, again)
        return panels, int(given_up.sum())

    def _groups(self, rng: np.random.Generator) -> tuple[Array, Bools]:
        """In each lane those who have the value that is shortest of people (anybody once every minimum is met), and
        whether nobody can be drawn.
        """
        people = self.there @ self.pool.has
        needed = self.pool.low - self.seated
        ratio = np.where(needed > 0, needed / np.maximum(people, 1.0), 0.0)
        best = ratio.max(axis=1, initial=0.0)
        shortest = (ratio >= best[:, None] - 1e-6) & (best > 0)[:, None]
        lot = np.where(shortest, rng.random(ratio.shape), -1.0)
        value = np.where(best > 0, lot.argmax(axis=1) if lot.size else 0, len(self.pool.low))
        group = self.pool.having[value]
        group *= self.there
        return group, (needed > people).any(axis=1) | (group.max(axis=1, initial=0.0) == 0)

    def _seat(self, chosen: Ints, moving: Bools) -> None:
        pool, at = self.pool, np.nonzero(moving)[0]
        seated = chosen[at]
        self.panel[at, self.taken[at]] = seated
        self.taken[at] += 1
        self.seated[at] += pool.has[seated]
        self.there[at[:, None], pool.home[seated]] = 0.0
        filled = (pool.has[seated] > 0) & (self.seated[at] >= pool.high)
        some = filled.any(axis=1)
        barred = filled[some].astype(np.float32) @ pool.having[:-1]
        self.there[at[some]] *= barred == 0

    def _clear(self, ended: Bools, again: Bools) -> None:
        """Empty the lanes that start again or take the next draw; close those for which there is none."""
        fresh = np.nonzero(ended)[0][: self.waiting]
        self.waiting -= len(fresh)
        self.tries[fresh] = 0
        empty = again.copy()
        empty[fresh] = True
        self.there[empty] = self.pool.start
        self.seated[empty] = 0.0
        self.taken[empty] = 0
        keep = ~ended
        keep[fresh] = True
        if not keep.all():
            for name in ("there", "seated", "panel", "taken", "tries"):
                setattr(self, name, getattr(self, name)[keep])


def _one_of_each(group: Array, rng: np.random.Generator) -> Ints:
    """In each row one of the places that are not zero, each as likely."""
    rows = np.arange(len(group))
    blocks = group.reshape(len(group), -1, _BLOCK)  # first the block, then the place in it: faster than adding up all
    upto = blocks.sum(axis=2).cumsum(axis=1)
    place = np.floor(rng.random(len(group)) * upto[:, -1])
    block = (upto > place[:, None]).argmax(axis=1)
    place -= np.where(block > 0, upto[rows, block - 1], 0.0)
    inside = (blocks[rows, block].cumsum(axis=1) > place[:, None]).argmax(axis=1)
    return np.asarray(block * _BLOCK + inside, dtype=np.int64)
