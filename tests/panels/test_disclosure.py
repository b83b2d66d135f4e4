"""No published count between 1 and 4, and none that can be worked out from the others."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.disclosure import merge_small, rounded

counts_ = st.lists(st.integers(0, 30), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ([9, 9], [(0, 1), (1, 2)]),
        ([3, 6, 9], [(0, 2), (2, 3)]),
        ([2, 3, 4, 5, 4], [(0, 3), (3, 5)]),
        ([5, 4, 5, 4], [(0, 2), (2, 4)]),  # of two ways with as many groups, the more even one
        ([0, 9, 9], [(0, 1), (1, 2), (2, 3)]),
        ([4, 14], None),  # one would give away the other
        ([0, 18], None),
        ([2, 2], None),
        ([], None),
    ],
)
def test_neighbours_are_merged_until_no_small_cell_is_left(
    counts: list[int], groups: list[tuple[int, int]] | None
) -> None:
    found = merge_small(counts)

    assert ([(group.start, group.stop) for group in found] if found else None) == groups


@given(counts_)
def test_every_published_sum_is_none_or_at_least_five_and_the_total_stays(counts: list[int]) -> None:
    groups = merge_small(counts)

    if groups is not None:
        sums = [sum(counts[i] for i in group) for group in groups]
        assert all(total == 0 or total >= 5 for total in sums)
        assert sum(sums) == sum(counts)
        assert [groups[0].start, groups[-1].stop] == [0, len(counts)]
        assert all(before.stop == after.start for before, after in pairwise(groups))


@given(st.integers(0, 500))
def test_rounding_to_five_moves_a_count_by_two_at_most(count: int) -> None:
    assert rounded(count) % 5 == 0
    assert abs(rounded(count) - count) <= 2
