"""A thin hand on HiGHS: one thread, fixed seed, arrays in and out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from panels.lottery.types import Array, Ints

try:
    import highspy
    from highspy import _Highs  # type: ignore[attr-defined]
except ImportError:  # a published draw can be checked without a solver
    highspy = None  # type: ignore[assignment]

INFINITY = float("inf")  # as HiGHS has it
_FEASIBLE = 2  # HiGHS: a solution that satisfies every bound


class SolverTrouble(RuntimeError):  # noqa: N818 - it says what it is
    """HiGHS ended in a state that no answer can be read from."""


class NoSolver(ImportError):  # noqa: N818
    """HiGHS is not installed, and this cannot be done without it."""


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix by its entries that are not zero, each place at most once."""

    shape: tuple[int, int]
    row: Ints
    column: Ints
    value: Array


@dataclass(frozen=True)
class Answer:
    """``values`` and the rest are empty when the program has no solution."""

    feasible: bool
    objective: float
    values: Array
    row_duals: Array
    reduced: Array
    proved: bool = True  # False: a limit stopped the search; the values are the best found


NOTHING = Answer(False, 0.0, np.zeros(0), np.zeros(0), np.zeros(0))


class Program:
    """Minimise cost.x under lower <= x <= upper and row_lower <= matrix.x <= row_upper; changed in place, solved
    warm.
    """

    def __init__(
        self,
        *,
        cost: Array,
        lower: Array,
        upper: Array,
        matrix: Array | Sparse,
        row_lower: Array,
        row_upper: Array,
        integer: bool = False,
        integers: int | None = None,
        any_solution: bool = False,
        below: float | None = None,
    ) -> None:
        if highspy is None:
            raise NoSolver("This needs the solver HiGHS: install highspy.")
        rows, columns = matrix.shape
        self.columns, self.rows = columns, rows
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = columns, rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
        lp.row_lower_, lp.row_upper_ = row_lower, row_upper
        if isinstance(matrix, Sparse):
            order = np.lexsort((matrix.row, matrix.column))
            column, row, value = matrix.column[order], matrix.row[order], matrix.value[order]
        else:
            column, row = np.nonzero(matrix.T)
            value = matrix.T[column, row]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(column, np.arange(columns + 1)).astype(np.int32)
        lp.a_matrix_.index_ = row.astype(np.int32)
        lp.a_matrix_.value_ = value
        if integer:
            whole = columns if integers is None else integers
            kinds = [highspy.HighsVarType.kInteger] * whole + [highspy.HighsVarType.kContinuous] * (columns - whole)
            lp.integrality_ = kinds
        self.integer, self.any_solution = integer, any_solution
        self.highs: Any = (
            _Highs()
        )  # not highspy.Highs: its hooks for threads and callbacks cost more than a small program
        for option, setting in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 0)):
            self.highs.setOptionValue(option, setting)
        if integer:
            if any_solution:
                self.highs.setOptionValue("mip_max_improving_sols", 1)
                self.highs.setOptionValue("mip_max_nodes", 60)
                self.highs.setOptionValue("mip_rel_gap", 1e9)
            else:
                # A dearest panel is nearly always proved at once by branching; what else the solver tries costs more.
                self.highs.setOptionValue("mip_heuristic_effort", 0.0)
                self.highs.setOptionValue("mip_allow_restart", False)
                self.highs.setOptionValue("mip_rel_gap", 0.0)
                self.highs.setOptionValue("mip_abs_gap", 1e-7)
                if below is not None:  # anything below will do, and what is not below is of no use
                    self.highs.setOptionValue("objective_target", below)
                    self.highs.setOptionValue("objective_bound", below)
            self.highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
        else:
            self.highs.setOptionValue("presolve", "off")
            self.highs.setOptionValue("solver", "simplex")
            self.highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
            self.highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
        self.highs.passModel(lp)
        self._all = np.arange(columns, dtype=np.int32)

    def set_cost(self, cost: Array) -> None:
        self.highs.changeColsCost(self.columns, self._all, cost)

    def set_bounds(self, lower: Array, upper: Array) -> None:
        self.highs.changeColsBounds(self.columns, self._all, lower, upper)

    def set_row(self, row: int, lower: float, upper: float) -> None:
        self.highs.changeRowBounds(row, lower, upper)

    def set_rows_first(self, lower: Array, upper: Array) -> None:
        """The bounds of the first rows (all those the program was made with, or fewer)."""
        self.highs.changeRowsBounds(len(lower), np.arange(len(lower), dtype=np.int32), lower, upper)

    def solve(self, *, duals: bool = True) -> Answer:
        """``duals=False`` leaves out the multipliers, whose reading takes as long as a small program does."""
        highs = self.highs
        highs.run()
        status = highs.getModelStatus()
        kinds = highspy.HighsModelStatus
        if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
            return NOTHING
        proved = status == kinds.kOptimal
        if self.any_solution and highs.getInfo().primal_solution_status != _FEASIBLE:
            return NOTHING
        if not proved and (not self.integer or highs.getInfo().primal_solution_status != _FEASIBLE):
            highs.clearSolver()  # a basis that led astray is not worth keeping
            if self.integer:
                highs.setOptionValue("presolve", "off")
                highs.setOptionValue("mip_feasibility_tolerance", 1e-6)
            highs.run()
            status = highs.getModelStatus()
            if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
                return NOTHING
            if status != kinds.kOptimal:
                raise SolverTrouble(f"HiGHS stopped with {highs.modelStatusToString(status)}.")
            proved = True
        solution = highs.getSolution()
        values = np.array(solution.col_value)
        objective = highs.getInfo().objective_function_value
        if self.integer or not duals:
            return Answer(True, objective, values, np.zeros(0), np.zeros(0), proved)
        return Answer(True, objective, values, np.array(solution.row_dual), np.array(solution.col_dual))
