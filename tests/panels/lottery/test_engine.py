"""The engine's parts against their own definitions: other methods, mended panels, tickets, and the same bytes anywhere."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from panels import lottery
from panels.lottery.balance import balanced
from panels.lottery.columns import Oracle, whole_region
from panels.lottery.polytope import polytope_of
from panels.lottery.types import types_of
from tests.panels.lottery.definition import all_panels, leximin_by_definition
from tests.panels.lottery.pools import gap_problems, made_up, tiny_problems

ROOT = Path(__file__).resolve().parents[3]


def _nash_holds(problem: lottery.Problem) -> None:
    """No panel is worth more at the prices 1 / chance than the lottery itself, which is the optimum's own condition."""
    panels = all_panels(problem)
    if not panels:
        return
    result = lottery.draw(problem, method="nash", seed="tiny", tickets=10, alternates=0)
    chances = [result.probabilities[person.id] for person in problem.people]
    able = {i for panel in panels for i in panel}
    assert {i for i, chance in enumerate(chances) if chance > 1e-9} == able
    assert result.exact
    assert max(sum(1.0 / chances[i] for i in panel) for panel in panels) <= len(able) * (1 + 2e-5)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(gap_problems())
def test_nash_is_the_largest_product_where_fractions_of_people_do_better(problem: lottery.Problem) -> None:
    _nash_holds(problem)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(tiny_problems())
def test_nash_is_the_largest_product(problem: lottery.Problem) -> None:
    _nash_holds(problem)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(gap_problems())
def test_maximin_has_the_best_minimum_of_all_lotteries(problem: lottery.Problem) -> None:
    if not all_panels(problem):
        return
    result = lottery.draw(problem, method="maximin", seed="tiny", tickets=10, alternates=0)
    assert result.exact
    assert result.minimum == pytest.approx(min(leximin_by_definition(problem)), abs=1e-6)


@pytest.mark.parametrize("households", [False, True])
def test_panels_found_by_exchanges_meet_every_condition(households: bool) -> None:
    types = types_of(made_up(150, 20, features=6, seed=9, households=households))
    polytope = polytope_of(types)
    oracle, rng = Oracle(polytope), np.random.default_rng(1)
    found = [oracle.find(-rng.random(types.size), whole_region(polytope), patient=False) for _ in range(40)]
    panels = np.array([panel for panel in found if panel is not None])
    assert len(panels) >= 30
    rows = panels @ types.matrix.T
    assert (rows >= types.lower).all()
    assert (rows <= types.upper).all()
    assert (panels >= 0).all()
    assert (panels <= types.cap).all()
    assert (panels == np.round(panels)).all()


def test_balance_meets_the_point_or_says_that_it_cannot() -> None:
    panels = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    weights = balanced(panels, np.full(3, 1 / 3), np.array([0.9, 0.6, 0.5]))
    assert weights is not None
    assert weights @ panels == pytest.approx([0.9, 0.6, 0.5], abs=1e-9)
    assert balanced(panels, np.full(3, 1 / 3), np.array([1.2, 0.6, 0.2])) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tickets_change_no_chance_by_much_more_than_one_of_them(seed: int) -> None:
    result = lottery.draw(made_up(120, 20, features=5, seed=seed, households=seed == 2), seed="a", alternates=0)
    assert result.largest_change <= 1.5 / 1000


def test_the_same_bytes_in_another_process_with_other_hashes_and_threads(tmp_path: Path) -> None:
    code = (
        "from panels import lottery\n"
        "from panels.lottery.bundle import canonical\n"
        "from tests.panels.lottery.pools import made_up\n"
        "import sys\n"
        "for method in lottery.METHODS:\n"
        "    bundle = lottery.draw(made_up(120, 18, features=5, seed=3, households=True), method=method, seed='a').bundle\n"
        "    sys.stdout.buffer.write(canonical(bundle))\n"
    )

    def made(hashes: str, threads: str) -> bytes:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hashes,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
        }
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment
        ).stdout

    first = made("1", "1")
    assert len(first) > 100_000
    assert made("2", "2") == first
