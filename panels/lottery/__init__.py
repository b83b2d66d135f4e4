"""The draw of a panel by lot: fair chances, proved; tickets that anyone can check; alternates and replacements.

Pure: no Django, no database, no settings. ``python -m panels.lottery`` is the command line.
"""

from panels.lottery import one_thread  # noqa: F401 - before NumPy
from panels.lottery.clock import Cancelled, Phase
from panels.lottery.drawing import Prepared, Result, alternates_of, draw, panel_of, prepare, stream
from panels.lottery.feasibility import Change, Feasibility, Infeasible, Reason, check
from panels.lottery.methods import METHODS
from panels.lottery.problem import Person, Problem, Quota, UnusableInput, fold
from panels.lottery.replacement import QuotaDeviation, Replacement, choose_replacement

__all__ = [
    "METHODS",
    "Cancelled",
    "Change",
    "Feasibility",
    "Infeasible",
    "Person",
    "Phase",
    "Prepared",
    "Problem",
    "Quota",
    "QuotaDeviation",
    "Reason",
    "Replacement",
    "Result",
    "UnusableInput",
    "alternates_of",
    "check",
    "choose_replacement",
    "draw",
    "fold",
    "panel_of",
    "prepare",
    "stream",
]
