"""The draw: from the pool and the quotas to seats, alternates and everybody's chance.

The pool is frozen when the draw is asked for (``Draw.problem``, pseudonyms only), so what is computed in the worker, or
computed again by a sceptic, is a pure function of that record and the seed.
"""

import dataclasses
import secrets
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import StepKey
from conference.models import Conference, Step, User
from conference.nudge import nudge
from panels import lottery
from panels.domain.locking import lock_conference
from panels.enums import DrawState, Place
from panels.models import Criterion, Draw, DrawEntry, Invitation, Seat, Volunteer

STALLED_AFTER = timedelta(minutes=10)  # a draw without a sign of life for so long lost its worker and is taken up again


@dataclasses.dataclass(frozen=True)
class Readiness:
    """What stands between a conference and its draw. ``feasibility`` is None while the pool or criteria are unusable."""

    pool: int
    incomplete: tuple[str, ...]  # references of volunteers without a value for some criterion
    obstacles: tuple[str, ...]  # sentences; empty when the draw can be made
    feasibility: "lottery.Feasibility | None"

    @property
    def ready(self) -> bool:
        return not self.obstacles and self.feasibility is not None and self.feasibility.feasible


def _quotas(conference: Conference) -> list[dict[str, Any]]:
    criteria = Criterion.objects.filter(conference=conference).prefetch_related("values")
    return [
        {"feature": criterion.name, "value": value.name, "min": value.minimum, "max": value.maximum}
        for criterion in criteria
        for value in criterion.values.all()
    ]


def _people(conference: Conference) -> tuple[list[dict[str, Any]], list[str]]:
    """The pool as pseudonyms with their values, and the references of those without a value for some criterion."""
    criteria = dict(Criterion.objects.filter(conference=conference).values_list("pk", "name"))
    values: dict[int, dict[str, str]] = defaultdict(dict)
    traits = (
        Volunteer.objects.filter(conference=conference)
        .pool()
        .values_list("pk", "traits__criterion", "traits__value__name")
    )
    for pk, criterion_id, value in traits.iterator():
        if criterion_id in criteria:
            values[pk][criteria[criterion_id]] = value
    pool = list(
        Volunteer.objects.filter(conference=conference)
        .pool()
        .order_by("reference")
        .values_list("pk", "reference", "household")
    )
    shared = [key for key, count in Counter(key for _pk, _ref, key in pool if key).items() if count > 1]
    groups = {key: f"H{number}" for number, key in enumerate(sorted(shared), 1)} if conference.one_per_household else {}
    people, incomplete = [], []
    for pk, reference, household in pool:
        if len(values[pk]) < len(criteria):
            incomplete.append(reference)
            continue
        person: dict[str, Any] = {"id": reference, "values": values[pk]}
        if household in groups:
            person["household"] = groups[household]  # a number: the address stays at home
        people.append(person)
    return people, incomplete


def snapshot(conference: Conference) -> tuple[dict[str, Any], list[str]]:
    """What is drawn from, as JSON without personal data, and the references of incomplete volunteers."""
    people, incomplete = _people(conference)
    return {"size": conference.seats, "quotas": _quotas(conference), "people": people}, incomplete


def problem_from(record_: dict[str, Any]) -> "lottery.Problem":
    """The engine's problem from a frozen record."""
    return lottery.Problem(
        size=record_["size"],
        quotas=tuple(lottery.Quota(q["feature"], q["value"], q["min"], q["max"]) for q in record_["quotas"]),
        people=tuple(lottery.Person(p["id"], p["values"], p.get("household")) for p in record_["people"]),
    )


def _obstacles(conference: Conference, frozen: dict[str, Any], incomplete: list[str]) -> list[str]:
    found = []
    if not frozen["quotas"]:
        found.append(_("No criteria yet. Define the criteria and their quotas first."))
    if not frozen["people"] and not incomplete:
        found.append(_("The pool is empty. Import a file or open the registration first."))
    elif len(frozen["people"]) < conference.seats:
        found.append(
            _("The pool has %(pool)s volunteers for %(seats)s seats. More volunteers are needed.")
            % {"pool": len(frozen["people"]), "seats": conference.seats}
        )
    if incomplete:
        found.append(
            ngettext(
                "%(count)s volunteer has no value for one of the criteria (%(first)s). Complete or withdraw them first.",
                "%(count)s volunteers have no value for one of the criteria (%(first)s). Complete or withdraw them first.",
                len(incomplete),
            )
            % {"count": len(incomplete), "first": ", ".join(incomplete[:5])}
        )
    return found


