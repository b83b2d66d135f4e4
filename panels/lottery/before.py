"""What the quotas do to people, told before the draw: who has no chance, who no choice, and what each quota costs."""

from dataclasses import dataclass, replace

from panels.lottery.feasibility import Change, Infeasible, check_types, smallest_relaxation
from panels.lottery.polytope import Polytope, polytope_of
from panels.lottery.problem import Problem
from panels.lottery.relaxation import leximin_point
from panels.lottery.solver import SolverTrouble
from panels.lottery.types import Types, types_of

_COUNTS = 1e-6


@dataclass(frozen=True)
class Group:
    """People alike, and the quotas that cause their lot (empty where households or the pool's size do)."""

    people: tuple[str, ...]
    quotas: tuple[str, ...]


@dataclass(frozen=True)
class QuotaCost:
    """What the least likely person's chance would be without this bound."""

    feature: str
    value: str
    bound: str
    number: int
    minimum_without: float


@dataclass(frozen=True)
class Outlook:
    """``minimum``: the best smallest chance (an upper bound, nearly always reached). Costs: the dearest quota first."""

    minimum: float
    shut_out: tuple[Group, ...]
    certain: tuple[Group, ...]
    costs: tuple[QuotaCost, ...]


@dataclass(frozen=True)
class Relaxation:
    """Changes of quotas under which a panel exists, and the best smallest chance under them."""

    changes: tuple[Change, ...]
    minimum: float


def relaxations(problem: Problem, *, most: int = 3) -> tuple[Relaxation, ...]:
    """The smallest change of infeasible quotas, and others that spare one of its bounds each; for a person to choose.

    Empty where the quotas can be met, or where no change of them helps.
    """
    types = types_of(problem)
    if check_types(types, relaxation=False, extremes=False).feasible:
        return ()
    first = smallest_relaxation(types)
    if not first:
        return ()
    found = [first]
    for change in first:
        other = smallest_relaxation(types, kept={(change.feature, change.value, change.bound)})
        if other and other not in found:
            found.append(other)
    return tuple(Relaxation(changes, _minimum_after(problem, changes)) for changes in found[:most])


def _minimum_after(problem: Problem, changes: tuple[Change, ...]) -> float:
    low = {(change.feature, change.value): change.after for change in changes if change.bound == "min"}
    high = {(change.feature, change.value): change.after for change in changes if change.bound == "max"}
    quotas = tuple(
        replace(
            quota,
            minimum=low.get((quota.feature, quota.value), quota.minimum),
            maximum=high.get((quota.feature, quota.value), quota.maximum),
        )
        for quota in problem.quotas
    )
    view = outlook(replace(problem, quotas=quotas), costs=False)
    return view.minimum


def outlook(problem: Problem, *, costs: bool = True) -> Outlook:
    """Raises ``Infeasible`` where no panel exists. ``costs``: whether to reckon what each quota costs."""
    types = types_of(problem)
    feasibility = check_types(types)
    if not feasibility.feasible:
        raise Infeasible(feasibility)
    polytope = polytope_of(types)
    never, always = set(feasibility.shut_out or ()), set(feasibility.certain or ())
    shut_out = [t for t in range(types.size) if problem.people[types.people[t][0]].id in never]
    certain = [t for t in range(types.size) if problem.people[types.people[t][0]].id in always]
    minimum = _minimum(polytope)
    return Outlook(
        minimum=0.0 if shut_out else minimum,
        shut_out=tuple(Group(_ids(types, t), _barring(types, t)) for t in shut_out),
        certain=tuple(Group(_ids(types, t), _forcing(types, polytope, t)) for t in certain),
        costs=_costs(types, polytope, minimum) if costs else (),
    )


def _ids(types: Types, t: int) -> tuple[str, ...]:
    return tuple(sorted(types.problem.people[i].id for i in types.people[t]))


def _minimum(polytope: Polytope) -> float:
    try:
        return leximin_point(polytope, steps=1).steps[0].level
    except SolverTrouble:
        return 0.0


def _barring(types: Types, t: int) -> tuple[str, ...]:
    """The smallest change of quotas with which a panel could hold someone of this type."""
    changes = smallest_relaxation(types, forced=t)
    return tuple(str(change) for change in changes or ())


def _forcing(types: Types, polytope: Polytope, t: int) -> tuple[str, ...]:
    """The minimums that this type alone helps to meet: as many people as seats kept for them."""
    found = []
    for quota, row in zip(types.problem.quotas, types.rows[1:], strict=False):
        if t in row.members and quota.minimum and float(polytope.cap[list(row.members)].sum()) <= quota.minimum:
            found.append(f"{quota.feature} / {quota.value}: min {quota.minimum}")
    return tuple(found)


def _costs(types: Types, polytope: Polytope, minimum: float) -> tuple[QuotaCost, ...]:
    """One small program for each bound that the best minimum leans on; the others cost nothing."""
    costs = []
    for r, quota in enumerate(types.problem.quotas, 1):
        for bound, number in (("min", quota.minimum), ("max", quota.maximum)):
            if bound == "min" and not number:
                continue
            lower, upper = polytope.lower.copy(), polytope.upper.copy()
            if bound == "min":
                lower[r] = 0.0
            else:
                upper[r] = float(types.problem.size)
            without = _minimum(replace(polytope, lower=lower, upper=upper))
            if without > minimum + _COUNTS:
                costs.append(QuotaCost(quota.feature, quota.value, bound, number, without))
    return tuple(sorted(costs, key=lambda cost: (-cost.minimum_without, cost.feature, cost.value, cost.bound)))
