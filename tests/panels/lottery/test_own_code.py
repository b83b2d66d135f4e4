"""A registrant's own check, on the command line: whose code, which tickets, and that they were in the announced pool."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from panels.lottery import Prepared, prepare, tree
from panels.lottery import bundle as bundles
from tests.panels.lottery.pools import made_up
from tests.panels.lottery.test_command import ROOT, run

CODE = "K7QX-2M4P-9RST-0VWY"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    problem = made_up(people=24, size=5, features=3, seed=4)
    first, *others = sorted(person.id for person in problem.people)
    seals = {first: tree.seal(CODE)} | {name: tree.seal(f"another {name}") for name in others}
    return prepare(problem, seed="s", seals=seals, alternates=2)


@pytest.fixture
def folder(tmp_path: Path, prepared: Prepared) -> Path:
    (tmp_path / "bundle.json").write_bytes(bundles.canonical(prepared.bundle) + b"\n")
    first = min(person["id"] for person in prepared.bundle["problem"]["people"])
    proof = tree.prove(bundles.problem_from(prepared.bundle["problem"]), prepared.bundle["seals"], first)
    (tmp_path / "proof.json").write_text(json.dumps(proof.to_json(), ensure_ascii=False), encoding="utf-8")
    return tmp_path


def test_code_tells_whose_it_is_and_which_tickets_hold_them(folder: Path, prepared: Prepared) -> None:
    first = min(prepared.probabilities)
    held = [f"{number:03d}" for number, ticket in enumerate(prepared.tickets) if first in ticket]

    done = run("verify", str(folder / "bundle.json"), "--code", CODE.lower(), "--fingerprint", prepared.commitment)

    assert done.returncode == 0, done.stderr
    assert f"✓ The code belongs to {first}, who was in the pool" in done.stdout
    assert f"{len(held)} of the 1000 tickets seat {first}: {', '.join(held)}." in done.stdout
    assert f"{prepared.commitment}, as announced." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["--code", "K7QX-2M4P-9RST-0VWZ"], "belongs to nobody"), (["--fingerprint", "0" * 64], "another bundle")],
)
def test_wrong_code_or_fingerprint_fails(folder: Path, arguments: list[str], word: str) -> None:
    done = run("verify", str(folder / "bundle.json"), *arguments)

    assert (done.returncode, word in done.stderr) == (1, True)


@pytest.mark.parametrize("change", ["root", "seal", "seals gone", "root gone", "person without seal"])
def test_a_tree_that_was_changed_is_found_whatever_the_fingerprint(folder: Path, change: str) -> None:
    record: dict[str, Any] = json.loads((folder / "bundle.json").read_bytes())
    name = next(iter(record["seals"]))
    match change:
        case "root":
            record["root"] = "0" * 64
        case "seal":
            record["seals"][name] = tree.seal("mine")
        case "seals gone":
            del record["seals"]
        case "root gone":
            del record["root"]
        case _:
            del record["seals"][name]
    record["commitment"] = bundles.fingerprint(record)
    (folder / "bundle.json").write_bytes(bundles.canonical(record))

    done = run("verify", str(folder / "bundle.json"))

    assert (done.returncode, "hash tree" in done.stderr) == (1, True)


def test_proof_is_checked_against_the_announced_root_and_the_code(folder: Path, prepared: Prepared) -> None:
    proof = str(folder / "proof.json")

    good = run("prove", proof, "--root", prepared.root.upper(), "--code", CODE)
    other_root = run("prove", proof, "--root", "0" * 64)
    other_code = run("prove", proof, "--root", prepared.root, "--code", "ANOTHER")

    assert good.returncode == 0, good.stderr
    assert f"{min(prepared.probabilities)} was in the pool that has the root {prepared.root}" in good.stdout
    assert (other_root.returncode, "does not lead to this root" in other_root.stderr) == (1, True)
    assert (other_code.returncode, "not the one of this entry" in other_code.stderr) == (1, True)


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"record": 3}', "\xff", "[" * 100_000,
        '{"record": {"id": NaN, "values": {}}, "position": 0, "size": 1, "siblings": [], "root": ""}',
        '{"record": {"id": "\\ud800", "values": {}}, "position": 0, "size": 1, "siblings": [], "root": ""}',
    ],
)  # fmt: skip
def test_what_is_no_proof_is_told_without_a_traceback(folder: Path, content: str) -> None:
    (folder / "proof.json").write_text(content, encoding="latin-1")

    done = run("prove", str(folder / "proof.json"), "--root", "0" * 64)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_checking_needs_neither_solver_nor_django(folder: Path, prepared: Prepared) -> None:
    """In a process where both cannot be imported."""
    block = "import sys; sys.modules['highspy'] = None; sys.modules['django'] = None; "
    call = f"from panels.lottery.__main__ import main; sys.exit(main(['verify', {str(folder / 'bundle.json')!r}, '--ticket', '7']))"

    done = subprocess.run([sys.executable, "-c", block + call], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert f"Ticket 7 seats: {', '.join(prepared.tickets[7])}." in done.stdout
    assert "Everything holds." in done.stdout
