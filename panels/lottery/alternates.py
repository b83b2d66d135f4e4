"""Alternates for the day when members of the panel drop out.

After Assos, Baharav, Flanigan and Procaccia (Alternates, Assemble!, 2025): drop-outs are sampled, and the set of
alternates is sought whose best subset, in each sample, leaves the quotas least broken, on average over the samples.
Here the set is built one profile at a time and then improved by exchanges; every subset that may step in is weighed
at once.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from panels.lottery.lots import generator, number_below
from panels.lottery.problem import Problem, fold
from panels.lottery.types import Array

DEFAULT_RATE = 0.12
_SCENARIOS = 120
_STEP_IN = 4  # a larger number of simultaneous drop-outs is weighed as this many
_EXCHANGES = 2


def choose_alternates(
    problem: Problem,
    *,
    panel: Sequence[str],
    number: int,
    seed: str,
    rates: Mapping[str, float] | None = None,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[str, ...]:
    """``number`` people of the pool, the most useful first. ``rates``: how likely each person is to drop out (default
    12 %).
    """
    people = {person.id: person for person in problem.people}
    homes = {fold(people[name].household or "") for name in panel} - {""}
    taken = set(panel)
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(people):
        if name not in taken and fold(people[name].household or "") not in homes:
            groups.setdefault(problem.profile(people[name]), []).append(name)
    profiles = sorted(groups)
    waiting = {profile: list(groups[profile]) for profile in profiles}
    if not profiles or number < 1:
        return ()
    search = _Search(
        problem, profiles, [problem.profile(people[name]) for name in panel], seed, _rates_of(panel, rates)
    )
    counts = search.choose(min(number, sum(map(len, groups.values()))), [len(groups[p]) for p in profiles], tell)
    return _named(problem, [profiles[i] for i in counts], waiting, seed)


def _rates_of(panel: Sequence[str], rates: Mapping[str, float] | None) -> Array:
    return np.array([min(0.95, max(0.0, (rates or {}).get(name, DEFAULT_RATE))) for name in panel])


def _named(
    problem: Problem, chosen: list[tuple[str, ...]], waiting: dict[tuple[str, ...], list[str]], seed: str
) -> tuple[str, ...]:
    """A person for each profile, by lot, at most one of a household."""
    home = {person.id: fold(person.household or "") for person in problem.people}
    used: set[str] = set()
    names: list[str] = []
    for rank, profile in enumerate(chosen):
        open_ = [name for name in waiting[profile] if name not in names and (not home[name] or home[name] not in used)]
        open_ = open_ or [
            name
            for p in sorted(waiting)
            for name in waiting[p]
            if name not in names and (not home[name] or home[name] not in used)
        ]
        if not open_:
            break
        name = open_[number_below(len(open_), "alternate", seed, rank)]
        names.append(name)
        used.add(home[name])
    return tuple(names)


class _Search:
    """Losses over samples (rows of ``base``), for subsets of the alternates chosen so far."""

    def __init__(
        self, problem: Problem, profiles: list[tuple[str, ...]], panel: list[tuple[str, ...]], seed: str, rates: Array
    ) -> None:
        position = {quota.key: i for i, quota in enumerate(problem.quotas)}
        features = problem.features

        def traits(profile: tuple[str, ...]) -> Array:
            row = np.zeros(len(position), dtype=np.float32)
            row[[position[key] for key in zip(features, profile, strict=True)]] = 1.0
            return row

        self.low = np.array([quota.minimum for quota in problem.quotas], dtype=np.float32)
        self.high = np.array([quota.maximum for quota in problem.quotas], dtype=np.float32)
        self.weight = (1.0 / np.maximum(1.0, self.high)).astype(np.float32)
        self.traits = np.array([traits(profile) for profile in profiles])
        seated = np.array([traits(profile) for profile in panel])
        rng = generator("drop-outs", seed)
        gone = rng.random((_SCENARIOS, len(panel))) < rates
        gone = gone[gone.any(axis=1)]
        if not len(gone):
            gone = np.eye(len(panel), dtype=bool)
        self.base = ((~gone).astype(np.float32)) @ seated
        self.left = np.minimum(gone.sum(axis=1), _STEP_IN)

    def loss(self, counts: Array) -> Array:
        off = np.maximum(self.low - counts, 0.0) + np.maximum(counts - self.high, 0.0)
        return np.asarray(off @ self.weight)

    def choose(self, number: int, available: list[int], tell: Callable[[float], None]) -> list[int]:
        chosen: list[int] = []
        for rank in range(number):
            chosen.append(self._next(chosen, available))
            tell((rank + 1) / (number * (1 + _EXCHANGES)))
        for turn in range(_EXCHANGES):
            moved = False
            for rank in range(number):
                rest = chosen[:rank] + chosen[rank + 1 :]
                better = self._next(rest, available)
                if better != chosen[rank] and self.mean([*rest, better]) < self.mean(chosen) - 1e-6:
                    chosen[rank] = better
                    moved = True
                tell((number * (1 + turn) + rank + 1) / (number * (1 + _EXCHANGES)))
            if not moved:
                break
        return self._ordered(chosen)

    def _ordered(self, chosen: list[int]) -> list[int]:
        """The most useful first: the order in which each adds most to those before."""
        waiting, ordered = list(chosen), list[int]()
        while waiting:
            best = min(sorted(set(waiting)), key=lambda i: (round(self.mean([*ordered, i]), 6), i))
            ordered.append(best)
            waiting.remove(best)
        return ordered

    def mean(self, chosen: list[int]) -> float:
        return float(self._reached(chosen).mean())

    def _reached(self, chosen: list[int]) -> Array:
        """In each sample the least loss over the subsets that may step in."""
        best = self.loss(self.base)
        for size in range(1, min(_STEP_IN, len(chosen)) + 1):
            may = self.left >= size
            if not may.any():
                break
            for subset in sorted(set(combinations(sorted(chosen), size))):
                found = self.loss(self.base[may] + self.traits[list(subset)].sum(axis=0))
                best[may] = np.minimum(best[may], found)
        return best

    def _next(self, chosen: list[int], available: list[int]) -> int:
        """The profile that lowers the mean loss most when added."""
        open_ = np.array([i for i in range(len(available)) if chosen.count(i) < available[i]])
        best = np.repeat(self._reached(chosen)[None, :], len(open_), axis=0)
        for size in range(min(_STEP_IN - 1, len(chosen)) + 1):
            may = self.left > size
            if not may.any():
                break
            for subset in sorted(set(combinations(sorted(chosen), size))):
                start = self.base[may] + self.traits[list(subset)].sum(axis=0) if subset else self.base[may]
                found = self._with_one_more(start, open_)
                best[:, may] = np.minimum(best[:, may], found)
        return int(open_[int(np.argmin(np.round(best.mean(axis=1), 6)))])

    def _with_one_more(self, start: Array, open_: Array) -> Array:
        """The loss of each sample when one person of each open profile joins: only their own values change."""
        plain = self.loss(start)
        joined = start + 1.0
        change = (
            np.maximum(self.low - joined, 0.0)
            + np.maximum(joined - self.high, 0.0)
            - np.maximum(self.low - start, 0.0)
            - np.maximum(start - self.high, 0.0)
        ) * self.weight
        return np.asarray(plain[None, :] + self.traits[open_] @ change.T)
