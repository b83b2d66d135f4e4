"""What each method holds for fair, as a point of the relaxation."""

from collections.abc import Callable

from panels.lottery.polytope import Polytope
from panels.lottery.relaxation import FairPoint, leximin_point

METHODS = ("leximin", "maximin", "nash", "goldilocks")


def fair_point(polytope: Polytope, method: str, tell: Callable[[float], bool]) -> FairPoint:
    return leximin_point(polytope, lambda part: (tell(part), None)[1])
