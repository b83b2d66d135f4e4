"""The definition of a time zone inside a calendar file (RFC 5545, 3.6.5), for the years that the file is about.

Each change of the clocks stands as a part of its own, with the wall clock before the change. That is the plainest form the
standard has, and the one that every reader understands: lists of dates (RDATE), which the library would write, some
readers skip, and then show every summer hour an hour late.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)  # no zone changes its clocks twice in a week
SECOND = timedelta(seconds=1)


def changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments (UTC) between two moments at which the clocks change."""
    at = start
    while at < end:
        after = min(at + STEP, end)
        if _offset(zone, at) != _offset(zone, after):
            yield _between(zone, at, after)
        at = after


def _between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset, by halving."""
    old = _offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) / 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def timezone_component(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """VTIMEZONE from the year before the first moment to the year after the last one."""
    start = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    end = datetime(last.year + 2, 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", zone.key)
    component.add_component(_part(zone, start, _offset(zone, start)))
    for at in changes(zone, start, end):
        component.add_component(_part(zone, at, _offset(zone, at - SECOND)))
    return component


def _part(zone: ZoneInfo, at: datetime, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    local = at.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (at + before).replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(zone, at))
    part.add("tzname", local.tzname() or zone.key)
    return part
