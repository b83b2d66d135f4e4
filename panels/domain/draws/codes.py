"""Pseudonyms, and the code by which a volunteer alone can show which pseudonym is theirs.

Pseudonyms are drawn anew for every draw: the order in which people registered does not show in what is published. A
code is a keyed hash of the pseudonym; only its hash (the seal) is ever published.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from panels.lottery import tree
from panels.models import Draw

CODE_LENGTH = 16  # 80 bits
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words
# Initials that nobody should have to carry on a screen in a public room.
_AVOIDED = frozenset({"SS", "HH", "KK", "WC", "PD", "FN", "RN", "LR", "PS", "PC", "NZ", "KZ"})
_PAIRS = [a + b for a in _CONSONANTS for b in _CONSONANTS if a + b not in _AVOIDED]


def pseudonyms_for(references: Sequence[str]) -> dict[str, str]:
    """A random pseudonym (KT-47) for each reference."""
    per_pair = 100 if len(references) <= 10_000 else 10_000
    numbers = secrets.SystemRandom().sample(range(len(_PAIRS) * per_pair), len(references))
    width = len(str(per_pair - 1))
    return {
        reference: f"{_PAIRS[number // per_pair]}-{number % per_pair:0{width}d}"
        for reference, number in zip(references, numbers, strict=True)
    }


def code_for(draw: Draw, pseudonym: str) -> str:
    """The code of one volunteer in this draw: four groups of four letters and digits."""
    code = hmac.new(bytes.fromhex(draw.secret), pseudonym.encode(), hashlib.sha256).digest()
    # Crockford's alphabet has no I, L, O and U, which are misread.
    plain = base64.b32encode(code).decode()[:CODE_LENGTH]
    letters = plain.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def seals_for(draw: Draw) -> dict[str, str]:
    """The hash of each code, which is published, by pseudonym."""
    return {name: tree.seal(code_for(draw, name)) for name in draw.pseudonyms.values()}
