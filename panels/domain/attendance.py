"""The roll call: marks come in from devices, in whatever order and however often; a half-day is closed; it is corrected.

Every act locks the half-day's row first. A mark that is held already is not looked at again, so that sending twice
changes nothing; what the marks come to is for ``panels.roll`` to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import User
from panels.enums import InvitationState, MarkKind
from panels.half_days import HalfDay
from panels.models import AttendanceMark, Invitation, RollCall, Signature

OPENS_BEFORE = timedelta(hours=12)  # a roll call may be prepared the evening before
CAME = (InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.REVOKED, InvitationState.DECLINED)
CLOCKED = frozenset({MarkKind.LATE, MarkKind.LEFT})


@dataclass(frozen=True)
class Sent:
    """A mark as a device, or a form, sends it. ``made_at`` is set right already by what the device knows of our clock."""

    uuid: UUID
    who: UUID  # of the invitation
    kind: MarkKind
    made_at: datetime
    clock: time | None = None
    strokes: list[list[int]] = field(default_factory=list)
    typed: str = ""


@dataclass
class Outcome:
    """What became of the marks sent: held (now or before), or refused with a sentence that says why."""

    held: list[UUID] = field(default_factory=list)
    added: int = 0
    refused: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def take_marks(
    *, half: HalfDay, marks: Sequence[Sent], actor: User, device: str = "", now: datetime | None = None
) -> Outcome:
    """Keep the marks that are new. Those made before the half-day was closed are taken even if they arrive later."""
    now = now or timezone.now()
    outcome = Outcome()
    if half.starts_at - now > OPENS_BEFORE:
        outcome.refused = {mark.uuid: _("This half-day has not begun yet.") for mark in marks}
        return outcome
    if not marks:
        return outcome
    call = _lock(half)
    known = set(AttendanceMark.objects.filter(uuid__in=[mark.uuid for mark in marks]).values_list("uuid", flat=True))
    people = _people(half, marks)
    for mark in marks:
        if mark.uuid not in known:
            why = _why_not(call, mark, people)
            if why:
                outcome.refused[mark.uuid] = why
                continue
            _keep(call, mark, people[mark.who], actor=actor, device=device, now=now)
            known.add(mark.uuid)
            outcome.added += 1
        outcome.held.append(mark.uuid)
    if outcome.added:
        _record("attendance.noted", half, call, actor, count=outcome.added)
    return outcome


def _lock(half: HalfDay) -> RollCall:
    """The half-day's row, made at the first mark; until it is closed its hours follow the session."""
    call, _made = RollCall.objects.select_for_update(of=("self",)).get_or_create(
        session=half.session,
        day=half.day,
        part=half.part,
        defaults={"starts_at": half.starts_at, "ends_at": half.ends_at},
    )
    if call.closed_at is None and (call.starts_at, call.ends_at) != (half.starts_at, half.ends_at):
        call.starts_at, call.ends_at = half.starts_at, half.ends_at
        call.save(update_fields=["starts_at", "ends_at"])
    return call


def _people(half: HalfDay, marks: Sequence[Sent]) -> Mapping[UUID, Invitation]:
    found = Invitation.objects.filter(
        conference=half.session.conference, uuid__in={mark.who for mark in marks}, state__in=CAME
    )
    return {invitation.uuid: invitation for invitation in found.select_related("volunteer")}


def _why_not(call: RollCall, mark: Sent, people: Mapping[UUID, Invitation]) -> str:
    if mark.who not in people:
        return _("This person is not on the panel.")
    if call.closed_at and mark.made_at > call.closed_at:
        return _("The half-day is closed. Write a correction, with its reason.")
    if (mark.kind in CLOCKED) != (mark.clock is not None):
        return _("Say at what time.")
    if mark.kind == MarkKind.SIGNED and not (mark.strokes or mark.typed.strip()):
        return _("The signature is empty.")
    return ""


def _keep(
    call: RollCall,
    mark: Sent,
    invitation: Invitation,
    *,
    actor: User,
    device: str,
    now: datetime,
    reason: str = "",
) -> AttendanceMark:
    kept = AttendanceMark.objects.create(
        uuid=mark.uuid,
        roll_call=call,
        invitation=invitation,
        kind=mark.kind,
        clock=mark.clock,
        made_at=min(mark.made_at, now),
        device=device[:40],
        noted_by=actor,
        reason=reason,
    )
    if mark.kind == MarkKind.SIGNED:
        Signature.objects.create(mark=kept, strokes=mark.strokes, typed=mark.typed.strip()[:80])
    return kept


@transaction.atomic
def close_half_day(*, half: HalfDay, actor: User) -> RollCall:
    """Nothing more is noted then, except by a correction. Those who were not noted count as absent."""
    if half.starts_at > timezone.now():
        raise DomainError(_("This half-day has not begun yet."))
    call = _lock(half)
    if call.closed_at:
        raise DomainError(_("This half-day is closed already."))
    call.closed_at, call.closed_by = timezone.now(), actor
    call.save(update_fields=["closed_at", "closed_by"])
    _record("attendance.closed", half, call, actor)
    return call


@transaction.atomic
def correct_mark(
    *, half: HalfDay, who: UUID, kind: MarkKind, clock: time | None, reason: str, actor: User
) -> AttendanceMark:
    """After the half-day was closed. What was noted before stays visible beside the correction."""
    call = _lock(half)
    if call.closed_at is None:
        raise DomainError(_("This half-day is still open: note it on the roll call."))
    if not reason.strip():
        raise DomainError(_("A correction needs its reason."))
    mark = Sent(uuid4(), who, kind, call.closed_at, clock)
    people = _people(half, [mark])
    why = _why_not(call, mark, people)
    if why:
        raise DomainError(why)
    now = timezone.now()
    mark = Sent(mark.uuid, who, kind, now, clock)
    kept = _keep(call, mark, people[who], actor=actor, device="", now=now, reason=reason.strip()[:300])
    reference = people[who].volunteer.reference
    _record("attendance.corrected", half, call, actor, reason=reason, reference=reference)
    return kept


def _record(verb: str, half: HalfDay, call: RollCall, actor: User, *, reason: str = "", **data: Any) -> None:
    conference = half.session.conference
    with translation.override(conference.language):
        words = half.words
    record(verb, conference=conference, actor=actor, obj=call, reason=reason, half_day=words, **data)
