"""What may be published about few people: no count between 1 and 4, and none that can be worked out from the others.

Small cells are merged with their neighbours until the sum is large enough. Merging (rather than blanking) keeps the
total true and leaves nothing to subtract: each published sum is 0 or at least five, so no single person stands in one.
"""

from collections.abc import Sequence
from functools import cache

from conference.rules import SMALL_CELL


def merge_small(counts: Sequence[int]) -> list[range] | None:
    """How to group neighbouring cells so that as many as possible are published; None if nothing may be.

    A single cell of zero may stand alone; every other group sums to five or more.
    """

    def allowed(start: int, stop: int) -> bool:
        total = sum(counts[start:stop])
        return total >= SMALL_CELL or (total == 0 and stop - start == 1)

    def worth(groups: tuple[range, ...]) -> tuple[int, int]:
        """More groups first, then more even ones."""
        return len(groups), -sum(sum(counts[i] for i in group) ** 2 for group in groups)

    @cache
    def best(start: int) -> tuple[range, ...] | None:
        if start == len(counts):
            return ()
        found: tuple[range, ...] | None = None
        for stop in range(start + 1, len(counts) + 1):
            rest = best(stop) if allowed(start, stop) else None
            if rest is not None and (found is None or worth((range(start, stop), *rest)) > worth(found)):
                found = (range(start, stop), *rest)
        return found

    groups = best(0)
    # One single sum says nothing but the total; groups of zero beside it would give it away just the same.
    return list(groups) if groups and sum(1 for group in groups if sum(counts[i] for i in group)) > 1 else None


def rounded(count: int) -> int:
    """To the nearest five: for figures that change one by one under the reader's eyes, such as a pool that fills."""
    return SMALL_CELL * round(count / SMALL_CELL)
