"""The half-days of a session, on the conference's clock: one definition for sheets, roll calls and allowances.

With a running order, a half-day lasts from its first item to its last, breaks at either end left out. Without one, the
session's own hours count, the same each day where it goes on for several, and lunch (12.30 to 14) is left out. What has
its middle before 12.30 belongs to the morning. Two sessions on one morning have a half-day each, to call the roll twice;
it is one morning all the same, and paid once (``panels.reckoning``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from conference.enums import DayPart, ItemKind
from conference.models import Session
from conference.words import hour, plain_day

NOON, AFTER_LUNCH = time(12, 30), time(14)
EVENING_FROM = time(17, 30)  # what begins then or later is an evening in words, and a time of its own
SHORTEST = timedelta(hours=1)  # what runs over noon by less is no half-day of its own
ONE_SITTING, LONG_EVENING = timedelta(hours=12), timedelta(hours=4)

type Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class HalfDay:
    """One half-day of one session. ``part`` has two values, which stand in addresses; an evening is an afternoon's."""

    session: Session
    day: date
    part: DayPart
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_evening(self) -> bool:
        return self.part == DayPart.AFTERNOON and self.session.conference.local(self.starts_at).time() >= EVENING_FROM

    @property
    def words(self) -> str:
        """ "samedi 13 mars 2027, matin"."""
        if self.part == DayPart.MORNING:
            words = _("%(day)s, morning")
        else:
            words = _("%(day)s, evening") if self.is_evening else _("%(day)s, afternoon")
        return words % {"day": plain_day(self.day)}

    @property
    def hours(self) -> str:
        """ "9 h 30 – 12 h 30"."""
        conference = self.session.conference
        return f"{hour(conference, self.starts_at)} – {hour(conference, self.ends_at)}"


def half_days_of(session: Session) -> list[HalfDay]:
    """In order. Reads the session's items: prefetch them where there are many sessions."""
    return [HalfDay(session, day, part, *span) for (day, part), span in sorted(_spans(session).items())]


def _spans(session: Session) -> dict[tuple[date, DayPart], Span]:
    """From when to when, by day and part."""
    found: dict[tuple[date, DayPart], Span] = {}
    for start, end in _by_items(session) or _by_clock(session):
        local = session.conference.local(start + (end - start) / 2)
        key = (local.date(), DayPart.MORNING if local.time() < NOON else DayPart.AFTERNOON)
        before = found.get(key)
        found[key] = (min(start, before[0]), max(end, before[1])) if before else (start, end)
    return found


def _by_items(session: Session) -> list[Span]:
    return [(item.starts_at, item.ends_at) for item in session.items.all() if item.kind != ItemKind.BREAK]


def _by_clock(session: Session) -> Iterable[Span]:
    conference = session.conference
    first, last = conference.local(session.starts_at), conference.local(session.ends_at)
    if first.date() != last.date() and session.ends_at - session.starts_at <= ONE_SITTING:
        yield session.starts_at, session.ends_at  # past midnight
        return
    opens, closes = first.time(), last.time()
    if first.date() != last.date() and closes <= opens:  # from an evening to a morning: no day of it is like another
        six = datetime.combine(first.date(), time(18), conference.zone)
        yield session.starts_at, max(six, session.starts_at + LONG_EVENING)
        opens, closes = time(9), time(18)
        first = datetime.combine(first.date() + timedelta(days=1), opens, conference.zone)
    day = first.date()
    while day <= last.date():
        start = first if day == first.date() else datetime.combine(day, opens, conference.zone)
        end = session.ends_at if day == last.date() else datetime.combine(day, closes, conference.zone)
        if end > start:
            yield from _cut(session, start, end)
        day += timedelta(days=1)


def _cut(session: Session, start: datetime, end: datetime) -> list[Span]:
    """A stretch of one day, cut at noon where both sides are long enough."""
    conference = session.conference
    day = conference.local(start).date()
    noon, again = (datetime.combine(day, at, conference.zone) for at in (NOON, AFTER_LUNCH))
    if noon - start < SHORTEST or end - again < SHORTEST:
        return [(start, end)]
    return [(start, noon), (again, end)]
