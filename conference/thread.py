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


def thread_of(conference: Conference, steps: Iterable[Step], today: date) -> list[ThreadStep]:
    """The steps in order; the first that is not done is where we are."""
    found: list[ThreadStep] = []
    current = True
    for step in steps:
        state: State = "done" if step.done_at else "current" if current else "next"
        current = current and bool(step.done_at)
        late = not step.done_at and step.planned_on is not None and step.planned_on < today
        found.append(ThreadStep(step, step.get_key_display(), state, _when(conference, step), step.owner, late))
    return found


def _when(conference: Conference, step: Step) -> str:
    if step.done_at:
        return _("Done on %(day)s") % {"day": day(conference, step.done_at)}
    return _("Planned for %(day)s") % {"day": plain_day(step.planned_on)} if step.planned_on else ""
