"""Preparing a draw: the lottery is computed in the worker from a frozen record, and nothing of it is public yet.

Preparing changes nothing for anybody: people may still join or leave. ``ceremony.commit_draw`` checks that the pool is
the one the lottery was computed for, and freezes it.
"""

import dataclasses
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from conference.nudge import nudge
from panels import lottery
from panels.domain.draws.codes import pseudonyms_for, seals_for
from panels.domain.draws.pool import obstacles_of, problem_from, snapshot
from panels.domain.locking import lock_conference
from panels.enums import DrawState
from panels.lottery import before, bundle, greedy
from panels.models import Draw, DrawBundle, Invitation

STALLED_AFTER = timedelta(minutes=10)  # a draw without a sign of life for so long lost its worker and is taken up again
GREEDY_DRAWS, GREEDY_SECONDS = 2000, 20.0
ENGINE, OUTLOOK = 0.8, 0.85  # where the lottery ends, and the outlook, on the way from 0 to 1
COMPARING, LOOKING = "comparing", "looking"  # progress notes beside those of the engine


@transaction.atomic
def prepare_draw(*, conference: Conference, actor: User, reason: str = "") -> Draw:
    """Ask the worker to compute the lottery. After a draw a second one needs a reason, and no invitation may have left."""
    conference = lock_conference(conference.pk)
    live = Draw.objects.filter(conference=conference, state__in=_LIVE).first()
    if live and live.state in {DrawState.WAITING, DrawState.RUNNING}:
        raise DomainError(_("A draw is being prepared already."))
    if live and live.state == DrawState.COMMITTED:
        raise DomainError(_("A draw has been announced. Draw its ticket, or withdraw the announcement with a reason."))
    frozen, incomplete = snapshot(conference)
    obstacles = obstacles_of(conference, frozen, incomplete)
    if obstacles:
        raise DomainError(" ".join(obstacles))
    if live and live.state == DrawState.PREPARED:
        discard(live)
    elif live:
        _set_aside(live, actor=actor, reason=reason)
    last = Draw.objects.filter(conference=conference).order_by("-number").first()
    names = pseudonyms_for([person["id"] for person in frozen["people"]])
    draw = Draw.objects.create(
        conference=conference,
        number=last.number + 1 if last else 1,
        seed=secrets.token_hex(16),
        requested_by=actor,
        reason=reason,
        problem=_renamed(frozen, names),
        pseudonyms=names,
    )
    record("draw.requested", conference=conference, actor=actor, obj=draw, reason=reason, number=draw.number)
    nudge("panels.tasks.run_draw", draw.pk)
    return draw


_LIVE = (DrawState.WAITING, DrawState.RUNNING, DrawState.PREPARED, DrawState.COMMITTED, DrawState.DONE)


