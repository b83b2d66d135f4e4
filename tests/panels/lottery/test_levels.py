"""Leximin level by level over panels, which takes over where cutting the relaxation would take too many cuts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.lottery_instances import Plan, make
from panels import lottery
from panels.lottery import Problem
from panels.lottery.feasibility import check_types
from panels.lottery.files import read_problem
from panels.lottery.levels import levels_of
from panels.lottery.lots import generator
from panels.lottery.polytope import polytope_of
from panels.lottery.types import types_of
from tests.panels.lottery.definition import leximin_by_definition
from tests.panels.lottery.pools import gap_problems, tiny_problems


@settings(max_examples=150, deadline=None)
@given(tiny_problems() | gap_problems())
def test_the_levels_are_those_of_the_definition(problem: Problem) -> None:
    types = types_of(problem)
    if not check_types(types, extremes=False).feasible:
        return
    found = levels_of(polytope_of(types), [], generator("test"), lambda _part: True)
    assert found.complete
    chances = (found.weights @ found.pool / types.count)[types.of_person]
    assert sorted(chances) == pytest.approx(sorted(leximin_by_definition(problem)), abs=1e-6)
    for level in found.levels:
        assert np.max(found.pool @ level.cut.prices) <= level.cut.bound + 1e-9


def tight(folder: Path, people: int, seats: int, features: int, seed: int) -> Problem:
    plan = Plan("tight", people, seats, features, households=0.05, seed=seed)
    made = make(plan, folder)
    return read_problem(made / "features.csv", made / "people.csv", size=seats, household_column="household")


@pytest.mark.parametrize(("method", "seed"), [("leximin", 1), ("maximin", 1), ("leximin", 4)])
def test_quotas_so_tight_that_fractions_do_what_panels_cannot(tmp_path: Path, method: str, seed: int) -> None:
    """The relaxation needs dozens of cuts here, and loses its way among them."""
    result = lottery.draw(tight(tmp_path, 80, 10, 6, seed), method=method, seed="s", tickets=200)
    assert result.exact
    assert result.distinct_panels > 5
    assert min(chance for chance in result.probabilities.values() if chance > 0) > 0.01


def test_a_time_limit_keeps_what_was_proved(tmp_path: Path) -> None:
    types = types_of(tight(tmp_path, 80, 10, 6, 4))
    asked = 0

    def few(_part: float) -> bool:
        nonlocal asked
        asked += 1
        return asked < 30

    found = levels_of(polytope_of(types), [], generator("test"), few)
    assert not found.complete
    assert 0 < len(found.levels) < 52
    assert found.weights.sum() == pytest.approx(1.0)
    chances = found.weights @ found.pool / types.count
    for level in found.levels:
        assert chances[level.types] == pytest.approx(np.full(len(level.types), level.level), abs=1e-6)
