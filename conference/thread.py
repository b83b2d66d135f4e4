"""The thread of the method as pages show it: what is done, where we are, what comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from conference.models import Conference, Step
from conference.words import day, plain_day

State = Literal["done", "current", "next"]


@dataclass(frozen=True)
class ThreadStep:
    step: Step
    label: str
    state: State
    date: str
    who: str
    late: bool

    @property
    def hint(self) -> str:
        return _("Later than planned") if self.late else ""


def thread_of(conference: Conference, steps: Iterable[Step], today: date, *, short: bool = False) -> list[ThreadStep]:
    """The steps in order; the first that is not done is where we are. ``short``: days only, where the signs say the rest."""
    found: list[ThreadStep] = []
    current = True
    for step in steps:
        state: State = "done" if step.done_at else "current" if current else "next"
        current = current and bool(step.done_at)
        late = not step.done_at and step.planned_on is not None and step.planned_on < today
        found.append(
            ThreadStep(step, step.get_key_display(), state, _when(conference, step, short=short), step.owner, late)
        )
    return found


def _when(conference: Conference, step: Step, *, short: bool) -> str:
    if step.done_at:
        done = day(conference, step.done_at)
        return done if short else _("Done on %(day)s") % {"day": done}
    if step.planned_on is None:
        return ""
    planned = plain_day(step.planned_on)
    return planned if short else _("Planned for %(day)s") % {"day": planned}
