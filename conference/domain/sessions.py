"""Sessions: added, changed, cancelled. Calendars follow by UID and SEQUENCE; people are told by the rooms that know them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.changes import changed_fields
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, Membership, Session, User


class Change(StrEnum):
    ADDED = "added"
    MOVED = "moved"  # another time or another place: what people must know
    CANCELLED = "cancelled"


# Sent in the transaction of the change with ``session`` and ``change``. Rooms above subscribe when they start and write
# to those who come; the core knows neither citizens nor experts.
session_changed = Signal()

# Sent in the same transaction when a session as a whole goes to another hour or day, with ``by``: how much later by the
# clocks of the place. Not when only its beginning or its end changes: then what is in it stays where it is.
session_carried = Signal()

TELLS_PEOPLE = {"starts_at", "ends_at", "place"}


def _lock(session_id: int) -> Session:
    """The conference's row first, then the session's (docs/locking.md): subscribers go on to invitations."""
    conference_id = Session.objects.values_list("conference_id", flat=True).get(pk=session_id)
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    session = Session.objects.select_for_update(of=("self",)).get(pk=session_id)
    session.conference = conference
    return session


def _check(session: Session) -> None:
    if session.ends_at <= session.starts_at:
        raise DomainError(_("A session must end after it starts."))


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "facilitators"}


def _set_facilitators(session: Session, fields: Mapping[str, Any]) -> list[str]:
    """Those among the fields, if any, in place of those who facilitate now. Returns what changed."""
    if "facilitators" not in fields:
        return []
    wanted: list[Membership] = list(fields["facilitators"])
    if any(one.conference_id != session.conference_id for one in wanted):
        raise DomainError(_("This colleague belongs to another conference."))
    if {one.pk for one in wanted} == set(session.facilitators.values_list("pk", flat=True)):
        return []
    session.facilitators.set(wanted)
    return ["facilitators"]


@transaction.atomic
def add_session(*, conference_id: int, actor: User, fields: Mapping[str, Any]) -> Session:
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    session = Session(conference=conference, **_own(fields))
    _check(session)
    session.save()
    _set_facilitators(session, fields)
    record("session.added", conference=conference, actor=actor, obj=session, title=session.title)
    session_changed.send(Session, session=session, change=Change.ADDED)
    return session


@transaction.atomic
def change_session(*, session_id: int, actor: User, fields: Mapping[str, Any]) -> Session:
    """Any change raises SEQUENCE, so that calendars take it; only a new time or place is worth a letter."""
    session = _lock(session_id)
    if session.cancelled_at:
        raise DomainError(_("This session is cancelled. Add a new one instead."))
    before = _hours(session)
    changed = changed_fields(session, _own(fields))
    for name in changed:
        setattr(session, name, fields[name])
    _check(session)
    changed += _set_facilitators(session, fields)
    if not changed:
        return session
    session.sequence += 1
    session.save()
    record(
        "session.changed", conference=session.conference, actor=actor, obj=session, title=session.title, fields=changed
    )
    starts, ends = (now - then for now, then in zip(_hours(session), before, strict=True))
    if starts and (starts == ends or _hours(session)[0].date() != before[0].date()):
        session_carried.send(Session, session=session, by=starts)
    if TELLS_PEOPLE & set(changed):
        session_changed.send(Session, session=session, change=Change.MOVED)
    return session


def _hours(session: Session) -> tuple[datetime, datetime]:
    """What the clocks of the place show at its beginning and its end."""
    begins, ends = (
        session.conference.local(moment).replace(tzinfo=None) for moment in (session.starts_at, session.ends_at)
    )
    return begins, ends


@transaction.atomic
def cancel_session(*, session_id: int, actor: User, reason: str) -> Session:
    """Cancelled, not deleted: it stays in calendars, in the feed and on the public page, marked as cancelled."""
    session = _lock(session_id)
    if session.cancelled_at:
        return session
    if not reason.strip():
        raise DomainError(_("Write why the session is cancelled: the log keeps it."))
    session.cancelled_at = timezone.now()
    session.sequence += 1
    session.save(update_fields=["cancelled_at", "sequence"])
    record(
        "session.cancelled",
        conference=session.conference,
        actor=actor,
        obj=session,
        reason=reason.strip(),
        title=session.title,
    )
    session_changed.send(Session, session=session, change=Change.CANCELLED)
    return session
