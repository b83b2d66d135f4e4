"""The half-days of a session, on the conference's clock, and how many hours each has.

With a running order, a half-day lasts from its first item to its last, breaks at either end left out. Without one, the
session's own hours count, the same each day where it goes on for several, and lunch (12.30 to 14) is left out. What has
its middle before 12.30 belongs to the morning.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from conference.enums import ItemKind
from conference.models import Conference, Session
from conference.words import hour, plain_day
from panels.enums import DayPart
from panels.models import RollCall
from panels.models.attendance import half_day_slug

NOON, AFTER_LUNCH = time(12, 30), time(14)
SHORTEST = timedelta(hours=1)  # what runs over noon by less is no half-day of its own
ONE_SITTING, EVENING = timedelta(hours=12), timedelta(hours=4)
_SLUG = re.compile(r"(\d{1,18})-(\d{4}-\d{2}-\d{2})-(am|pm)")

type Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class HalfDay:
    """One half-day; ``roll_call`` once something was noted in it."""

    session: Session
    day: date
    part: DayPart
    starts_at: datetime
    ends_at: datetime
    roll_call: RollCall | None = None

    @property
    def slug(self) -> str:
        return half_day_slug(self.session.pk, self.day, self.part)

    @property
    def is_closed(self) -> bool:
        return self.roll_call is not None and self.roll_call.closed_at is not None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def words(self) -> str:
        """ "samedi 13 mars 2027, matin"."""
        return words_of(self.day, self.part)

    @property
    def hours(self) -> str:
        """ "9 h 30 – 12 h 30"."""
        conference = self.session.conference
        return f"{hour(conference, self.starts_at)} – {hour(conference, self.ends_at)}"


def words_of(day: date, part: str) -> str:
    name = plain_day(day)
    return (_("%(day)s, morning") if part == DayPart.MORNING else _("%(day)s, afternoon")) % {"day": name}


def read_slug(slug: str) -> tuple[int, date, DayPart] | None:
    found = _SLUG.fullmatch(slug)
    try:
        return (int(found[1]), date.fromisoformat(found[2]), DayPart(found[3])) if found else None
    except ValueError:
        return None


def half_days(conference: Conference, session_id: int | None = None) -> list[HalfDay]:
    """All half-days of the sessions that are held, and those in which something was noted, in order: three queries."""
    sessions = Session.objects.filter(conference=conference).prefetch_related("items")
    calls = RollCall.objects.filter(session__conference=conference)
    if session_id is not None:
        sessions, calls = sessions.filter(pk=session_id), calls.filter(session=session_id)
    noted = {(call.session_id, call.day, call.part): call for call in calls}
    found = []
    for session in sessions:
        session.conference = conference
        planned = {} if session.cancelled_at else spans_of(session)
        kept = {(day, DayPart(part)) for pk, day, part in noted if pk == session.pk}
        for day, part in sorted(planned.keys() | kept):
            call = noted.get((session.pk, day, part))
            span = planned.get((day, part))
            if call is not None and (call.closed_at or span is None):
                span = (call.starts_at, call.ends_at)
            if span:
                found.append(HalfDay(session, day, part, *span, call))
    return sorted(found, key=lambda half: (half.starts_at, half.session.pk))


def spans_of(session: Session) -> dict[tuple[date, DayPart], Span]:
    """From when to when, by day and part."""
    stretches = _by_items(session) or _by_clock(session)
    found: dict[tuple[date, DayPart], Span] = {}
    for start, end in stretches:
        local = session.conference.local(start + (end - start) / 2)
        key = (local.date(), DayPart.MORNING if local.time() < NOON else DayPart.AFTERNOON)
        before = found.get(key)
        found[key] = (min(start, before[0]), max(end, before[1])) if before else (start, end)
    return found


def _by_items(session: Session) -> list[Span]:
    items = [item for item in session.items.all() if item.kind != ItemKind.BREAK]
    return [(item.starts_at, item.starts_at + timedelta(minutes=item.minutes)) for item in items]


def _by_clock(session: Session) -> Iterable[Span]:
    conference = session.conference
    first, last = conference.local(session.starts_at), conference.local(session.ends_at)
    if first.date() != last.date() and session.ends_at - session.starts_at <= ONE_SITTING:
        yield session.starts_at, session.ends_at  # past midnight
        return
    opens, closes = first.time(), last.time()
    if first.date() != last.date() and closes <= opens:  # from an evening to a morning: no day of it is like another
        yield (
            session.starts_at,
            max(datetime.combine(first.date(), time(18), conference.zone), session.starts_at + EVENING),
        )
        opens, closes = time(9), time(18)
        first = datetime.combine(first.date() + timedelta(days=1), opens, conference.zone)
    day = first.date()
    while day <= last.date():
        start = first if day == first.date() else datetime.combine(day, opens, conference.zone)
        end = session.ends_at if day == last.date() else datetime.combine(day, closes, conference.zone)
        if end > start:
            yield from _cut(conference, start, end)
        day += timedelta(days=1)


def _cut(conference: Conference, start: datetime, end: datetime) -> list[Span]:
    """A stretch of one day, cut at noon where both sides are long enough."""
    day = conference.local(start).date()
    noon, again = (datetime.combine(day, at, conference.zone) for at in (NOON, AFTER_LUNCH))
    if noon - start < SHORTEST or end - again < SHORTEST:
        return [(start, end)]
    return [(start, noon), (again, end)]
