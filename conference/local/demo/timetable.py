"""Dates of the demo, reckoned from today on the conference's clock."""

import datetime as dt

from django.utils import timezone

from conference.enums import SessionKind, StepKey
from conference.models import Conference, Session, Step

# days from today, kind, title, place, open to the public, description
SessionPlan = tuple[int, SessionKind, str, str, bool, str]


def at(days: int, hour: int, minute: int = 0, conference: Conference | None = None) -> dt.datetime:
    """So many days from today at that hour in Paris; sessions fall on a Saturday or, one day later, a Sunday."""
    zone = conference.zone if conference else Conference().zone
    day = timezone.now().astimezone(zone).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), zone)


def on_saturday(days: int) -> int:
    """The number of days from today to the first Saturday on or after that day."""
    day = timezone.now().astimezone(Conference().zone).date() + dt.timedelta(days=days)
    return days + (5 - day.weekday()) % 7


def lay_steps(conference: Conference, steps: list[tuple[StepKey, int, str]]) -> None:
    today = timezone.now().date()
    for position, (key, days, owner) in enumerate(steps):
        done = timezone.now() + dt.timedelta(days=days) if days < 0 else None
        Step.objects.create(
            conference=conference,
            key=key,
            position=position,
            planned_on=today + dt.timedelta(days=days),
            owner=owner,
            done_at=done,
        )


def lay_sessions(conference: Conference, sessions: list[SessionPlan]) -> None:
    """Each on the Saturday on or after its day; one that comes a day after the one before, on the Sunday."""
    before = None
    for days, kind, title, place, public, description in sessions:
        sunday = before is not None and days == before + 1
        day = on_saturday(days - 1) + 1 if sunday else on_saturday(days)
        before = days
        Session.objects.create(
            conference=conference,
            kind=kind,
            title=title,
            place=place,
            is_public=public,
            description=description,
            starts_at=at(day, 9, 30),
            ends_at=at(day, 17),
        )
