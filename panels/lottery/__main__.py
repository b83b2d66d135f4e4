"""``python -m panels.lottery draw|verify|prove``: the draw and its checks, from files, without database or settings."""

import argparse
import io
import json
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from panels.lottery import bundle as bundles
from panels.lottery.before import Outlook, Relaxation, outlook, relaxations
from panels.lottery.drawing import draw
from panels.lottery.feasibility import Feasibility, Infeasible
from panels.lottery.files import read_problem, read_rates
from panels.lottery.methods import METHODS
from panels.lottery.problem import Problem, UnusableInput
from panels.lottery.verify import DoesNotHold, prove_file, verify_file

DRAWN, UNUSABLE, INFEASIBLE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(UNUSABLE)  # argparse's own 2 means infeasible quotas here


def parser() -> argparse.ArgumentParser:
    top = _Parser(prog="python -m panels.lottery", description="Draw a panel by lot, or check a published draw.")
    commands = top.add_subparsers(dest="command", required=True)
    one = commands.add_parser("draw", help="draw a panel from two CSV files")
    one.add_argument("--criteria", type=Path, required=True, help="CSV: feature, value, min, max")
    one.add_argument("--pool", type=Path, required=True, help="CSV: an id, and one column a feature")
    one.add_argument("--size", type=int, required=True, help="number of seats")
    one.add_argument("--id-column", default="id", metavar="NAME")
    one.add_argument("--household", metavar="COLUMN", help="at most one person for each value of this column")
    one.add_argument("--method", choices=METHODS, default="leximin")
    one.add_argument("--alternates", type=int, default=5, metavar="NUMBER")
    one.add_argument("--dropout", metavar="COLUMN", help="column of the pool: how likely each person is to drop out")
    one.add_argument("--dropout-rate", type=float, metavar="RATE", help="the same rate for everybody (default 0.12)")
    one.add_argument("--tickets", type=int, default=1000, metavar="NUMBER")
    one.add_argument(
        "--seed", metavar="TEXT", help="decides the order of the tickets, and the ticket unless it is given"
    )
    one.add_argument("--ticket", type=int, metavar="NUMBER", help="the ticket drawn in public")
    one.add_argument("--time-limit", type=float, metavar="SECONDS")
    one.add_argument("--out", type=Path, metavar="FILE", help="write the result here instead of to standard output")
    one.add_argument("--bundle", type=Path, metavar="FILE", help="write what is to be published")
    two = commands.add_parser("verify", help="check a published bundle")
    two.add_argument("bundle", type=Path)
    two.add_argument("--ticket", type=int, metavar="NUMBER", help="show the panel of this ticket")
    two.add_argument("--fingerprint", metavar="HEX", help="the one announced before the draw, to compare with")
    two.add_argument("--code", metavar="CODE", help="tell whose code this is, their chance and their tickets")
    three = commands.add_parser("prove", help="check the proof that somebody was in the announced pool")
    three.add_argument("proof", type=Path)
    three.add_argument("--root", required=True, metavar="HEX", help="the root that was announced")
    three.add_argument("--code", metavar="CODE", help="check too that this is their code")
    return top


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that knows no accents still gets the rest
    try:
        return {"draw": _draw, "verify": _verify, "prove": _prove}[options.command](options)
    except UnusableInput as error:
        sys.stderr.write("\n".join(error.messages) + "\n")
        return UNUSABLE
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}.\n")
        return UNUSABLE


