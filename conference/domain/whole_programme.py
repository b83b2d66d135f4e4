"""The programme as a whole: laid from a template, shifted. What a preview shows is what the verb then does.

Both verbs lock the conference's row first (docs/locking.md). People who come are told of new dates by ``session_changed``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.domain.running_order import item_changed
from conference.domain.sessions import Change, session_changed
from conference.method import Plan
from conference.models import Conference, Item, Session, User


# -- A template --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LaidItem:
    kind: str
    title: str
    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class LaidSession:
    """A session of a template, on its day."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    is_public: bool
    items: tuple[LaidItem, ...]


def plan_lay(*, zone: ZoneInfo, plan: Plan, first_day: date, language: str) -> list[LaidSession]:
    """What the template becomes from this day on; nothing is written."""
    laid = []
    for part in plan.sessions:
        day = first_day + timedelta(days=part.day)
        starts, ends = (_on_clock(zone, day, at) for at in (part.starts, part.ends))
        items, at = [], starts
        for step in part.items:
            items.append(LaidItem(step.kind, step.title(language), at, step.minutes))
            at = items[-1].ends_at
        laid.append(LaidSession(part.kind, part.title(language), starts, ends, part.is_public, tuple(items)))
    return laid


@transaction.atomic
def lay_programme(*, conference_id: int, actor: User, plan: Plan, first_day: date, language: str) -> list[Session]:
    """Every session and item of a template, from a first day on. Beside what there is; nothing is published."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    made = []
    for part in plan_lay(zone=conference.zone, plan=plan, first_day=first_day, language=language):
        session = Session.objects.create(
            conference=conference,
            kind=part.kind,
            title=part.title,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
            is_public=part.is_public,
        )
        Item.objects.bulk_create(
            Item(session=session, kind=one.kind, title=one.title, starts_at=one.starts_at, minutes=one.minutes)
            for one in part.items
        )
        made.append(session)
        session_changed.send(Session, session=session, change=Change.ADDED)
    record("programme.laid", conference=conference, actor=actor, template=plan.key, sessions=len(made))
    return made


# -- A shift -----------------------------------------------------------------------------------------------------------
class Stays(StrEnum):
    """Why a session is not shifted."""

    PAST = "past"
    UNDER_WAY = "under_way"


@dataclass(frozen=True)
class Shift:
    """By how much: days and minutes, or a new first day for the first of the sessions; all of them to come, or one."""

    days: int = 0
    minutes: int = 0
    first_day: date | None = None
    session_id: int | None = None


@dataclass(frozen=True)
class Shifted:
    """A session with its old and its new hours; ``stays``: why these are the same."""

    session: Session
    starts_at: datetime
    ends_at: datetime
    stays: Stays | None = None


def plan_shift(conference: Conference, shift: Shift, now: datetime) -> list[Shifted]:
    """Where each session would go; nothing is written. Raises DomainError where one would begin before now."""
    found = Session.objects.filter(conference=conference).held().order_by("starts_at", "id")
    sessions = list(found.filter(pk=shift.session_id) if shift.session_id else found)
    moving = [session for session in sessions if session.starts_at > now]
    days = shift.days
    if shift.first_day and moving:
        days = (shift.first_day - conference.local(moving[0].starts_at).date()).days
    return [_shifted(conference, session, days, shift.minutes, now) for session in sessions]


def _shifted(conference: Conference, session: Session, days: int, minutes: int, now: datetime) -> Shifted:
    session.conference = conference
    if session.starts_at <= now:
        stays = Stays.UNDER_WAY if session.ends_at > now else Stays.PAST
        return Shifted(session, session.starts_at, session.ends_at, stays)
    starts, ends = (_later(conference.zone, at, days, minutes) for at in (session.starts_at, session.ends_at))
    if starts <= now:
        raise DomainError(_("“%(title)s” would begin in the past. Choose a later day.") % {"title": session.title})
    return Shifted(session, starts, ends)


@transaction.atomic
def shift_programme(*, conference_id: int, actor: User, shift: Shift, seen: str = "") -> int:
    """The sessions to come, with their items, later or earlier on the conference's clock; those begun stay.

    ``seen``: ``fingerprint`` of the preview; DomainError where the programme has changed since.
    """
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    planned = plan_shift(conference, shift, timezone.now())
    if seen and seen != fingerprint(planned):
        raise DomainError(_("The programme has changed since this preview. Look at the new one, then confirm."))
    moved = [one for one in planned if not one.stays and one.starts_at != one.session.starts_at]
    if not moved:
        return 0
    days, minutes = _days_of(conference, moved[0], shift.minutes), shift.minutes
    for one in moved:
        _move(conference, one, days, minutes)
    verb = "programme.shifted_by" if minutes else "programme.shifted"
    record(verb, conference=conference, actor=actor, days=days, minutes=minutes, sessions=len(moved))
    return len(moved)


def fingerprint(planned: Sequence[Shifted]) -> str:
    """What a preview showed, short enough for a hidden field."""
    return ";".join(
        f"{one.session.pk}:{one.session.starts_at:%Y%m%d%H%M}:{one.starts_at:%Y%m%d%H%M}" for one in planned
    )


def _days_of(conference: Conference, one: Shifted, minutes: int) -> int:
    before, after = (conference.local(at).replace(tzinfo=None) for at in (one.session.starts_at, one.starts_at))
    return (after - before - timedelta(minutes=minutes)).days


def _move(conference: Conference, one: Shifted, days: int, minutes: int) -> None:
    session = Session.objects.select_for_update(of=("self",)).get(pk=one.session.pk)
    session.conference = conference
    session.starts_at, session.ends_at = one.starts_at, one.ends_at
    session.sequence += 1
    session.save(update_fields=["starts_at", "ends_at", "sequence"])
    items = list(Item.objects.select_for_update(of=("self",)).filter(session=session))
    for item in items:
        item.starts_at = _later(conference.zone, item.starts_at, days, minutes)
    Item.objects.bulk_update(items, ["starts_at"])
    item_changed.send(Item, session=session, item=None)
    session_changed.send(Session, session=session, change=Change.MOVED)


def _later(zone: ZoneInfo, moment: datetime, days: int, minutes: int = 0) -> datetime:
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute + minutes
    return _on_clock(zone, local.date() + timedelta(days=days + minute // 1440), minute % 1440)


def _on_clock(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The moment at which the clocks show this; of an hour that a night skips, the one as far after midnight."""
    shown = datetime.combine(day, datetime.min.time(), zone).replace(hour=minute // 60, minute=minute % 60)
    return shown.astimezone(UTC)
