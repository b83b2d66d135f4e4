"""A hash tree over the pool (RFC 6962, section 2.1): its root is published before the draw, and each registrant can show
with their own code that they were in the pool when it was.

A leaf is the SHA-256 of a zero byte and the person's record in canonical form, with the seal of their code; a node is
that of a one byte and its two children. The codes themselves are published nowhere.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from panels.lottery.bundle import canonical, problem_record
from panels.lottery.problem import Problem, UnusableInput

_MISREAD = str.maketrans("OIL", "011")
_HEX = re.compile("[0-9a-f]{64}")


def seal(code: str) -> str:
    """SHA-256, in hexadecimal, of a code without regard to case, spaces and hyphens; O is read as 0, I and L as 1."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.translate(_MISREAD).encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """That one record stands at ``position`` of a tree of ``size`` leaves with this root.

    ``siblings`` are the hashes (hexadecimal) to combine with, from the leaf upwards.
    """

    record: dict[str, Any]
    position: int
    size: int
    siblings: tuple[str, ...]
    root: str

    def to_json(self) -> dict[str, Any]:
        return {"format": "concitoyen-proof-1", **asdict(self), "siblings": list(self.siblings)}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Proof":
        """Raises ``UnusableInput`` when this is not a proof."""
        try:
            record = dict(written["record"])
            record = {"id": str(record["id"]), **record, "values": dict(record["values"])}
            return cls(
                record=record,
                position=int(written["position"]),
                size=int(written["size"]),
                siblings=tuple(str(sibling) for sibling in written["siblings"]),
                root=str(written["root"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableInput(f"This is not a proof: {error!r}.") from error


class Tree:
    """All hashes of a pool, so that each proof is a matter of a few look-ups."""

    def __init__(self, problem: Problem, seals: Mapping[str, str]) -> None:
        self.records = leaf_records(problem, seals)
        self.position = {record["id"]: i for i, record in enumerate(self.records)}
        self.known: dict[tuple[int, int], bytes] = {}
        self.leaves = [_leaf(record) for record in self.records]
        self.root = self._hash(0, len(self.leaves)).hex()

    def _hash(self, start: int, end: int) -> bytes:
        if (start, end) not in self.known:
            if end - start == 1:
                return self.leaves[start]
            middle = start + _split(end - start)
            self.known[start, end] = _node(self._hash(start, middle), self._hash(middle, end))
        return self.known[start, end]

    def proof(self, name: str) -> Proof:
        """Raises ``UnusableInput`` for somebody who is not in the pool."""
        if name not in self.position:
            raise UnusableInput(f"Not in the pool: {name}.")
        place, start, end = self.position[name], 0, len(self.leaves)
        siblings: list[str] = []
        while end - start > 1:
            middle = start + _split(end - start)
            if place < middle:
                siblings.append(self._hash(middle, end).hex())
                end = middle
            else:
                siblings.append(self._hash(start, middle).hex())
                start = middle
        return Proof(self.records[place], place, len(self.leaves), tuple(reversed(siblings)), self.root)


def leaf_records(problem: Problem, seals: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the leaves are hashed from, in the order of the pseudonyms."""
    people = problem_record(problem)["people"]
    if set(seals) != {person["id"] for person in people}:
        raise UnusableInput("Each person of the pool needs one seal, and nobody else has one.")
    if len(set(seals.values())) != len(seals):
        raise UnusableInput("Two people have the same code: each would take the other's entry for their own.")
    if not all(isinstance(made, str) and _HEX.fullmatch(made) for made in seals.values()):
        raise UnusableInput("A seal is a SHA-256 in 64 hexadecimal digits.")
    return [{**person, "seal": seals[person["id"]]} for person in people]


def root_of(problem: Problem, seals: Mapping[str, str]) -> str:
    return Tree(problem, seals).root


def prove(problem: Problem, seals: Mapping[str, str], name: str) -> Proof:
    return Tree(problem, seals).proof(name)


def holds(proof: Proof, root: str) -> bool:
    """Whether the record of the proof stands under this root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= proof.position < proof.size:
        return False
    try:
        siblings = [bytes.fromhex(sibling) for sibling in proof.siblings]
    except ValueError:
        return False
    found, at, last = _leaf(proof.record), proof.position, proof.size - 1
    for sibling in siblings:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _node(sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found.hex() == root.lower()


def opens(proof: Proof, code: str) -> bool:
    """Whether this code is the one whose seal the record bears."""
    return proof.record.get("seal") == seal(code)


def _leaf(record: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(record)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