def _draw(options: argparse.Namespace) -> int:
    for path in (options.out, options.bundle):
        if path and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise UnusableInput(f"{path}: no file can be written there.")
    if options.time_limit is not None and not options.time_limit > 0:
        raise UnusableInput(f"The time limit must be a number of seconds above 0, not {options.time_limit}.")
    problem = read_problem(
        options.criteria,
        options.pool,
        size=options.size,
        id_column=options.id_column,
        household_column=options.household,
    )
    seed = options.seed
    if seed is None:
        # With a ticket drawn in public, the files alone decide the rest; without one, chance does, and is written down.
        seed = (
            bundles.fingerprint(bundles.problem_record(problem))
            if options.ticket is not None
            else secrets.token_hex(16)
        )
    try:
        view = outlook(problem)
        _warn(view)
        result = draw(
            problem,
            method=options.method,
            alternates=options.alternates,
            seed=seed,
            tickets=options.tickets,
            ticket=options.ticket,
            time_limit=options.time_limit,
            dropout_rates=_rates(options, problem),
        )
    except Infeasible as error:
        ways = relaxations(problem)
        sys.stderr.write("\n".join([*error.feasibility.sentences(), *_other_ways(ways)]) + "\n")
        _write(options.out, {**_infeasible(error.feasibility), "relaxations": [asdict(way) for way in ways]})
        return INFEASIBLE
    _write(options.out, {**result.to_json(), "seed": seed, "outlook": asdict(view)})
    if options.bundle:
        options.bundle.write_bytes(bundles.canonical(result.bundle) + b"\n")
    sys.stderr.write(
        f"Ticket {result.ticket} of {len(result.tickets)}: {', '.join(result.panel)}\n"
        f"Alternates, in order: {', '.join(result.alternates) or 'none'}\n"
        f"Smallest chance {result.minimum:.4f}, and no lottery exceeds {result.upper_bound:.4f}"
        f" ({'exact, proved' if result.exact else 'NOT proved exact'}); {result.seconds:.1f} s.\n"
        f"Fingerprint {result.commitment}\n"
    )
    return DRAWN


def _rates(options: argparse.Namespace, problem: Problem) -> dict[str, float] | None:
    if options.dropout_rate is not None and not 0 <= options.dropout_rate <= 1:
        raise UnusableInput(f"The drop-out rate must lie between 0 and 1, not {options.dropout_rate}.")
    if options.dropout_rate is None and not options.dropout:
        return None
    rates = {} if options.dropout_rate is None else {person.id: options.dropout_rate for person in problem.people}
    if options.dropout:
        rates |= read_rates(options.pool, options.dropout, id_column=options.id_column)
    return rates


def _warn(view: Outlook) -> None:
    for people, what in ((view.shut_out, "no chance under any panel"), (view.certain, "a seat in every panel")):
        for found in people:
            because = f" because of {', '.join(found.quotas)}" if found.quotas else ""
            sys.stderr.write(f"{', '.join(found.people)}: {what}{because}.\n")


def _infeasible(feasibility: Feasibility) -> dict[str, Any]:
    return {**asdict(feasibility), "panel": None, "explanation": feasibility.sentences()}


def _other_ways(ways: tuple[Relaxation, ...]) -> list[str]:
    return [
        f"With {'; '.join(str(change) for change in way.changes)} the smallest chance would be {way.minimum:.4f}."
        for way in ways
    ]


def _write(out: Path | None, record: dict[str, Any]) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _verify(options: argparse.Namespace) -> int:
    try:
        checked = verify_file(
            options.bundle, ticket=options.ticket, announced=options.fingerprint, code=options.code, say=_say
        )
    except DoesNotHold as error:
        sys.stderr.write(f"✗ {error}\n")
        return UNUSABLE
    holds = "Everything that was checked holds" if checked.unchecked else "Everything holds"
    print(
        f"{holds}. The smallest chance is {checked.minimum:.6f}; no lottery could exceed {checked.upper_bound:.6f}"
        + (f", if the {checked.unchecked} conditions that were not checked hold." if checked.unchecked else ".")
    )
    return DRAWN


def _prove(options: argparse.Namespace) -> int:
    try:
        prove_file(options.proof, root=options.root, code=options.code, say=_say)
    except DoesNotHold as error:
        sys.stderr.write(f"✗ {error}\n")
        return UNUSABLE
    print("The proof holds.")
    return DRAWN


def _say(text: str) -> None:
    print("✓", text)


if __name__ == "__main__":
    raise SystemExit(main())
