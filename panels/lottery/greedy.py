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
    drawing, rng = _Drawing(problem), generator("greedy", seed)
    times = np.zeros(len(problem.people), dtype=np.int64)
    done = failed = 0
    until = time.monotonic() + limit_seconds
    for number in range(draws):
        panel = drawing.panel(rng)
        if panel is None:
            failed += 1
        else:
            times[panel] += 1
            done += 1
        if number % 20 == 0:
            if tell is not None and not tell(number / draws):
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


class _Drawing:
    def __init__(self, problem: Problem) -> None:
        self.size = problem.size
        self.low = np.array([quota.minimum for quota in problem.quotas])
        self.high = np.array([quota.maximum for quota in problem.quotas])
        place = {quota.key: i for i, quota in enumerate(problem.quotas)}
        features = problem.features
        self.has = np.zeros((len(problem.people), len(problem.quotas)), dtype=bool)
        for i, person in enumerate(problem.people):
            for key in zip(features, problem.profile(person), strict=True):
                self.has[i, place[key]] = True
        self.counts = self.has.astype(np.int64)
        self.having = np.ascontiguousarray(self.has.T)
        homes: dict[str, list[int]] = {}
        for i, person in enumerate(problem.people):
            if fold(person.household or ""):
                homes.setdefault(fold(person.household or ""), []).append(i)
        self.home = {i: members for members in homes.values() for i in members if len(members) > 1}

    def panel(self, rng: np.random.Generator) -> list[int] | None:
        for _try in range(_TRIES):
            found = self._once(rng)
            if found is not None:
                return found
        return None

    def _once(self, rng: np.random.Generator) -> list[int] | None:
        pool = _Left(self.has, self.counts)
        seated = np.zeros(len(self.low), dtype=np.int64)
        panel: list[int] = []
        for value in np.nonzero(self.high == 0)[0]:
            pool.drop(np.nonzero(pool.there & self.having[value])[0])
        while len(panel) < self.size:
            chosen = self._next(pool, seated, rng)
            if chosen is None:
                return None
            panel.append(chosen)
            pool.drop(np.array([i for i in self.home.get(chosen, [chosen]) if pool.there[i]], dtype=np.int64))
            seated += self.counts[chosen]
            for value in np.nonzero(self.has[chosen] & (seated == self.high))[0]:
                pool.drop(np.nonzero(pool.there & self.having[value])[0])
        return panel if (seated >= self.low).all() else None

    def _next(self, pool: "_Left", seated: Ints, rng: np.random.Generator) -> int | None:
        """One of those who have the value that is shortest of people; anybody once every minimum is met."""
        needed = self.low - seated
        if not pool.there.any() or (needed > pool.people).any():
            return None
        ratio: Array = np.where(needed > 0, needed / np.maximum(pool.people, 1), 0.0)
        best = float(ratio.max(initial=0.0))
        if best <= 0.0:
            group = np.nonzero(pool.there)[0]
        else:
            shortest = np.nonzero(ratio >= best - 1e-12)[0]
            group = np.nonzero(pool.there & self.having[int(shortest[rng.integers(len(shortest))])])[0]
        return int(group[rng.integers(len(group))])


class _Left:
    """Who may still be drawn, and how many of them have each value."""

    def __init__(self, has: Bools, counts: Ints) -> None:
        self.counts = counts
        self.there = np.ones(len(has), dtype=bool)
        self.people = counts.sum(axis=0)

    def drop(self, gone: Ints) -> None:
        self.there[gone] = False
        self.people -= self.counts[gone].sum(axis=0)
