"""Progress, cancellation and the time limit of one draw."""

import time
from collections.abc import Callable
from enum import StrEnum


class Phase(StrEnum):
    """What the draw is doing: the fixed phrases that a page can translate."""

    CHECKING = "checking the quotas"
    BALANCING = "computing the fairest chances"
    COMPOSING = "composing panels"
    TICKETS = "writing the tickets"
    ALTERNATES = "choosing the alternates"
    DONE = "done"


class Cancelled(Exception):  # noqa: N818 - an outcome that was asked for, not an error
    """The progress callback asked to stop."""


Progress = Callable[[float, str], bool]


class Clock:
    """Tells progress at most ten times a second, and knows when the time is up."""

    def __init__(self, progress: Progress | None = None, time_limit: float | None = None) -> None:
        self.begun = time.monotonic()
        self._progress, self._limit = progress, time_limit
        self._told = -1.0
        self._fraction = 0.0
        self._phase: Phase | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def expired(self) -> bool:
        return self._limit is not None and self.seconds >= self._limit

    def tell(self, fraction: float, phase: Phase) -> None:
        """Report; raises ``Cancelled``. The fraction never goes back, whatever a round of the method reports."""
        if self._progress is None:
            return
        now = time.monotonic()
        if phase == self._phase and now - self._told < 0.1 and fraction < 1.0:
            return
        self._told, self._phase = now, phase
        self._fraction = max(self._fraction, min(1.0, fraction))
        if not self._progress(self._fraction, phase.value):
            raise Cancelled
