"""Who takes a seat that has become free: whoever best restores the quotas, by a recorded lot among equals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from panels.lottery.lots import digest, number_below
from panels.lottery.problem import Person, Problem, UnusableInput, fold
from panels.lottery.solver import INFINITY, Program
from panels.lottery.types import Array

_SAME = 1e-9


@dataclass(frozen=True)
class QuotaDeviation:
    """Seats missing (negative) or too many (positive) for one value, before and after the replacement."""

    feature: str
    value: str
    before: int
    after: int


@dataclass(frozen=True)
class Replacement:
    """``chosen`` is None when nobody may take the seat. ``tied``: all who repair equally well; ``lot`` decides among
    them.

    Costs are sums over quotas of missing or surplus seats, each divided by its maximum. ``reachable`` is the best
    cost once all free seats are filled from these candidates.
    """

    chosen: str | None
    tied: tuple[str, ...]
    lot: str
    round: int
    cost_before: float
    cost_after: float
    reachable: float
    deviations: tuple[QuotaDeviation, ...]


class _Seats:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.low = np.array([quota.minimum for quota in problem.quotas], dtype=float)
        self.high = np.array([quota.maximum for quota in problem.quotas], dtype=float)
        self.weight = 1.0 / np.maximum(1.0, self.high)
        self.position = {quota.key: i for i, quota in enumerate(problem.quotas)}

    def traits(self, person: Person) -> Array:
        row = np.zeros(len(self.low))
        for key in zip(self.problem.features, self.problem.profile(person), strict=True):
            row[self.position[key]] = 1.0
        return row

    def off(self, counts: Array) -> Array:
        return np.asarray(np.minimum(counts - self.low, 0.0) + np.maximum(counts - self.high, 0.0))

    def cost(self, counts: Array) -> float:
        return float(np.abs(self.off(counts)) @ self.weight)


def choose_replacement(
    problem: Problem,
    *,
    seated: Sequence[str],
    candidates: Sequence[str],
    seed: str,
    round: int,  # noqa: A002
) -> Replacement:
    """The candidate for one free seat, chosen with the other free seats in view. Pure: the same call gives the same
    person.
    """
    people = {person.id: person for person in problem.people}
    unknown = [name for name in [*seated, *candidates] if name not in people]
    if unknown:
        raise UnusableInput(f"Not in the pool: {', '.join(sorted(set(unknown)))}.")
    seats = _Seats(problem)
    counts = np.zeros(len(problem.quotas))
    for name in seated:
        counts = counts + seats.traits(people[name])
    homes = {fold(people[name].household or "") for name in seated} - {""}
    taken = set(seated)
    allowed = [
        people[name]
        for name in sorted(set(candidates))
        if name not in taken and fold(people[name].household or "") not in homes
    ]
    before = seats.cost(counts)
    lot = digest("replacement", seed, round)
    free = problem.size - len(seated)
    if not allowed or free < 1:
        return Replacement(None, (), lot, round, before, before, before, _deviations(seats, counts, counts))
    reachable, tied = _best(seats, counts, allowed, free)
    chosen = tied[number_below(len(tied), "replacement", seed, round)]
    after = counts + seats.traits(people[chosen])
    return Replacement(
        chosen, tuple(tied), lot, round, before, seats.cost(after), reachable, _deviations(seats, counts, after)
    )


def _deviations(seats: _Seats, before: Array, after: Array) -> tuple[QuotaDeviation, ...]:
    off_before, off_after = seats.off(before), seats.off(after)
    return tuple(
        QuotaDeviation(quota.feature, quota.value, int(off_before[i]), int(off_after[i]))
        for i, quota in enumerate(seats.problem.quotas)
    )


def _best(seats: _Seats, counts: Array, allowed: list[Person], free: int) -> tuple[float, list[str]]:
    """The best cost that all free seats together can reach, and the candidates with whom it can be reached.

    Among those, the ones who repair most at once: the next candidate may decline.
    """
    traits = np.array([seats.traits(person) for person in allowed])
    if free > 1 and len(allowed) > 1:
        reach = _reachable(seats, counts, allowed, traits, free)
    else:
        reach = np.array([seats.cost(counts + row) for row in traits])
    best = float(reach.min())
    at_once = np.array([seats.cost(counts + row) for row in traits])
    within = reach <= best + _SAME
    most = float(at_once[within].min())
    chosen = [person.id for i, person in enumerate(allowed) if within[i] and at_once[i] <= most + _SAME]
    return best, chosen


def _reachable(seats: _Seats, counts: Array, allowed: list[Person], traits: Array, free: int) -> Array:
    """For each candidate, the best cost after filling the free seats with that candidate among them."""
    n, q = traits.shape
    homes: dict[str, list[int]] = {}
    for i, person in enumerate(allowed):
        if fold(person.household or ""):
            homes.setdefault(fold(person.household or ""), []).append(i)
    shared = [members for members in homes.values() if len(members) > 1]
    matrix = np.zeros((q + 1 + len(shared), n + 2 * q))
    matrix[:q, :n] = traits.T
    matrix[:q, n : n + q] = np.eye(q)  # missing
    matrix[:q, n + q :] = -np.eye(q)  # too many
    matrix[q, :n] = 1.0
    for row, members in enumerate(shared):
        matrix[q + 1 + row, members] = 1.0
    program = Program(
        cost=np.concatenate([np.zeros(n), seats.weight, seats.weight]),
        lower=np.zeros(n + 2 * q),
        upper=np.concatenate([np.ones(n), np.full(2 * q, INFINITY)]),
        matrix=matrix,
        row_lower=np.concatenate([seats.low - counts, np.zeros(1 + len(shared))]),
        row_upper=np.concatenate([seats.high - counts, [float(free)], np.ones(len(shared))]),
        integer=True,
        integers=n,
    )
    alike: dict[bytes, float] = {}
    result = np.zeros(n)
    tied = {i for members in shared for i in members}
    for i in range(n):
        key = traits[i].tobytes() + (str(i).encode() if i in tied else b"")
        if key not in alike:
            program.highs.changeColBounds(i, 1.0, 1.0)
            alike[key] = program.solve().objective
            program.highs.changeColBounds(i, 0.0, 1.0)
        result[i] = alike[key]
    return result
