"""Whether a panel exists; if not why, and the smallest change of the quotas that lets one exist."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from panels.lottery.columns import Oracle, Region, whole_region
from panels.lottery.polytope import polytope_of
from panels.lottery.problem import Problem
from panels.lottery.solver import Program
from panels.lottery.types import Array, Bools, Types, types_of

ReasonKind = Literal["few_people", "minimums_exceed_size", "maximums_below_size", "too_few_with_value", "joint"]
Bound = Literal["min", "max"]


@dataclass(frozen=True)
class Reason:
    """Why no panel exists. ``needed`` against ``available``: people, or seats; 0 and 0 for quotas that only jointly
    fail.
    """

    kind: ReasonKind
    feature: str
    value: str
    needed: int
    available: int

    def __str__(self) -> str:
        match self.kind:
            case "few_people":
                return f"The pool can fill at most {self.available} seats, and the panel has {self.needed}."
            case "minimums_exceed_size":
                return f"{self.feature}: the minimums add up to {self.needed}, more than the {self.available} seats."
            case "maximums_below_size":
                return f"{self.feature}: the maximums add up to {self.available}, fewer than the {self.needed} seats."
            case "too_few_with_value":
                return f"{self.feature} / {self.value}: at least {self.needed} are asked for, and {self.available} can sit."
            case "joint":
                return "Each quota can be met alone, but not all of them together."


@dataclass(frozen=True)
class Change:
    """One quota to be changed, from one number to another. ``feature`` is empty for the number of seats itself."""

    feature: str
    value: str
    bound: Bound
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.feature} / {self.value}: {self.bound} {self.before} → {self.after}"


@dataclass(frozen=True)
class Feasibility:
    """``relaxation`` is None where it was not computed or no change of quotas can help; likewise the two groups of
    people.
    """

    feasible: bool
    reasons: tuple[Reason, ...] = ()
    relaxation: tuple[Change, ...] | None = None
    shut_out: tuple[str, ...] | None = None
    certain: tuple[str, ...] | None = None

    def sentences(self) -> list[str]:
        found = [str(reason) for reason in self.reasons]
        if self.relaxation:
            found.append(
                "The smallest change that helps: " + "; ".join(str(change) for change in self.relaxation) + "."
            )
        return found


class Infeasible(Exception):  # noqa: N818 - it names the problem's state
    """No panel meets the quotas; ``feasibility`` explains."""

    def __init__(self, feasibility: Feasibility) -> None:
        super().__init__(" ".join(feasibility.sentences()))
        self.feasibility = feasibility


def check(problem: Problem, *, relaxation: bool = True, extremes: bool = True) -> Feasibility:
    """Is there a panel? ``relaxation``: if not, which change helps. ``extremes``: who has no chance, and who no
    choice.
    """
    return check_types(types_of(problem), relaxation=relaxation, extremes=extremes)


def check_types(types: Types, *, relaxation: bool = True, extremes: bool = True) -> Feasibility:
    reasons = _alone(types)
    polytope = polytope_of(types)
    oracle = Oracle(polytope)
    panel = None
    if not reasons and types.size:
        panel = oracle.find(np.zeros(types.size), whole_region(polytope))
        if panel is None:
            best = oracle.best(np.zeros(types.size), whole_region(polytope))
            panel = best[0] if best else None
        if panel is None:
            reasons = (Reason("joint", "", "", 0, 0),)
    if panel is None:
        return Feasibility(False, reasons, smallest_relaxation(types) if relaxation else None)
    if not extremes:
        return Feasibility(True)
    ids = [person.id for person in types.problem.people]
    never, always = _extremes(types, oracle, panel)
    return Feasibility(True, (), None, _named(types, ids, never), _named(types, ids, always))


def _named(types: Types, ids: list[str], chosen: Bools) -> tuple[str, ...]:
    return tuple(sorted(ids[i] for t in np.nonzero(chosen)[0] for i in types.people[t]))


def _alone(types: Types) -> tuple[Reason, ...]:
    """What is impossible one feature at a time."""
    problem = types.problem
    size = problem.size
    found: list[Reason] = []
    seats = _seatable(types, np.ones(types.size, dtype=bool))
    if seats < size:
        found.append(Reason("few_people", "", "", size, seats))
    for feature in problem.features:
        quotas = [quota for quota in problem.quotas if quota.key[0] == feature]
        least, most = sum(quota.minimum for quota in quotas), sum(quota.maximum for quota in quotas)
        if least > size:
            found.append(Reason("minimums_exceed_size", quotas[0].feature, "", least, size))
        if most < size:
            found.append(Reason("maximums_below_size", quotas[0].feature, "", size, most))
    for quota, row in zip(problem.quotas, types.rows[1:], strict=False):
        inside = np.zeros(types.size, dtype=bool)
        inside[list(row.members)] = True
        available = _seatable(types, inside)
        if available < quota.minimum:
            found.append(Reason("too_few_with_value", quota.feature, quota.value, quota.minimum, available))
    return tuple(found)


def _seatable(types: Types, inside: Bools) -> int:
    """How many of these types can sit together, one a household, quotas aside."""
    tied = {t for group in types.classes for t in group.types}
    alone = sum(int(types.cap[t]) for t in np.nonzero(inside)[0] if int(t) not in tied)
    return alone + sum(len(group.households) for group in types.classes if any(inside[t] for t in group.types))


def smallest_relaxation(
    types: Types, forced: int | None = None, *, kept: Collection[tuple[str, str, str]] = ()
) -> tuple[Change, ...] | None:
    """The cheapest change of quotas under which a panel exists (one that holds type ``forced``, where given).

    ``kept``: bounds (feature, value, "min" or "max") that must not change.

    A raised maximum costs 1 a seat; a lowered minimum 1 + 2 / minimum, so that small groups give way last.
    None: no change of quotas helps, since the pool itself is too small.
    """
    quotas = types.problem.quotas
    n, q = types.size, len(quotas)
    rows = len(types.rows)
    matrix = np.zeros((rows, n + 2 * q))
    matrix[:, :n] = types.matrix
    for i in range(q):
        matrix[1 + i, n + i] = 1.0  # minimum lowered
        matrix[1 + i, n + q + i] = -1.0  # maximum raised
    cost = np.zeros(n + 2 * q)
    cost[n : n + q] = [1.0 + 2.0 / quota.minimum if quota.minimum else 1.0 for quota in quotas]
    cost[n + q :] = 1.0
    lower = np.zeros(n + 2 * q)
    if forced is not None:
        lower[forced] = 1.0
    upper = np.concatenate([types.cap, [quota.minimum for quota in quotas], np.full(q, float(types.problem.size))])
    for i, quota in enumerate(quotas):
        if (quota.feature, quota.value, "min") in kept:
            upper[n + i] = 0.0
        if (quota.feature, quota.value, "max") in kept:
            upper[n + q + i] = 0.0
    answer = Program(
        cost=cost, lower=lower, upper=upper, matrix=matrix, row_lower=types.lower, row_upper=types.upper, integer=True
    ).solve()
    if not answer.feasible:
        return None
    lowered, raised = np.round(answer.values[n : n + q]), np.round(answer.values[n + q :])
    changes: list[Change] = []
    for i, quota in enumerate(quotas):
        if lowered[i] > 0:
            changes.append(Change(quota.feature, quota.value, "min", quota.minimum, quota.minimum - int(lowered[i])))
        if raised[i] > 0:
            changes.append(Change(quota.feature, quota.value, "max", quota.maximum, quota.maximum + int(raised[i])))
    return tuple(changes)


def _extremes(types: Types, oracle: Oracle, panel: Array) -> tuple[Bools, Bools]:
    """Types of which no panel holds anyone, and types of which every panel holds everyone.

    Panels are sought that hold as many untried types as possible; when the best of them (proved) holds none, the rest
    is shut out. Likewise for the other end.
    """
    seen, spared = panel > 0.5, panel < types.count - 0.5
    everything = whole_region(oracle.polytope)
    for wish, mark in ((-1.0, "seen"), (1.0, "spared")):
        while True:
            open_ = ~seen if mark == "seen" else ~spared
            if not open_.any():
                break
            found = _towards(oracle, wish * open_, everything, types, mark)
            if found is None:
                break
            seen |= found > 0.5
            spared |= found < types.count - 0.5
    return ~seen, ~spared


def _towards(oracle: Oracle, cost: Array, region: Region, types: Types, mark: str) -> Array | None:
    goal = float(types.count[cost > 0].sum()) - 0.5 if mark == "spared" else -0.5
    relaxed = oracle.relaxed(cost, region)
    if relaxed is not None and relaxed.objective > goal + 0.5 - 1e-6:
        return None  # not even fractions of people can do it
    panel = oracle.find(cost, region)
    if panel is not None and float(cost @ panel) < goal:
        return panel
    best = oracle.best(cost, region)
    return best[0] if best is not None and best[1] < goal else None


__all__ = ["Change", "Feasibility", "Infeasible", "Reason", "check", "check_types", "smallest_relaxation"]
