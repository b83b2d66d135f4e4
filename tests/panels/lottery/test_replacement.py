"""Who takes a free seat: the one who repairs the quotas, by a recorded lot among equals."""

from collections import Counter
from itertools import combinations

import pytest

from panels import lottery
from panels.lottery import Person, Problem, Quota
from tests.panels.lottery.pools import made_up


def cost(problem: Problem, ids: tuple[str, ...]) -> float:
    people = {person.id: person for person in problem.people}
    total = 0.0
    for quota in problem.quotas:
        seats = sum(people[name].values[quota.feature] == quota.value for name in ids)
        total += max(0, quota.minimum - seats, seats - quota.maximum) / max(1, quota.maximum)
    return total


@pytest.mark.parametrize("free", [1, 2, 3])
def test_the_best_is_what_trying_everybody_finds(free: int) -> None:
    problem = made_up(26, 8, features=3, seed=11)
    panel = lottery.draw(problem, seed="a", tickets=20).panel
    seated, others = panel[free:], tuple(p.id for p in problem.people if p.id not in panel)
    found = lottery.choose_replacement(problem, seated=seated, candidates=others, seed="s", round=1)
    best = min(cost(problem, seated + extra) for extra in combinations(others, free))
    assert found.reachable == pytest.approx(best)
    assert found.chosen in found.tied
    rest = [name for name in others if name != found.chosen]
    assert found.chosen is not None
    assert min(cost(problem, (*seated, found.chosen, *e)) for e in combinations(rest, free - 1)) == pytest.approx(best)


def test_the_lot_is_recorded_and_differs_by_round() -> None:
    people = tuple(Person(f"p{i}", {"a": "x"}) for i in range(12))
    problem = Problem(3, (Quota("a", "x", 3, 3),), people)
    seated, others = ["p0", "p1"], [f"p{i}" for i in range(2, 12)]
    rounds = [
        lottery.choose_replacement(problem, seated=seated, candidates=others, seed="s", round=number)
        for number in range(200)
    ]
    again = lottery.choose_replacement(problem, seated=seated, candidates=others[::-1], seed="s", round=7)
    assert again == rounds[7]
    assert rounds[0].tied == tuple(sorted(others))
    assert len({found.lot for found in rounds}) == 200
    assert set(Counter(found.chosen for found in rounds)) == set(others)


def test_deviations_are_told_before_and_after() -> None:
    people = (Person("a", {"s": "f"}), Person("b", {"s": "m"}), Person("c", {"s": "f"}), Person("d", {"s": "m"}))
    problem = Problem(2, (Quota("s", "f", 1, 1), Quota("s", "m", 1, 1)), people)
    found = lottery.choose_replacement(problem, seated=["a"], candidates=["c", "d"], seed="s", round=1)
    assert found.chosen == "d"
    assert (found.cost_before, found.cost_after) == (1.0, 0.0)
    assert [(d.value, d.before, d.after) for d in found.deviations] == [("f", 0, 0), ("m", -1, 0)]


def test_a_household_never_sits_twice() -> None:
    people = (Person("a", {"s": "f"}, "h1"), Person("b", {"s": "m"}, " H1 "), Person("c", {"s": "f"}, "h2"))
    problem = Problem(2, (Quota("s", "f", 1, 1), Quota("s", "m", 1, 1)), people)
    found = lottery.choose_replacement(problem, seated=["a"], candidates=["b", "c"], seed="s", round=1)
    assert found.chosen == "c"
    assert lottery.choose_replacement(problem, seated=["a"], candidates=["b"], seed="s", round=1).chosen is None


def test_a_full_panel_needs_nobody_and_strangers_are_refused() -> None:
    people = (Person("a", {"s": "f"}), Person("b", {"s": "f"}))
    problem = Problem(1, (Quota("s", "f", 1, 1),), people)
    assert lottery.choose_replacement(problem, seated=["a"], candidates=["b"], seed="s", round=1).chosen is None
    with pytest.raises(lottery.UnusableInput, match="nobody"):
        lottery.choose_replacement(problem, seated=["nobody"], candidates=["b"], seed="s", round=1)
