"""When the program writes by itself: at which hour, not at night, and on weekends only where the organisers want it.

What a person sends by a click goes at once. All hours are on the conference's own clock.
"""

from datetime import date, datetime, time, timedelta

from conference.models import Conference
from conference.rules import is_quiet

FRIDAY, SATURDAY = 4, 5


def reminder_after(conference: Conference, day: date) -> datetime:
    """The moment of a reminder due on this day; put off to Monday where weekends are free."""
    if not conference.weekend_messages and day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
    return datetime.combine(day, conference.reminder_hour, conference.zone)


def reminder_before(conference: Conference, day: date) -> datetime:
    """The moment of a reminder that must not come later than this day; on Friday where weekends are free."""
    if not conference.weekend_messages and day.weekday() >= SATURDAY:
        day -= timedelta(days=day.weekday() - FRIDAY)
    return datetime.combine(day, conference.reminder_hour, conference.zone)


def next_waking_moment(conference: Conference, at: datetime) -> datetime:
    """The first moment, from this one on, at which the program may write of its own accord."""
    local = conference.local(at)
    day, hour = local.date(), local.time()
    if is_quiet(hour, conference.quiet_from, conference.quiet_to):
        if conference.quiet_from > conference.quiet_to and hour >= conference.quiet_from:
            day += timedelta(days=1)
        hour = conference.quiet_to
    if not conference.weekend_messages and day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
        hour = _morning(conference)
    if (day, hour) == (local.date(), local.time()):
        return at
    return datetime.combine(day, hour, conference.zone)


def _morning(conference: Conference) -> time:
    return conference.quiet_to if conference.quiet_from > conference.quiet_to else conference.reminder_hour
