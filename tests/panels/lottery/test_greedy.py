"""What greedy drawing does, counted."""

from collections import Counter

import numpy as np
import pytest

from panels.lottery import Cancelled, Person, Problem, Quota, greedy
from panels.lottery.greedy import _Lanes, _Pool
from panels.lottery.types import Ints


def person(number: int, *, household: str = "", **values: str) -> Person:
    return Person(f"P-{number:03d}", values, household or None)


def mixed(size: int = 6) -> Problem:
    people = tuple(
        person(n, sex="f" if n % 3 else "m", age="old" if n % 4 else "young", household=f"H{n // 2}") for n in range(40)
    )
    quotas = (Quota("sex", "f", 2, 4), Quota("sex", "m", 2, 4), Quota("age", "old", 3, 4), Quota("age", "young", 2, 3))
    return Problem(size, quotas, people)


def test_every_panel_meets_quotas_and_households() -> None:
    problem, rng = mixed(), np.random.default_rng(1)
    lanes = _Lanes(_Pool(problem), 300)
    panels: list[Ints] = []
    given_up = 0
    while lanes.busy:
        found, failed = lanes.step(rng)
        panels, given_up = panels + found, given_up + failed

    assert len(panels) + given_up == 300
    for panel in panels:
        seated = [problem.people[i] for i in panel]
        assert len({one.household for one in seated}) == len(seated) == problem.size
        counts = Counter(pair for one in seated for pair in one.values.items())
        assert all(quota.minimum <= counts[quota.feature, quota.value] <= quota.maximum for quota in problem.quotas)


def test_people_who_are_alike_get_about_the_same_and_all_add_up_to_the_seats() -> None:
    people = tuple(person(n, sex="f" if n < 5 else "m") for n in range(20))
    problem = Problem(4, (Quota("sex", "f", 2, 2), Quota("sex", "m", 2, 2)), people)

    found = greedy.compare(problem, draws=3000, seed="s")

    assert sum(found.probabilities.values()) == pytest.approx(4)
    assert (found.draws, found.failed, found.capped, found.never) == (3000, 0, False, 0)
    for n in range(20):
        assert found.probabilities[f"P-{n:03d}"] == pytest.approx(2 / 5 if n < 5 else 2 / 15, abs=0.04)


def test_same_seed_gives_the_same_counts_and_another_others() -> None:
    first, again, other = (greedy.compare(mixed(), draws=200, seed=seed) for seed in ("a", "a", "b"))

    assert first == again
    assert first.probabilities != other.probabilities


def test_attempts_without_a_panel_are_counted_not_hidden() -> None:
    people = tuple(person(n, sex="f", age="old") for n in range(6))
    impossible = Problem(2, (Quota("sex", "f", 0, 2), Quota("age", "old", 0, 1)), people)

    found = greedy.compare(impossible, draws=5, seed="s")

    assert (found.draws, found.failed, found.minimum, found.never) == (0, 5, 0.0, 6)


def test_the_limit_is_told() -> None:
    assert greedy.compare(mixed(), draws=100_000, seed="s", limit_seconds=0.0).capped is True


def test_it_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        greedy.compare(mixed(), draws=20_000, seed="s", tell=lambda part: part < 0.2)
