from datetime import date

import pytest

from conference.domain import steps
from conference.enums import StepKey
from conference.models import Conference, Event, Step, User


@pytest.fixture
def step(conference: Conference) -> Step:
    return Step.objects.create(conference=conference, key=StepKey.FRAME, position=1)


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_planning_a_step_is_logged_once(step: Step, olive: User) -> None:
    for _time in range(2):
        steps.plan_step(step_id=step.pk, actor=olive, planned_on=date(2027, 1, 4), owner="Comité")

    step.refresh_from_db()
    assert (step.planned_on, step.owner) == (date(2027, 1, 4), "Comité")
    assert verbs() == ["step.planned"]


def test_done_and_open_again(step: Step, olive: User) -> None:
    done = [
        bool(act(step_id=step.pk, actor=olive).done_at)
        for act in (steps.mark_done, steps.mark_done, steps.reopen, steps.reopen)
    ]

    assert done == [True, True, False, False]
    assert verbs() == ["step.done", "step.reopened"]
    assert set(Event.objects.values_list("data__step", flat=True)) == {"frame"}
