"""A forger who changes one thing of a bundle, and writes a new fingerprint, is found at whatever they changed.

What only the announced fingerprint can find stands in ``left_to_the_fingerprint``, and nowhere else.
"""

import copy
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest

from panels.lottery import Person, Prepared, Problem, Quota, prepare, tree
from panels.lottery import bundle as bundles
from panels.lottery.verify import DoesNotHold, verify, verify_file
from tests.panels.lottery.pools import made_up

type Path = tuple[str | int, ...]


def left_to_the_fingerprint(path: Path) -> bool:
    """Changes that leave a true bundle, of another draw: the fingerprint that was announced tells the two apart.

    Quotas that no ticket and no proof leans on may be wider; a proof may be written in another way; the seed orders
    tickets that are checked one by one; the number of alternates is a wish; and exactness may be modestly denied.
    """
    match path:
        case ("parameters", "seed" | "alternates") | ("statement", "exact") | ("certificate", "steps", *_):
            return True
        case ("problem", "quotas", int(), "min" | "max"):
            return True
    return False


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    problem = made_up(people=16, size=4, features=2, seed=3)
    seals = {person.id: tree.seal(f"code of {person.id}") for person in problem.people}
    return prepare(problem, seed="s", tickets=13, alternates=2, seals=seals)


def leaves(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else None
    if items is None:
        yield path, part
    else:
        for key, inner in items:
            yield from leaves(inner, (*path, key))


def changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value + 0.01
        case _:
            return value + "x"


def forged(record: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    copy_ = copy.deepcopy(record)
    part: Any = copy_
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    copy_["commitment"] = bundles.fingerprint(copy_)
    return copy_


def found(record: dict[str, Any]) -> bool:
    try:
        verify(record)
    except (DoesNotHold, KeyError, TypeError, ValueError, IndexError):  # verify_file makes the others a DoesNotHold
        return True
    return False


def test_every_field_is_checked_by_something_besides_the_fingerprint(prepared: Prepared) -> None:
    record: dict[str, Any] = prepared.bundle
    verify(record)

    missed = {
        path
        for path, value in leaves(record)
        if path != ("commitment",) and not found(forged(record, path, changed(value)))
    }

    assert {path for path in missed if not left_to_the_fingerprint(path)} == set()


def test_every_part_must_be_there(prepared: Prepared) -> None:
    record: dict[str, Any] = prepared.bundle
    for key in record:
        less = {name: value for name, value in record.items() if name != key}
        if key != "commitment":
            less["commitment"] = bundles.fingerprint(less)
        assert found(less), key


def test_the_announced_fingerprint_finds_every_change(prepared: Prepared) -> None:
    record: dict[str, Any] = prepared.bundle

    for path, value in leaves(record):
        if path not in {("commitment",), ("format",)}:
            with pytest.raises(DoesNotHold, match="not the one that was announced"):
                verify(forged(record, path, changed(value)), announced=prepared.commitment)


@pytest.mark.parametrize("bit", [0, 1, 5, 7])
def test_a_single_bit_changed_anywhere_is_found(prepared: Prepared, tmp_path: File, bit: int) -> None:
    content = bundles.canonical(prepared.bundle)
    path = tmp_path / "bundle.json"
    path.write_bytes(content + b"\n")
    verify_file(path)

    for at in range(bit, len(content), 37):
        path.write_bytes(content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :] + b"\n")
        with pytest.raises(DoesNotHold):
            verify_file(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b"9" * 5000,
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b"\xff",
    ],
)
def test_what_is_no_bundle_is_told_in_words(tmp_path: File, content: bytes) -> None:
    (tmp_path / "bundle.json").write_bytes(content)

    with pytest.raises(DoesNotHold):
        verify_file(tmp_path / "bundle.json")


def unfair(*, scale: float) -> dict[str, Any]:
    """Women sit four times as often as men, and a false condition in very small numbers claims that it must be so."""
    people = tuple(Person(f"P-{n}", {"sex": "f" if n < 2 else "m"}) for n in range(4))
    problem = Problem(1, (Quota("sex", "f", 0, 1), Quota("sex", "m", 0, 1)), people)
    record = prepare(problem, seed="s", tickets=10, alternates=0).bundle
    record["certificate"] |= {
        "lottery": [{"weight": 0.8, "counts": [[0, 1]]}, {"weight": 0.2, "counts": [[1, 1]]}],
        "cuts": [{"prices": [[1, scale]], "bound": 0.2 * scale}],
        "steps": [
            {"level": 0.1, "types": [1], "multipliers": [[3, 1.0 / scale]]},
            {"level": 0.4, "types": [0], "multipliers": [[0, 1.0]]},
        ],
    }
    record["tickets"] = [["P-0"]] * 4 + [["P-1"]] * 4 + [["P-2"], ["P-3"]]
    record["probabilities"] = {"P-0": 0.4, "P-1": 0.4, "P-2": 0.1, "P-3": 0.1}
    record["statement"] = {"exact": True, "minimum": 0.1, "upper_bound": 0.1, "largest_change": 0.0}
    record["commitment"] = bundles.fingerprint(record)
    return record


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e-9, 1e-12])
def test_a_false_condition_is_found_however_small_its_numbers(scale: float) -> None:
    with pytest.raises(DoesNotHold, match=r"not every panel satisfies|prove nothing"):
        verify(unfair(scale=scale))
