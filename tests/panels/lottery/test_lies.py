"""Bundles and proofs that lie: each of these was made to look true, and must not be believed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panels import lottery
from panels.lottery import bundle as bundles
from panels.lottery import tree
from panels.lottery.polytope import polytope_of
from panels.lottery.types import types_of
from panels.lottery.verify import DoesNotHold, prove_file, verify, verify_file


@pytest.fixture(scope="module")
def honest() -> dict[str, Any]:
    people = tuple(lottery.Person(f"P-{n:02d}", {"sex": "w" if n % 2 else "m"}) for n in range(24))
    problem = lottery.Problem(15, (lottery.Quota("sex", "w", 7, 8), lottery.Quota("sex", "m", 7, 8)), people)
    return lottery.prepare(problem, seed="a", seals={p.id: tree.seal(p.id) for p in people}).bundle


def _lie(honest: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    lying: dict[str, Any] = json.loads(json.dumps(honest))
    change(lying)
    lying["commitment"] = bundles.fingerprint(lying)
    return lying


def _always_the_same_panel(lying: dict[str, Any]) -> None:
    lying["tickets"] = [lying["tickets"][0]] * len(lying["tickets"])


@pytest.mark.parametrize("word", ["nan", "inf", "-inf"])
def test_numbers_that_are_none_prove_nothing(honest: dict[str, Any], word: str) -> None:
    """A comparison with “not a number” is never true: every check that looks for a fault would find none."""

    def change(lying: dict[str, Any]) -> None:
        _always_the_same_panel(lying)
        for part in lying["certificate"]["lottery"]:
            part["weight"] = word

    with pytest.raises((DoesNotHold, ValueError)):
        verify(_lie(honest, change))


@pytest.mark.parametrize("where", ["level", "multipliers"])
def test_a_proof_is_made_of_numbers(honest: dict[str, Any], where: str) -> None:
    def change(lying: dict[str, Any]) -> None:
        for step in lying["certificate"]["steps"]:
            step[where] = "nan" if where == "level" else [[at, "nan"] for at, _value in step[where]]

    with pytest.raises((DoesNotHold, ValueError)):
        verify(_lie(honest, change))


def _unfair(lying: dict[str, Any], size: float, quota: float) -> None:
    """One panel of 8 men and 7 women for ever, claimed to be the fairest: no woman could have more than 7/12."""
    types = types_of(bundles.problem_from(lying["problem"]))
    men = 0 if types.of_person[0] == 0 else 1  # P-00 is one
    matrix = polytope_of(types).matrix
    all_of_them = next(at for at, row in enumerate(matrix) if row.all())
    of_men = next(at for at, row in enumerate(matrix) if row[men] and not row[1 - men])
    lying["certificate"] |= {
        "lottery": [{"weight": 1.0, "counts": [[men, 8], [1 - men, 7]]}],
        "steps": [
            {"level": 7 / 12, "types": [1 - men], "multipliers": [[all_of_them, size], [of_men, -quota]]},
            {"level": 8 / 12, "types": [men], "multipliers": [[all_of_them, 1.0]]},
        ],
    }
    chances = {p["id"]: (8 if p["values"]["sex"] == "m" else 7) / 12 for p in lying["problem"]["people"]}
    lying["probabilities"] = chances


@pytest.mark.parametrize(("size", "quota"), [(1.01e-10, 2e-10), (1e308, 0.0), (1.0, 1.0), (1.0, 1.9)])
def test_multipliers_too_small_or_too_great_prove_nothing(honest: dict[str, Any], size: float, quota: float) -> None:
    """What counts as noise, or overflows, may not make an unfair lottery the fairest."""
    with pytest.raises((DoesNotHold, ValueError), match=r"certificate|proves"):
        verify(_lie(honest, lambda lying: _unfair(lying, size, quota)))


def test_tickets_must_be_those_of_the_lottery(honest: dict[str, Any]) -> None:
    """A fair lottery beside a thousand tickets that all name one panel is no fair draw, even where it says so."""

    def change(lying: dict[str, Any]) -> None:
        _always_the_same_panel(lying)
        chosen = set(lying["tickets"][0])
        lying["statement"]["largest_change"] = max(
            abs((name in chosen) - chance) for name, chance in lying["probabilities"].items()
        )

    with pytest.raises(DoesNotHold, match="tickets"):
        verify(_lie(honest, change))


@pytest.mark.parametrize("content", [b'{"format":NaN}', b'{"format":1e999}', b'{"format":"\\ud800"}', b"[" * 100_000])
def test_damaged_bundle_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(content)

    with pytest.raises(DoesNotHold):
        verify_file(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof["record"].update(id="\ud800"),
        lambda proof: proof["record"].update(id=float("nan")),
        lambda proof: proof.update(position=float("inf")),
    ],
)
def test_damaged_proof_is_told_in_a_sentence(
    tmp_path: Path, honest: dict[str, Any], change: Callable[[dict[str, Any]], None]
) -> None:
    proof = tree.prove(bundles.problem_from(honest["problem"]), honest["seals"], "P-07").to_json()
    change(proof)
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof))

    with pytest.raises((DoesNotHold, lottery.UnusableInput)):
        prove_file(path, root=honest["root"])


def test_proof_names_the_root_that_was_checked(tmp_path: Path, honest: dict[str, Any]) -> None:
    proof = tree.prove(bundles.problem_from(honest["problem"]), honest["seals"], "P-07").to_json()
    path, told = tmp_path / "proof.json", list[str]()
    path.write_text(json.dumps({**proof, "root": "0" * 64}))

    prove_file(path, root=honest["root"], say=told.append)

    assert honest["root"] in told[0]
    assert "0" * 64 not in told[0]
