"""Leximin from its definition, by listing every panel: slow, simple, and written apart from the engine."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import highspy
import numpy as np

from panels.lottery import Problem


def all_panels(problem: Problem) -> list[tuple[int, ...]]:
    """Every set of people that meets every quota, at most one of a household."""

    def clean(text: str | None) -> str:
        return " ".join((text or "").lower().split())

    found = []
    for chosen in combinations(range(len(problem.people)), problem.size):
        homes = [clean(problem.people[i].household) for i in chosen if clean(problem.people[i].household)]
        if len(homes) != len(set(homes)):
            continue
        if all(
            quota.minimum
            <= sum(
                clean({clean(f): v for f, v in problem.people[i].values.items()}[clean(quota.feature)])
                == clean(quota.value)
                for i in chosen
            )
            <= quota.maximum
            for quota in problem.quotas
        ):
            found.append(chosen)
    return found


def _best(panels: list[tuple[int, ...]], people: int, floors: Sequence[float | None], aims: list[int]) -> float:
    """The highest level that all of ``aims`` can have at once while everybody fixed keeps their floor."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    inf = highspy.kHighsInf
    for _ in panels:
        highs.addVar(0.0, inf)
    level = len(panels)
    highs.addVar(0.0, 1.0)
    highs.changeColCost(level, -1.0)
    highs.addRow(1.0, 1.0, len(panels), np.arange(len(panels), dtype=np.int32), np.ones(len(panels)))
    for person in range(people):
        holding = [p for p, panel in enumerate(panels) if person in panel]
        if person in aims:
            highs.addRow(
                0.0,
                inf,
                len(holding) + 1,
                np.array([*holding, level], np.int32),
                np.array([1.0] * len(holding) + [-1.0]),
            )
        floor = floors[person]
        if floor is not None:
            highs.addRow(floor - 1e-9, inf, len(holding), np.array(holding, np.int32), np.ones(len(holding)))
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return -float(highs.getInfo().objective_function_value)


def leximin_by_definition(problem: Problem) -> list[float]:
    """Round by round: the best level for all who are not fixed; then those are fixed who cannot be lifted above it
    alone.
    """
    panels, people = all_panels(problem), len(problem.people)
    fixed: list[float | None] = [None] * people
    while any(floor is None for floor in fixed):
        open_ = [i for i in range(people) if fixed[i] is None]
        level = _best(panels, people, fixed, open_)
        floors = [level if floor is None else floor for floor in fixed]
        stuck = [i for i in open_ if _best(panels, people, floors, [i]) < level + 1e-7]
        assert stuck
        for i in stuck:
            fixed[i] = level
    return [floor for floor in fixed if floor is not None]
