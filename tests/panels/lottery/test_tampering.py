"""A forger who changes one thing of a bundle, and writes a new fingerprint, is found at whatever they changed.

What only the announced fingerprint can find stands in ``left_to_the_fingerprint``, and nowhere else.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from panels.lottery import Prepared, prepare, tree
from panels.lottery import bundle as bundles
from panels.lottery.verify import DoesNotHold, verify
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
