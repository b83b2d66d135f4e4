"""On pools too large to list: neither the smallest level of the lottery nor the next one can be bettered."""

import pytest

from panels import lottery
from panels.lottery import Problem
from tests.panels.lottery.pools import made_up
from tests.panels.lottery.two_levels import best_level

SAME = 1e-6


def could_be(problem: Problem, method: str) -> tuple[list[float], list[float]]:
    """The two smallest levels of the lottery, and the best that each could be."""
    result = lottery.draw(problem, method=method, seed="s", tickets=100, alternates=0)
    assert result.exact
    order = [person.id for person in problem.people]
    chances = [result.probabilities[name] for name in order]
    panels = list({frozenset(order.index(name) for name in ticket) for ticket in result.tickets})

    smallest = min(chances)
    lowest = [i for i, chance in enumerate(chances) if chance < smallest + SAME]
    levels, best = [smallest], [best_level(problem, {}, list(range(len(order))), panels)]
    others = [i for i in range(len(order)) if i not in lowest]
    if others:
        floors = dict.fromkeys(lowest, smallest - 1e-9)  # a breath below: rounding must not make them impossible
        levels.append(min(chances[i] for i in others))
        best.append(best_level(problem, floors, others, panels))
    return levels, best


POOLS = [
    (60, 12, 3, 1, False),
    (60, 12, 3, 2, True),
    (90, 15, 4, 3, False),
    (120, 18, 4, 4, True),
    (150, 18, 3, 5, False),
    (200, 20, 5, 6, True),
]


@pytest.mark.parametrize(("people", "seats", "features", "seed", "households"), POOLS)
def test_the_two_smallest_levels_cannot_be_bettered(
    people: int, seats: int, features: int, seed: int, households: bool
) -> None:
    levels, best = could_be(made_up(people, seats, features=features, seed=seed, households=households), "leximin")
    assert levels == pytest.approx(best, abs=SAME)


def test_this_check_finds_a_lottery_that_stops_at_the_smallest_level() -> None:
    """Maximin looks no further: then the next level can be bettered, and the check says so."""
    levels, best = could_be(made_up(90, 15, features=4, seed=3), "maximin")
    assert levels[0] == pytest.approx(best[0], abs=SAME)
    assert best[1] > levels[1] + 1e-3
