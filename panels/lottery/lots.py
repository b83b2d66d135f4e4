"""Chance from a text: every random choice is read off SHA-256, so that anyone can make it again in any language."""

import hashlib
from collections.abc import Sequence

import numpy as np

_WORD = 1 << 64


def digest(*parts: object) -> str:
    """SHA-256, in hexadecimal, of the parts joined by ``|``."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def number_below(limit: int, *parts: object) -> int:
    """A number from 0 to limit - 1, each equally likely: the first 64-bit word below the largest multiple of the
    limit.
    """
    fair = _WORD // limit * limit
    counter = 0
    while True:
        word = int(digest(*parts, counter)[:16], 16)
        if word < fair:
            return word % limit
        counter += 1


def shuffled[T](items: Sequence[T], *parts: object) -> list[T]:
    """Fisher and Yates, one lot a position."""
    result = list(items)
    for i in range(len(result) - 1, 0, -1):
        j = number_below(i + 1, *parts, i)
        result[i], result[j] = result[j], result[i]
    return result


def generator(*parts: object) -> np.random.Generator:
    """A stream of numbers for the many choices inside the method; PCG64 gives the same stream on every machine."""
    return np.random.Generator(np.random.PCG64(int(digest(*parts), 16)))
