"""One draw from end to end."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from panels.lottery import bundle as bundles
from panels.lottery.alternates import choose_alternates
from panels.lottery.certificate import Certificate, Claim, bound_fault, lottery_fault
from panels.lottery.clock import Clock, Phase, Progress
from panels.lottery.feasibility import Infeasible, check_types
from panels.lottery.lots import number_below
from panels.lottery.lotteries import Lottery, lottery_for
from panels.lottery.methods import METHODS
from panels.lottery.problem import Problem, UnusableInput
from panels.lottery.tickets import Tickets, tickets_for
from panels.lottery.types import Array, Types, types_of


@dataclass(frozen=True)
class Result:
    """Everything there is to know about a draw.

    ``probabilities`` are those of the exact lottery, ``ticket_probabilities`` those of the tickets that decide;
    ``largest_change`` is the largest difference between the two. ``upper_bound``: no lottery has a higher minimum.
    ``exact``: the certificate proves the lottery to be the method's own, within a millionth. ``entropy`` (in bits):
    how widely the lottery spreads over panels.
    """

    panel: tuple[str, ...]
    alternates: tuple[str, ...]
    probabilities: dict[str, float]
    ticket_probabilities: dict[str, float]
    minimum: float
    upper_bound: float
    exact: bool
    method: str
    seconds: float
    ticket: int
    largest_change: float
    entropy: float
    distinct_panels: int
    tickets: tuple[tuple[str, ...], ...]
    commitment: str
    certificate: dict[str, Any]
    bundle: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """All but the bundle, which is written apart."""
        record = {key: value for key, value in asdict(self).items() if key != "bundle"}
        record["panel"], record["alternates"] = list(self.panel), list(self.alternates)
        record["tickets"] = [list(ticket) for ticket in self.tickets]
        return record


def draw(
    problem: Problem,
    *,
    method: str = "leximin",
    alternates: int = 5,
    seed: str,
    tickets: int = 1000,
    ticket: int | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    dropout_rates: Mapping[str, float] | None = None,
) -> Result:
    """Draw a panel. ``ticket`` None: the seed chooses it. Raises ``Infeasible``, ``Cancelled``, ``UnusableInput``."""
    if method not in METHODS:
        raise UnusableInput(f"The method is one of {', '.join(METHODS)}, not {method}.")
    if tickets < 1 or alternates < 0:
        raise UnusableInput("There must be at least one ticket, and no negative number of alternates.")
    if ticket is not None and not 0 <= ticket < tickets:
        raise UnusableInput(f"The ticket must lie between 0 and {tickets - 1}, not {ticket}.")
    clock = Clock(progress, time_limit)
    clock.tell(0.0, Phase.CHECKING)
    types = types_of(problem)
    feasibility = check_types(types, extremes=False)
    if not feasibility.feasible:
        raise Infeasible(feasibility)
    lottery = lottery_for(types, method, clock)
    clock.tell(0.86, Phase.TICKETS)
    dealt = tickets_for(types, lottery.panels, lottery.weights, lottery.pool, number=tickets, seed=seed)
    number = number_below(tickets, "ticket", seed) if ticket is None else ticket
    ids = [person.id for person in problem.people]
    panel = tuple(sorted(ids[i] for i in dealt.panels[number]))
    clock.tell(0.93, Phase.ALTERNATES)
    reserve = choose_alternates(
        problem,
        panel=panel,
        number=alternates,
        seed=seed,
        rates=dropout_rates,
        tell=lambda part: clock.tell(0.93 + 0.06 * part, Phase.ALTERNATES),
    )
    result = _result(
        problem, types, lottery, dealt, method, seed, number, panel, reserve, alternates, dropout_rates, clock
    )
    clock.tell(1.0, Phase.DONE)
    return result


def _result(
    problem: Problem, types: Types, lottery: Lottery, dealt: Tickets, method: str, seed: str, number: int,
    panel: tuple[str, ...], reserve: tuple[str, ...], alternates: int, rates: Mapping[str, float] | None, clock: Clock,
) -> Result:  # fmt: skip
    ids = [person.id for person in problem.people]
    by_type = np.clip(lottery.average / types.count, 0.0, 1.0)
    chance = by_type[types.of_person]
    share = dealt.times / len(dealt.panels)
    certificate = certificate_of(lottery, method)
    fault = lottery_fault(types, certificate)
    reason, bound = bound_fault(types, certificate)
    named = [sorted(ids[i] for i in chosen) for chosen in dealt.panels]
    probabilities = {ids[i]: float(chance[i]) for i in sorted(range(len(ids)), key=lambda i: ids[i])}
    parameters: dict[str, Any] = {"method": method, "alternates": alternates, "seed": seed, "tickets": len(named)}
    if rates:
        parameters["dropout_rates"] = dict(sorted(rates.items()))
    minimum, change = float(chance.min()), float(np.abs(share - chance).max())
    exact = lottery.complete and not fault and not reason
    record: dict[str, Any] = {
        "format": bundles.FORMAT,
        "problem": bundles.problem_record(problem),
        "parameters": parameters,
        "tickets": named,
        "probabilities": probabilities,
        "certificate": certificate.to_json(),
        "statement": {"minimum": minimum, "upper_bound": bound, "exact": exact, "largest_change": change},
    }
    record["commitment"] = bundles.fingerprint(record)
    return Result(
        panel=panel,
        alternates=reserve,
        probabilities=probabilities,
        ticket_probabilities={ids[i]: float(share[i]) for i in sorted(range(len(ids)), key=lambda i: ids[i])},
        minimum=minimum,
        upper_bound=bound,
        exact=exact,
        method=method,
        seconds=round(clock.seconds, 3),
        ticket=number,
        largest_change=change,
        entropy=entropy_bits(types, lottery.panels, lottery.weights),
        distinct_panels=len({tuple(people) for people in named}),
        tickets=tuple(tuple(people) for people in named),
        commitment=record["commitment"],
        certificate=record["certificate"],
        bundle=record,
    )


def certificate_of(lottery: Lottery, method: str) -> Certificate:
    claims = tuple(
        Claim(step.level, tuple(int(t) for t in step.types), step.multipliers, step.wishes)
        for step in lottery.fair.steps
    )
    return Certificate(method, lottery.panels, lottery.weights, lottery.cuts, claims)


def entropy_bits(types: Types, panels: Array, weights: Array) -> float:
    """Of the lottery over panels of people: that over counts, and within each the choice among people who are alike."""
    in_class = {t for group in types.classes for t in group.types}
    total = 0.0
    for panel, weight in zip(panels, weights, strict=True):
        inside = sum(
            _ln_choose(int(types.count[t]), int(panel[t])) for t in np.nonzero(panel)[0] if int(t) not in in_class
        )
        for group in types.classes:
            free = len(group.households)
            for kind, t in enumerate(group.types):
                seats = int(panel[t])
                inside += _ln_choose(free, seats) + seats * math.log(len(group.households[0][kind]))
                free -= seats
        total += weight * (inside - math.log(weight))
    return total / math.log(2)


def _ln_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