def _renamed(frozen: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    people = [{**person, "id": names[person["id"]]} for person in frozen["people"]]
    return {**frozen, "people": sorted(people, key=lambda person: str(person["id"]))}


def discard(draw: Draw) -> None:
    """A lottery that was computed and announced to nobody leaves no bundle behind. The caller holds the lock."""
    DrawBundle.objects.filter(draw=draw).delete()
    draw.state, draw.finished_at = DrawState.CANCELLED, timezone.now()
    draw.save(update_fields=["state", "finished_at"])


def _set_aside(draw: Draw, *, actor: User, reason: str) -> None:
    if Invitation.objects.filter(seat__draw=draw).exists():
        raise DomainError(
            _("Invitations have been made from this draw: it is final. Free seats are filled by the alternates.")
        )
    if not reason.strip():
        raise DomainError(
            _("A draw is final. To draw again, write the reason: it will stay visible beside both draws.")
        )
    draw.state, draw.set_aside_at, draw.set_aside_reason = DrawState.SUPERSEDED, timezone.now(), reason.strip()
    draw.save(update_fields=["state", "set_aside_at", "set_aside_reason"])
    record("draw.superseded", conference=draw.conference, actor=actor, obj=draw, reason=reason, number=draw.number)


@transaction.atomic
def cancel_draw(*, draw: Draw, actor: User) -> Draw:
    """Stop the computing, or discard what was prepared. The worker notices at its next sign of progress."""
    lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update().get(pk=draw.pk)
    if draw.state not in {DrawState.WAITING, DrawState.RUNNING, DrawState.PREPARED}:
        raise DomainError(_("This draw is finished; it cannot be stopped any more."))
    discard(draw)
    record("draw.cancelled", conference=draw.conference, actor=actor, obj=draw, number=draw.number)
    return draw


def run_draw(*, draw_id: int) -> Draw:
    """Compute a draw that waits. Harmless when called twice: only one caller can claim it."""
    draw = _claim(draw_id)
    if draw is None:
        return Draw.objects.get(pk=draw_id)
    problem, tell = problem_from(draw.problem), _teller(draw_id)
    try:
        prepared = lottery.prepare(
            problem,
            method=draw.method,
            alternates=draw.problem["alternates"],
            seed=draw.seed,
            tickets=draw.tickets,
            seals=seals_for(draw),
            progress=lambda part, note: tell(ENGINE * part, note),
        )
        tell(ENGINE, LOOKING)
        outlook = before.outlook(problem)
        compared = greedy.compare(
            problem,
            draws=GREEDY_DRAWS,
            seed=draw.seed,
            limit_seconds=GREEDY_SECONDS,
            tell=lambda part: tell(OUTLOOK + (1 - OUTLOOK) * part, COMPARING),
        )
    except lottery.Cancelled:
        return Draw.objects.get(pk=draw_id)
    except lottery.Infeasible as error:
        return _close(draw_id, DrawState.INFEASIBLE, explanation=dataclasses.asdict(error.feasibility))
    except Exception as error:
        _close(draw_id, DrawState.FAILED, failure=f"{type(error).__name__}: {error}")
        raise
    return _keep(draw_id, prepared, dataclasses.asdict(outlook), compared.to_json())


def _teller(draw_id: int) -> Callable[[float, str], bool]:
    def tell(part: float, note: str) -> bool:
        changed = Draw.objects.filter(pk=draw_id, state=DrawState.RUNNING).update(
            progress=max(0, min(99, round(part * 100))), progress_note=note[:60], touched_at=timezone.now()
        )
        return changed == 1  # anything else: it was stopped, or taken over

    return tell


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
def _keep(draw_id: int, prepared: "lottery.Prepared", outlook: dict[str, Any], compared: dict[str, Any]) -> Draw:
    draw = Draw.objects.select_for_update().get(pk=draw_id)
    if draw.state != DrawState.RUNNING:
        return draw
    DrawBundle.objects.update_or_create(draw=draw, defaults={"content": bundle.canonical(prepared.bundle) + b"\n"})
    draw.state, draw.progress, draw.finished_at = DrawState.PREPARED, 100, timezone.now()
    draw.fingerprint, draw.root = prepared.commitment, prepared.root
    draw.outlook, draw.greedy = outlook, compared
    draw.result = {
        "minimum": prepared.minimum,
        "upper_bound": prepared.upper_bound,
        "exact": prepared.exact,
        "method": prepared.method,
        "seconds": prepared.seconds,
        "largest_change": prepared.largest_change,
        "entropy": prepared.entropy,
        "distinct_panels": prepared.distinct_panels,
    }
    draw.save()
    record("draw.prepared", conference=draw.conference, actor_label=_("the program"), obj=draw, number=draw.number)
    return draw


def waiting_draws(now: datetime) -> list[int]:
    """Draws that a worker should take up: asked for, or begun by a worker that has been silent for ten minutes."""
    Draw.objects.filter(state=DrawState.RUNNING, touched_at__lt=now - STALLED_AFTER).update(state=DrawState.WAITING)
    return list(Draw.objects.filter(state=DrawState.WAITING).values_list("pk", flat=True))
