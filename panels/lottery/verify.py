"""The check of a published bundle, from first principles: no solver decides anything here, only counting and adding."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from panels.lottery import bundle as bundles
from panels.lottery import tree
from panels.lottery.certificate import Certificate, bound_fault, certificate_from, lottery_fault
from panels.lottery.drawing import alternates_of
from panels.lottery.lotteries import dearest
from panels.lottery.polytope import TOLERANCE, Cut
from panels.lottery.problem import Person, Problem, UnusableInput, fold
from panels.lottery.solver import NoSolver, SolverTrouble
from panels.lottery.types import Types, types_of

Say = Callable[[str], None]
FURTHEST = 20  # tickets by which a chance may differ from the lottery's: rounding takes one or two


class DoesNotHold(Exception):  # noqa: N818 - a finding
    """The first thing in the bundle that is not true."""


@dataclass(frozen=True)
class Checked:
    """``unchecked``: conditions of the proof that take a solver, where there was none."""

    commitment: str
    minimum: float
    upper_bound: float
    largest_change: float
    panel: tuple[str, ...] | None
    alternates: tuple[str, ...] | None
    unchecked: int = 0


def verify_file(
    path: Path,
    *,
    ticket: int | None = None,
    announced: str | None = None,
    code: str | None = None,
    say: Say = lambda _: None,
) -> Checked:
    """Check a bundle in a file; raises ``DoesNotHold`` at the first thing that is wrong with it.

    ``announced``: the fingerprint that was published before the draw; ``code``: whose tickets to tell.
    """
    try:
        content = path.read_bytes()
        record = json.loads(content)
        written = bundles.canonical(record)
    except OSError as error:
        raise UnusableInput(f"{path}: it cannot be opened ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise DoesNotHold(f"The bundle is not JSON: {error}.") from error
    if not isinstance(record, dict) or content.rstrip(b"\n") != written:
        raise DoesNotHold("The bundle is not written in its canonical form: it was changed after it was published.")
    try:
        return verify(record, ticket=ticket, announced=announced, code=code, say=say)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        if isinstance(error, UnusableInput):
            raise DoesNotHold(f"The pool or the quotas of the bundle make no sense: {error}") from error
        raise DoesNotHold(f"The bundle is incomplete or damaged: {error!r}.") from error


def verify(
    record: dict[str, Any],
    *,
    ticket: int | None = None,
    announced: str | None = None,
    code: str | None = None,
    say: Say = lambda _: None,
) -> Checked:
    if record["format"] != bundles.FORMAT:
        raise DoesNotHold(f"The bundle has the format {record['format']}, and this program knows {bundles.FORMAT}.")
    if bundles.fingerprint(record) != record["commitment"]:
        raise DoesNotHold("The fingerprint does not fit the content: something was changed.")
    if announced is not None and announced.strip().lower() != record["commitment"]:
        raise DoesNotHold(f"The fingerprint is {record['commitment']}, not the one that was announced: another bundle.")
    say(
        f"The content has the fingerprint {record['commitment']}"
        + (", as announced." if announced else ". Compare it with the one announced before the draw.")
    )
    problem = bundles.problem_from(record["problem"])
    say(f"The pool: {len(problem.people)} people for {problem.size} seats, {len(problem.quotas)} quotas.")
    _check_tree(problem, record, say)
    _check_tickets(problem, record, say)
    chance, bound, unchecked = _check_lottery(problem, record, say)
    if abs(bound - record["statement"]["upper_bound"]) > 1e-9:
        raise DoesNotHold("The published upper bound is not the one that the certificate proves.")
    change = _check_change(record, chance, say)
    panel = reserve = None
    if ticket is not None:
        if not 0 <= ticket < len(record["tickets"]):
            raise DoesNotHold(f"There is no ticket {ticket}: they run from 0 to {len(record['tickets']) - 1}.")
        panel = tuple(record["tickets"][ticket])
        try:
            reserve = alternates_of(record, ticket)
        except NoSolver:
            say("The alternates need an integer program to make again, and no solver is installed: not checked.")
        say(f"Ticket {ticket} seats: {', '.join(panel)}.")
        if reserve:
            say(f"Its alternates, in order: {', '.join(reserve)}.")
    if code is not None:
        _tell_whose(record, code, chance, say)
    return Checked(record["commitment"], min(chance.values()), bound, change, panel, reserve, unchecked)


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


def _tell_whose(record: dict[str, Any], code: str, chance: dict[str, float], say: Say) -> None:
    own = tree.seal(code)
    names = [name for name, seal in record.get("seals", {}).items() if seal == own]
    if not names:
        raise DoesNotHold("The code belongs to nobody in this pool. Was it typed as it was given?")
    (name,) = names
    held = [
        f"{number:0{len(str(len(record['tickets']) - 1))}d}"
        for number, ticket in enumerate(record["tickets"])
        if name in ticket
    ]
    say(f"The code belongs to {name}, who was in the pool with a chance of {chance[name]:.6f}.")
    say(f"{len(held)} of the {len(record['tickets'])} tickets seat {name}: {', '.join(held) or 'none'}.")


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


def _check_lottery(problem: Problem, record: dict[str, Any], say: Say) -> tuple[dict[str, float], float, int]:
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
    return chance, bound, _check_cuts(types, certificate, bound, bool(record["statement"]["exact"]), say)


def _check_cuts(types: Types, certificate: Certificate, bound: float, exact: bool, say: Say) -> int:
    """How many conditions could not be checked. The proof must hold with the bounds that are found here."""
    if not certificate.cuts:
        return 0
    try:
        found = tuple(_true_bound(types, cut) for cut in certificate.cuts)
    except (NoSolver, SolverTrouble) as error:
        why = "no solver is installed" if isinstance(error, NoSolver) else "the solver did not end"
        say(
            f"{len(certificate.cuts)} conditions of the proof need an integer program to check, and {why}: not checked."
        )
        return len(certificate.cuts)
    fault, true_bound = bound_fault(types, replace(certificate, cuts=found))
    if (exact and fault) or true_bound > bound + TOLERANCE:
        raise DoesNotHold("The certificate uses a condition that not every panel satisfies.")
    say(f"{len(found)} conditions of the proof were checked by an integer program: every panel satisfies them.")
    return 0


def _true_bound(types: Types, cut: Cut) -> Cut:
    """The cut with the bound that panels reach. Prices are scaled: a solver takes very small ones for nothing."""
    scale = float(np.abs(cut.prices).max(initial=0.0)) or 1.0
    return Cut(cut.prices, max(cut.bound, scale * dearest(types, cut.prices / scale)))


def _check_change(record: dict[str, Any], chance: dict[str, float], say: Say) -> float:
    tickets = record["tickets"]
    times = Counter(name for ticket in tickets for name in ticket)
    change = max(abs(times[name] / len(tickets) - chance[name]) for name in chance)
    if abs(change - record["statement"]["largest_change"]) > 1e-9:
        raise DoesNotHold("The largest change between lottery and tickets is not the published one.")
    if change * len(tickets) > FURTHEST:
        raise DoesNotHold(
            f"The tickets are not those of the lottery: by them somebody's chance differs from the published one by {change:.6f}."
        )
    if np.abs(min(chance.values()) - record["statement"]["minimum"]) > 1e-9:
        raise DoesNotHold("The smallest chance is not the published one.")
    say(f"By the tickets, nobody's chance differs from the lottery's by more than {change:.6f}.")
    return change


def prove_file(path: Path, *, root: str, code: str | None = None, say: Say = lambda _: None) -> tree.Proof:
    """Check that a proof leads to the announced root and, where a code is given, that it is the code of that entry."""
    try:
        proof = tree.Proof.from_json(json.loads(path.read_bytes()))
        held = tree.holds(proof, root.strip())
    except OSError as error:
        raise UnusableInput(f"{path}: it cannot be opened ({error.strerror}).") from error
    except (ValueError, AttributeError, OverflowError, RecursionError) as error:
        if isinstance(error, UnusableInput):
            raise
        raise UnusableInput(f"{path}: it is not JSON ({error}).") from error
    if not held:
        raise DoesNotHold("The proof does not lead to this root: the entry was not in the announced pool.")
    say(f"{proof.record['id']} was in the pool that has the root {root.strip().lower()}: one of {proof.size} entries.")
    say("Its criteria: " + "; ".join(f"{feature}: {value}" for feature, value in proof.record["values"].items()) + ".")
    if code is not None:
        if not tree.opens(proof, code):
            raise DoesNotHold("The code is not the one of this entry.")
        say("The code is the one of this entry.")
    return proof
