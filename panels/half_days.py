"""The half-days of a conference with their roll calls; what a half-day is, is for ``conference.half_days`` to say."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from conference import half_days as definition
from conference.enums import DayPart
from conference.models import Conference, Session
from panels.models import RollCall
from panels.models.attendance import half_day_slug

_SLUG = re.compile(r"(\d{1,18})-(\d{4}-\d{2}-\d{2})-(am|pm)")


@dataclass(frozen=True)
class HalfDay(definition.HalfDay):
    """``roll_call`` once something was noted in it."""

    roll_call: RollCall | None = None

    @property
    def slug(self) -> str:
        return half_day_slug(self.session.pk, self.day, self.part)

    @property
    def is_closed(self) -> bool:
        return self.roll_call is not None and self.roll_call.closed_at is not None


def read_slug(slug: str) -> tuple[int, date, DayPart] | None:
    found = _SLUG.fullmatch(slug)
    try:
        return (int(found[1]), date.fromisoformat(found[2]), DayPart(found[3])) if found else None
    except ValueError:
        return None


def half_days(conference: Conference, session_id: int | None = None) -> list[HalfDay]:
    """All half-days of the sessions that are held, and those in which something was noted, in order: three queries.

    Once it was closed, a half-day keeps the hours that it had.
    """
    sessions = Session.objects.filter(conference=conference).prefetch_related("items")
    calls = RollCall.objects.filter(session__conference=conference).select_related("closed_by")
    if session_id is not None:
        sessions, calls = sessions.filter(pk=session_id), calls.filter(session=session_id)
    noted = {(call.session_id, call.day, call.part): call for call in calls}
    found = []
    for session in sessions:
        session.conference = conference
        planned = {} if session.cancelled_at else _planned(session)
        kept = {(day, DayPart(part)) for pk, day, part in noted if pk == session.pk}
        for day, part in sorted(planned.keys() | kept):
            call = noted.get((session.pk, day, part))
            span = planned.get((day, part))
            if call is not None and (call.closed_at or span is None):
                span = (call.starts_at, call.ends_at)
            if span:
                found.append(HalfDay(session, day, part, *span, call))
    return sorted(found, key=lambda half: (half.starts_at, half.session.pk))


def _planned(session: Session) -> dict[tuple[date, DayPart], tuple[datetime, datetime]]:
    return {(half.day, half.part): (half.starts_at, half.ends_at) for half in definition.half_days_of(session)}
