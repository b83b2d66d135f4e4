"""The check of a published bundle, from first principles: no solver decides anything here, only counting and adding."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from panels.lottery import bundle as bundles
from panels.lottery import tree
from panels.lottery.certificate import Certificate, bound_fault, certificate_from, lottery_fault
from panels.lottery.drawing import alternates_of
from panels.lottery.polytope import TOLERANCE
from panels.lottery.problem import Person, Problem, UnusableInput, fold
from panels.lottery.types import types_of

Say = Callable[[str], None]


class DoesNotHold(Exception):  # noqa: N818 - a finding
    """The first thing in the bundle that is not true."""


@dataclass(frozen=True)
class Checked:
    commitment: str
    minimum: float
    upper_bound: float
    largest_change: float
    panel: tuple[str, ...] | None
    alternates: tuple[str, ...] | None


def verify_file(path: Path, *, ticket: int | None = None, say: Say = lambda _: None) -> Checked:
    """Check a bundle in a file; raises ``DoesNotHold`` at the first thing that is wrong with it."""
    try:
        content = path.read_bytes()
        record = json.loads(content)
    except OSError as error:
        raise UnusableInput(f"{path}: it cannot be opened ({error.strerror}).") from error
    except ValueError as error:
        raise DoesNotHold(f"The bundle is not JSON: {error}.") from error
    if not isinstance(record, dict) or content.rstrip(b"\n") != bundles.canonical(record):
        raise DoesNotHold("The bundle is not written in its canonical form: it was changed after it was published.")
    try:
        return verify(record, ticket=ticket, say=say)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, UnusableInput):
            raise DoesNotHold(f"The pool or the quotas of the bundle make no sense: {error}") from error
        raise DoesNotHold(f"The bundle is incomplete or damaged: {error!r}.") from error


def verify(record: dict[str, Any], *, ticket: int | None = None, say: Say = lambda _: None) -> Checked:
    if record["format"] != bundles.FORMAT:
        raise DoesNotHold(f"The bundle has the format {record['format']}, and this program knows {bundles.FORMAT}.")
    if bundles.fingerprint(record) != record["commitment"]:
        raise DoesNotHold("The fingerprint does not fit the content: something was changed.")
    say(f"The content has the fingerprint {record['commitment']}. Compare it with the one announced before the draw.")
    problem = bundles.problem_from(record["problem"])
    say(f"The pool: {len(problem.people)} people for {problem.size} seats, {len(problem.quotas)} quotas.")
    _check_tree(problem, record, say)
    _check_tickets(problem, record, say)
    chance, bound = _check_lottery(problem, record, say)
    change = _check_change(record, chance, say)
    panel = reserve = None
    if ticket is not None:
        if not 0 <= ticket < len(record["tickets"]):
            raise DoesNotHold(f"There is no ticket {ticket}: they run from 0 to {len(record['tickets']) - 1}.")
        panel = tuple(record["tickets"][ticket])
        reserve = alternates_of(record, ticket)
        say(f"Ticket {ticket} seats: {', '.join(panel)}.")
        if reserve:
            say(f"Its alternates, in order: {', '.join(reserve)}.")
    return Checked(record["commitment"], min(chance.values()), bound, change, panel, reserve)


def _check_tree(problem: Problem, record: dict[str, Any], say: Say) -> None:
    if ("seals" in record) != ("root" in record):
        raise DoesNotHold("The hash tree is incomplete: seals and root belong together.")
    if "root" not in record:
        return
    try:
        root = tree.root_of(problem, record["seals"])
    except UnusableInput as error:
        raise DoesNotHold(f"The hash tree: {error}") from error
    if root != record["root"]:
        raise DoesNotHold("The root of the hash tree does not fit the pool.")
    say(f"The hash tree over the pool has the root {root}.")


def _check_tickets(problem: Problem, record: dict[str, Any], say: Say) -> None:
    tickets = record["tickets"]
    if len(tickets) != record["parameters"]["tickets"]:
        raise DoesNotHold(f"There are {len(tickets)} tickets, not {record['parameters']['tickets']}.")
    people = {person.id: person for person in problem.people}
    profiles = {name: problem.profile(person) for name, person in people.items()}
    for number, ticket in enumerate(tickets):
        fault = _ticket_fault(problem, ticket, people, profiles)
        if fault:
            raise DoesNotHold(f"Ticket {number}: {fault}.")
    say(
        f"Each of the {len(tickets)} tickets seats {problem.size} people, meets every quota, and takes one a household at most."
    )


def _ticket_fault(
    problem: Problem, ticket: list[str], people: dict[str, Person], profiles: dict[str, tuple[str, ...]]
) -> str:
    if len(ticket) != problem.size or len(set(ticket)) != len(ticket):
        return f"it seats {len(set(ticket))} people, not {problem.size}"
    strangers = [name for name in ticket if name not in people]
    if strangers:
        return f"{strangers[0]} is not in the pool"
    seats = Counter(key for name in ticket for key in zip(problem.features, profiles[name], strict=True))
    for quota in problem.quotas:
        if not quota.minimum <= seats[quota.key] <= quota.maximum:
            return (
                f"{seats[quota.key]} people are {quota.feature} / {quota.value}, not {quota.minimum} to {quota.maximum}"
            )
    homes = [fold(people[name].household or "") for name in ticket]
    shared = [home for home, times in Counter(homes).items() if home and times > 1]
    return f"two people share the household {shared[0]}" if shared else ""


def _check_lottery(problem: Problem, record: dict[str, Any], say: Say) -> tuple[dict[str, float], float]:
    types = types_of(problem)
    certificate = certificate_from(types, record["certificate"])
    if certificate.method != record["parameters"]["method"]:
        raise DoesNotHold("The certificate is for another method.")
    fault = lottery_fault(types, certificate)
    if fault:
        raise DoesNotHold(f"The lottery: {fault}.")
    by_type = certificate.weights @ certificate.panels / types.count
    chance = {person.id: float(by_type[types.of_person[i]]) for i, person in enumerate(problem.people)}
    published = record["probabilities"]
    if set(published) != set(chance) or any(abs(published[name] - chance[name]) > TOLERANCE for name in chance):
        raise DoesNotHold("The published chances are not those of the lottery.")
    if abs(sum(chance.values()) - problem.size) > 1e-6:
        raise DoesNotHold("The chances do not add up to the number of seats.")
    least = min(chance.values())
    say(
        f"The chances follow from {len(certificate.weights)} kinds of panels and add up to {problem.size} seats; the smallest is {least:.6f}."
    )
    fault, bound = bound_fault(types, certificate)
    if fault and record["statement"]["exact"]:
        raise DoesNotHold(f"The certificate: {fault}.")
    if fault:
        say(f"The lottery is not claimed to be exact ({fault}).")
    elif certificate.method == "leximin":
        say(
            f"No lottery gives the least likely more than {bound:.6f}; nor, step by step, anybody more without taking it from somebody who has no more."
        )
    else:
        say(f"No lottery is better by the method “{certificate.method}”.")
    _check_cuts(problem, certificate, say)
    return chance, bound


def _check_cuts(problem: Problem, certificate: Certificate, say: Say) -> None:
    if not certificate.cuts:
        return
    try:
        from panels.lottery.lotteries import dearest  # noqa: PLC0415 - the one step that needs a solver, where there is one
    except ImportError:
        say(
            f"{len(certificate.cuts)} conditions of the proof need an integer program to check, and no solver is installed: not checked."
        )
        return
    for cut in certificate.cuts:
        if dearest(types_of(problem), cut.prices) > cut.bound + TOLERANCE:
            raise DoesNotHold("The certificate uses a condition that not every panel satisfies.")
    say(
        f"{len(certificate.cuts)} conditions of the proof were checked by an integer program: every panel satisfies them."
    )


def _check_change(record: dict[str, Any], chance: dict[str, float], say: Say) -> float:
    tickets = record["tickets"]
    times = Counter(name for ticket in tickets for name in ticket)
    change = max(abs(times[name] / len(tickets) - chance[name]) for name in chance)
    if abs(change - record["statement"]["largest_change"]) > 1e-9:
        raise DoesNotHold("The largest change between lottery and tickets is not the published one.")
    if np.abs(min(chance.values()) - record["statement"]["minimum"]) > 1e-9:
        raise DoesNotHold("The smallest chance is not the published one.")
    say(f"By the tickets, nobody's chance differs from the lottery's by more than {change:.6f}.")
    return change
