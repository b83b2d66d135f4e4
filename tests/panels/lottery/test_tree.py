"""The hash tree: every member can prove to be in it, and nobody else can."""

import dataclasses
import hashlib
import json
from typing import Any

import pytest

from panels.lottery import Person, Problem, Quota, UnusableInput, tree
from panels.lottery.bundle import canonical

QUOTAS = (Quota("sex", "f", 0, 99), Quota("sex", "m", 0, 99))


def pool(size: int) -> tuple[Problem, dict[str, str]]:
    people = tuple(Person(f"P-{n:03d}", {"sex": "f" if n % 2 else "m"}, f"H{n % 7}") for n in range(size))
    return Problem(1, QUOTAS, people), {person.id: tree.seal(f"code of {person.id}") for person in people}


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = max(2**i for i in range(20) if 2**i < len(leaves))
    return hashlib.sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])
def test_root_is_that_of_the_definition_and_every_member_can_prove_it(size: int) -> None:
    problem, seals = pool(size)
    made = tree.Tree(problem, seals)

    assert made.root == by_definition([canonical(record) for record in tree.leaf_records(problem, seals)]).hex()
    for person in problem.people:
        proof = made.proof(person.id)
        assert tree.holds(proof, made.root)
        assert len(proof.siblings) <= (size - 1).bit_length()


def test_published_roots_of_the_first_log_come_out() -> None:
    """The eight leaves of the test vectors of Certificate Transparency, by the same two hashes."""
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    leaves.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))

    assert by_definition(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize(
    "change",
    [
        {"position": 4},
        {"position": -1},
        {"position": 11},
        {"size": 20},
        {"siblings": ()},
        {"siblings": ("00" * 32,) * 4},
        {"siblings": ("no hash",) * 4},
        {"record": {"id": "P-003", "values": {"sex": "m"}, "seal": tree.seal("code of P-003")}},
    ],
)
def test_a_proof_that_was_changed_holds_no_more(change: dict[str, Any]) -> None:
    problem, seals = pool(11)
    made = tree.Tree(problem, seals)
    proof = made.proof("P-003")

    assert tree.holds(proof, made.root)
    assert not tree.holds(dataclasses.replace(proof, **change), made.root)


def test_another_root_is_not_proved() -> None:
    problem, seals = pool(11)

    assert not tree.holds(tree.prove(problem, seals, "P-003"), "00" * 32)


def test_a_code_opens_its_own_record_however_it_is_typed() -> None:
    problem, _seals = pool(5)
    proof = tree.prove(problem, {p.id: tree.seal(f"ABCD-123{n}") for n, p in enumerate(problem.people)}, "P-002")

    typed = ("ABCD-1232", "abcd 1232", "ABCD-l232", "ABCD-1233", "")
    assert [tree.opens(proof, code) for code in typed] == [True, True, True, False, False]


def test_a_proof_survives_being_written_down() -> None:
    problem, seals = pool(9)
    proof = tree.prove(problem, seals, "P-008")

    again = tree.Proof.from_json(json.loads(json.dumps(proof.to_json())))

    assert (again, tree.holds(again, proof.root)) == (proof, True)


@pytest.mark.parametrize(
    "broken", [{}, {"record": 1}, {"record": {}, "position": "x", "size": 1, "siblings": [], "root": ""}]
)
def test_what_is_no_proof_is_told(broken: dict[str, Any]) -> None:
    with pytest.raises(UnusableInput, match="not a proof"):
        tree.Proof.from_json(broken)


def test_seals_must_cover_exactly_the_pool() -> None:
    problem, seals = pool(3)

    with pytest.raises(UnusableInput, match="one seal"):
        tree.root_of(problem, {**seals, "P-999": "00"})
    with pytest.raises(UnusableInput, match="Not in the pool"):
        tree.prove(problem, seals, "P-999")


def test_one_code_for_two_people_is_refused() -> None:
    """Both would be shown the same entry, and one of them would be missing without noticing."""
    problem, seals = pool(3)

    with pytest.raises(UnusableInput, match="same code"):
        tree.root_of(problem, {**seals, "P-001": seals["P-000"]})
    with pytest.raises(UnusableInput, match="64 hexadecimal"):
        tree.root_of(problem, {**seals, "P-001": "not a hash"})
