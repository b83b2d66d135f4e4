"""The steps of the method: planned, done, reopened."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from conference.domain.changes import changed_fields
from conference.domain.events import record
from conference.models import Step, User


def _lock(step_id: int) -> Step:
    return Step.objects.select_for_update(of=("self",)).select_related("conference").get(pk=step_id)


@transaction.atomic
def plan_step(*, step_id: int, actor: User, planned_on: date | None, owner: str) -> Step:
    """By when, and by whom."""
    step = _lock(step_id)
    changed = changed_fields(step, {"planned_on": planned_on, "owner": owner})
    if not changed:
        return step
    step.planned_on, step.owner = planned_on, owner
    step.save(update_fields=changed)
    record("step.planned", conference=step.conference, actor=actor, obj=step, step=step.key)
    return step


@transaction.atomic
def mark_done(*, step_id: int, actor: User) -> Step:
    step = _lock(step_id)
    if step.done_at is None:
        step.done_at = timezone.now()
        step.save(update_fields=["done_at"])
        record("step.done", conference=step.conference, actor=actor, obj=step, step=step.key)
    return step


@transaction.atomic
def reopen(*, step_id: int, actor: User) -> Step:
    step = _lock(step_id)
    if step.done_at is not None:
        step.done_at = None
        step.save(update_fields=["done_at"])
        record("step.reopened", conference=step.conference, actor=actor, obj=step, step=step.key)
    return step
