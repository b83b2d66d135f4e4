"""Whether the two smallest levels of a lottery can be bettered, over all panels, without listing them.

Written apart from the engine and from the definition: the best level is bounded from above by a Lagrangian dual. For any
weights w on people, no lottery gives a weighted sum of chances above the weight of the heaviest panel, which one integer
program finds. Panels are added until the bound meets what they can do together (Dantzig and Wolfe, 1960).
"""

from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np

from panels.lottery import Problem

NEAR = 1e-7
DEAR = 1000.0


def _solver() -> Any:
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs


def heaviest(problem: Problem, weights: list[float]) -> tuple[float, frozenset[int]]:
    """The panel of the greatest weight, within the quotas and with one of a household."""
    highs, count = _solver(), len(problem.people)
    for weight in weights:
        highs.addVar(0.0, 1.0)
        highs.changeColCost(highs.getNumCol() - 1, -weight)
        highs.changeColIntegrality(highs.getNumCol() - 1, highspy.HighsVarType.kInteger)

    def among(chosen: list[int], low: float, high: float) -> None:
        highs.addRow(low, high, len(chosen), np.array(chosen, np.int32), np.ones(len(chosen)))

    among(list(range(count)), problem.size, problem.size)
    for quota in problem.quotas:
        holders = [i for i, person in enumerate(problem.people) if person.values[quota.feature] == quota.value]
        among(holders, quota.minimum, quota.maximum)
    homes: dict[str, list[int]] = {}
    for i, person in enumerate(problem.people):
        if person.household:
            homes.setdefault(person.household, []).append(i)
    for together in homes.values():
        if len(together) > 1:
            among(together, 0, 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = highs.getSolution().col_value
    panel = frozenset(i for i in range(count) if values[i] > 0.5)
    return sum(weights[i] for i in panel), panel


def best_level(problem: Problem, floors: Mapping[int, float], aims: list[int], start: list[frozenset[int]]) -> float:
    """An upper bound, tight to 1e-7, of the level that all of ``aims`` can have while the others keep their floors."""
    panels = list(start)
    while True:
        value, cover, total = _master(panels, floors, aims)
        weights = [cover.get(i, 0.0) for i in range(len(problem.people))]
        heavy, panel = heaviest(problem, weights)
        bound = heavy - sum(cover[i] * floor for i, floor in floors.items())
        assert abs(total - 1.0) < 1e-6  # the weights of those aimed at add up to one: the bound is a bound
        if bound - value < NEAR or panel in panels:
            return bound
        panels.append(panel)


def _master(
    panels: list[frozenset[int]], floors: Mapping[int, float], aims: list[int]
) -> tuple[float, dict[int, float], float]:
    """What these panels can do together; the weights (duals) of people, and the sum of those aimed at."""
    highs, inf = _solver(), highspy.kHighsInf
    for _panel in panels:
        highs.addVar(0.0, inf)
    level = len(panels)
    highs.addVar(-inf, inf)
    highs.changeColCost(level, -1.0)
    short = highs.getNumCol()
    highs.addVar(0.0, inf)  # what the floors lack while panels are still too few: dear
    highs.changeColCost(short, DEAR)
    highs.addRow(1.0, 1.0, level, np.arange(level, dtype=np.int32), np.ones(level))
    people = [*floors, *aims]
    for person in people:
        holding = [p for p, panel in enumerate(panels) if person in panel]
        aimed = person in aims and person not in floors
        columns = np.array([*holding, level if aimed else short], np.int32)
        factors = np.array([1.0] * len(holding) + [-1.0 if aimed else 1.0])
        highs.addRow(0.0 if aimed else floors[person], inf, len(columns), columns, factors)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    duals = highs.getSolution().row_dual
    cover = {person: abs(duals[row + 1]) for row, person in enumerate(people)}
    return -highs.getInfo().objective_function_value, cover, sum(cover[i] for i in aims)