def feasibility_for(conference: Conference) -> Readiness:
    """Whether a draw can be made now, and if not, what stands in the way. Reads only."""
    frozen, incomplete = snapshot(conference)
    obstacles = _obstacles(conference, frozen, incomplete)
    feasibility = None
    if not obstacles:
        try:
            feasibility = lottery.check(problem_from(frozen))
        except lottery.UnusableInput as error:
            obstacles.append(str(error))
    return Readiness(len(frozen["people"]) + len(incomplete), tuple(incomplete), tuple(obstacles), feasibility)


@transaction.atomic
def request_draw(*, conference: Conference, actor: User, reason: str = "") -> Draw:
    """Freeze the pool and ask the worker for a draw. A second draw needs a reason, and no invitation may have left."""
    conference = lock_conference(conference.pk)
    live = Draw.objects.filter(
        conference=conference, state__in=[DrawState.WAITING, DrawState.RUNNING, DrawState.DONE]
    ).first()
    if live and live.state != DrawState.DONE:
        raise DomainError(_("A draw is being made already."))
    if live:
        _set_aside(live, actor=actor, reason=reason)
    frozen, incomplete = snapshot(conference)
    obstacles = _obstacles(conference, frozen, incomplete)
    if obstacles:
        raise DomainError(" ".join(obstacles))
    last = Draw.objects.filter(conference=conference).order_by("-number").first()
    draw = Draw.objects.create(
        conference=conference,
        number=last.number + 1 if last else 1,
        seed=secrets.token_hex(16),
        requested_by=actor,
        reason=reason,
        problem=frozen,
    )
    record("draw.requested", conference=conference, actor=actor, obj=draw, reason=reason, number=draw.number)
    nudge("panels.tasks.run_draw", draw.pk)
    finish_step(conference, StepKey.INVITE)
    _close_registration(conference)
    return draw


def _close_registration(conference: Conference) -> None:
    """The pool is frozen: no page may go on inviting people to register."""
    if conference.registration_is_open():
        conference.registration_closes = timezone.now()
        conference.save(update_fields=["registration_closes"])


def _set_aside(draw: Draw, *, actor: User, reason: str) -> None:
    if Invitation.objects.filter(seat__draw=draw).exists():
        raise DomainError(
            _("Invitations have been made from this draw: it is final. Free seats are filled by the alternates.")
        )
    if not reason.strip():
        raise DomainError(
            _("A draw is final. To draw again, write the reason: it will stay visible beside both draws.")
        )
    draw.state = DrawState.SUPERSEDED
    draw.save(update_fields=["state"])
    record("draw.superseded", conference=draw.conference, actor=actor, obj=draw, reason=reason, number=draw.number)


def finish_step(conference: Conference, key: StepKey) -> None:
    step = Step.objects.filter(conference=conference, key=key, done_at=None).first()
    if step:
        step.done_at = timezone.now()
        step.save(update_fields=["done_at"])
        record("step.done", conference=conference, actor_label=_("the program"), obj=step, step=step.key)


@transaction.atomic
def cancel_draw(*, draw: Draw, actor: User) -> Draw:
    """Stop a draw that has not finished. The worker notices at its next sign of progress."""
    lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update().get(pk=draw.pk)
    if draw.state not in {DrawState.WAITING, DrawState.RUNNING}:
        raise DomainError(_("This draw is finished; it cannot be stopped any more."))
    draw.state = DrawState.CANCELLED
    draw.finished_at = timezone.now()
    draw.save(update_fields=["state", "finished_at"])
    record("draw.cancelled", conference=draw.conference, actor=actor, obj=draw, number=draw.number)
    return draw


