"""One draw from end to end."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from panels.lottery import bundle as bundles
from panels.lottery import tree
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
class Prepared:
    """Everything before a ticket is drawn; see ``Result`` for the names. ``root``: of the hash tree, where seals were given."""

    probabilities: dict[str, float]
    ticket_probabilities: dict[str, float]
    minimum: float
    upper_bound: float
    exact: bool
    method: str
    seconds: float
    largest_change: float
    entropy: float
    distinct_panels: int
    tickets: tuple[tuple[str, ...], ...]
    commitment: str
    root: str
    certificate: dict[str, Any]
    bundle: dict[str, Any]


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
    if ticket is not None and tickets > 0:
        _check_ticket(ticket, tickets)
    clock = Clock(progress, time_limit)
    prepared = _prepare(problem, method, alternates, seed, tickets, None, dropout_rates, clock)
    number = number_below(tickets, "ticket", seed) if ticket is None else ticket
    clock.tell(0.93, Phase.ALTERNATES)
    reserve = alternates_of(prepared.bundle, number, tell=lambda part: clock.tell(0.93 + 0.06 * part, Phase.ALTERNATES))
    clock.tell(1.0, Phase.DONE)
    shared = {key: value for key, value in vars(prepared).items() if key not in {"root", "seconds"}}
    return Result(
        panel=panel_of(prepared.bundle, number),
        alternates=reserve,
        ticket=number,
        seconds=round(clock.seconds, 3),
        **shared,
    )


def prepare(
    problem: Problem,
    *,
    method: str = "leximin",
    alternates: int = 5,
    seed: str,
    tickets: int = 1000,
    seals: Mapping[str, str] | None = None,
    dropout_rates: Mapping[str, float] | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """All of a draw but the choice of the ticket, for a draw that is announced before it is made.

    ``seals`` (the hash of each person's code, by id) puts a hash tree into the bundle. Raises as ``draw`` does.
    """
    clock = Clock(progress, time_limit)
    made = _prepare(problem, method, alternates, seed, tickets, seals, dropout_rates, clock)
    clock.tell(1.0, Phase.DONE)
    return made


def panel_of(bundle: Mapping[str, Any], ticket: int) -> tuple[str, ...]:
    """Whom this ticket seats."""
    _check_ticket(ticket, len(bundle["tickets"]))
    return tuple(bundle["tickets"][ticket])


def alternates_of(
    bundle: Mapping[str, Any], ticket: int, *, tell: Callable[[float], None] | None = None
) -> tuple[str, ...]:
    """The alternates of this ticket's panel, in order. Takes seconds for a large pool, and no solver."""
    parameters = bundle["parameters"]
    return choose_alternates(
        bundles.problem_from(bundle["problem"]),
        panel=panel_of(bundle, ticket),
        number=int(parameters["alternates"]),
        seed=stream(parameters["seed"], ticket),
        rates=parameters.get("dropout_rates"),
        tell=tell or (lambda _part: None),
    )


def stream(seed: str, ticket: int) -> str:
    """The seed of all that comes after the ticket: nobody knows it before, not even those who know the seed."""
    return f"{seed}|{ticket}"


def _check_ticket(ticket: int, tickets: int) -> None:
    if not 0 <= ticket < tickets:
        raise UnusableInput(f"The ticket must lie between 0 and {tickets - 1}, not {ticket}.")


def _prepare(
    problem: Problem, method: str, alternates: int, seed: str, tickets: int, seals: Mapping[str, str] | None,
    rates: Mapping[str, float] | None, clock: Clock,
) -> Prepared:  # fmt: skip
    if method not in METHODS:
        raise UnusableInput(f"The method is one of {', '.join(METHODS)}, not {method}.")
    if tickets < 1 or alternates < 0:
        raise UnusableInput("There must be at least one ticket, and no negative number of alternates.")
    _check_rates(problem, rates or {})
    clock.tell(0.0, Phase.CHECKING)
    types = types_of(problem)
    feasibility = check_types(types, extremes=False)
    if not feasibility.feasible:
        raise Infeasible(feasibility)
    lottery = lottery_for(types, method, clock)
    clock.tell(0.86, Phase.TICKETS)
    dealt = tickets_for(types, lottery.panels, lottery.weights, lottery.pool, number=tickets, seed=seed)
    parameters: dict[str, Any] = {"method": method, "alternates": alternates, "seed": seed, "tickets": tickets}
    if rates:
        parameters["dropout_rates"] = dict(sorted(rates.items()))
    return _record(problem, types, lottery, dealt, parameters, seals, clock)


def _check_rates(problem: Problem, rates: Mapping[str, float]) -> None:
    strangers = sorted(rates.keys() - {person.id for person in problem.people})
    if strangers:
        raise UnusableInput(f"A drop-out rate is given for {strangers[0]}, who is not in the pool.")
    for name, rate in rates.items():
        if not 0 <= rate <= 1:
            raise UnusableInput(f"The drop-out rate of {name} must lie between 0 and 1, not {rate}.")


def _record(
    problem: Problem, types: Types, lottery: Lottery, dealt: Tickets, parameters: dict[str, Any],
    seals: Mapping[str, str] | None, clock: Clock,
) -> Prepared:  # fmt: skip
    ids = [person.id for person in problem.people]
    order = sorted(range(len(ids)), key=lambda i: ids[i])
    chance = np.clip(lottery.average / types.count, 0.0, 1.0)[types.of_person]
    share = dealt.times / len(dealt.panels)
    certificate = certificate_of(lottery, parameters["method"])
    fault = lottery_fault(types, certificate)
    reason, bound = bound_fault(types, certificate)
    named = [sorted(ids[i] for i in chosen) for chosen in dealt.panels]
    probabilities = {ids[i]: float(chance[i]) for i in order}
    minimum, change = float(chance.min()), float(np.abs(share - chance).max())
    exact = lottery.complete and not fault and not reason
    root = tree.root_of(problem, seals) if seals is not None else ""
    record: dict[str, Any] = {
        "format": bundles.FORMAT,
        "problem": bundles.problem_record(problem),
        "parameters": parameters,
        "tickets": named,
        "probabilities": probabilities,
        "certificate": certificate.to_json(),
        "statement": {"minimum": minimum, "upper_bound": bound, "exact": exact, "largest_change": change},
    }
    if seals is not None:
        record |= {"seals": dict(sorted(seals.items())), "root": root}
    record["commitment"] = bundles.fingerprint(record)
    return Prepared(
        probabilities=probabilities,
        ticket_probabilities={ids[i]: float(share[i]) for i in order},
        minimum=minimum,
        upper_bound=bound,
        exact=exact,
        method=parameters["method"],
        seconds=round(clock.seconds, 3),
        largest_change=change,
        entropy=entropy_bits(types, lottery.panels, lottery.weights),
        distinct_panels=len({tuple(people) for people in named}),
        tickets=tuple(tuple(people) for people in named),
        commitment=record["commitment"],
        root=root,
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