def run_draw(*, draw_id: int) -> Draw:
    """Compute a draw that waits. Harmless when called twice: only one caller can claim it."""
    draw = _claim(draw_id)
    if draw is None:
        return Draw.objects.get(pk=draw_id)

    def progress(fraction: float, note: str) -> bool:
        changed = Draw.objects.filter(pk=draw_id, state=DrawState.RUNNING).update(
            progress=max(0, min(99, round(fraction * 100))), progress_note=note[:60], touched_at=timezone.now()
        )
        return changed == 1  # anything else: it was stopped, or taken over

    try:
        result = lottery.draw(
            problem_from(draw.problem),
            method=draw.method,
            alternates=draw.conference.alternates,
            seed=draw.seed,
            progress=progress,
        )
    except lottery.Cancelled:
        return Draw.objects.get(pk=draw_id)
    except lottery.Infeasible as error:
        return _close(draw_id, DrawState.INFEASIBLE, explanation=dataclasses.asdict(error.feasibility))
    except Exception as error:
        _close(draw_id, DrawState.FAILED, failure=f"{type(error).__name__}: {error}")
        raise
    return _keep(draw_id, result)


@transaction.atomic
def _claim(draw_id: int) -> Draw | None:
    draw = Draw.objects.select_for_update(of=("self",)).select_related("conference").get(pk=draw_id)
    if draw.state != DrawState.WAITING:
        return None
    draw.state = DrawState.RUNNING
    draw.started_at = draw.touched_at = timezone.now()
    draw.save(update_fields=["state", "started_at", "touched_at"])
    return draw


@transaction.atomic
def _close(draw_id: int, state: DrawState, *, explanation: dict[str, Any] | None = None, failure: str = "") -> Draw:
    draw = Draw.objects.select_for_update().get(pk=draw_id)
    if draw.state != DrawState.RUNNING:
        return draw
    draw.state, draw.failure, draw.explanation = state, failure, explanation or {}
    draw.finished_at = timezone.now()
    draw.save(update_fields=["state", "failure", "explanation", "finished_at"])
    verb = "draw.infeasible" if state == DrawState.INFEASIBLE else "draw.failed"
    record(verb, conference=draw.conference, actor_label=_("the program"), obj=draw, number=draw.number)
    return draw


@transaction.atomic
def _keep(draw_id: int, result: "lottery.Result") -> Draw:
    """Write the result: a chance for everybody, a seat for each member of the panel, a rank for each alternate."""
    draw = Draw.objects.get(pk=draw_id)
    conference = lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update().get(pk=draw_id)
    if draw.state != DrawState.RUNNING:
        return draw
    volunteers = dict(Volunteer.objects.filter(conference=conference).values_list("reference", "pk"))
    rank = {reference: number for number, reference in enumerate(result.alternates, 1)}
    panel = set(result.panel)
    DrawEntry.objects.bulk_create(
        DrawEntry(
            draw=draw,
            volunteer_id=volunteers[reference],
            probability=probability,
            place=Place.PANEL if reference in panel else Place.ALTERNATE if reference in rank else Place.NOT_DRAWN,
            rank=rank.get(reference, 0),
        )
        for reference, probability in sorted(result.probabilities.items())
    )
    Seat.objects.bulk_create(
        Seat(conference=conference, draw=draw, number=number) for number in range(1, len(panel) + 1)
    )
    draw.state, draw.progress, draw.finished_at = DrawState.DONE, 100, timezone.now()
    draw.result = {
        "panel": list(result.panel),
        "alternates": list(result.alternates),
        "minimum": result.minimum,
        "upper_bound": result.upper_bound,
        "exact": result.exact,
        "method": result.method,
        "seconds": result.seconds,
        "ticket": result.ticket,
        "tickets": len(result.tickets),
        "largest_change": result.largest_change,
        "commitment": result.commitment,
    }
    draw.save(update_fields=["state", "progress", "finished_at", "result"])
    record(
        "draw.done",
        conference=conference,
        actor=draw.requested_by,
        obj=draw,
        reason=draw.reason,
        number=draw.number,
        panel=len(panel),
        alternates=len(rank),
        seed=draw.seed,
    )
    return draw


def waiting_draws(now: datetime) -> list[int]:
    """Draws that a worker should take up: asked for, or begun by a worker that has been silent for ten minutes."""
    Draw.objects.filter(state=DrawState.RUNNING, touched_at__lt=now - STALLED_AFTER).update(state=DrawState.WAITING)
    return list(Draw.objects.filter(state=DrawState.WAITING).values_list("pk", flat=True))
