from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Component

from conference.calendar import calendar_for
from conference.models import Conference, Session
from tests.factories import make_conference, make_session

pytestmark = pytest.mark.django_db


def read(content: bytes) -> tuple[Component, list[Component]]:
    calendar = Calendar.from_ical(content)
    return calendar, list(calendar.walk("VEVENT"))


def sessions_of(conference: Conference) -> list[Session]:
    return list(Session.objects.filter(conference=conference))


def test_a_session_reads_back_as_it_was_written() -> None:
    conference = make_conference(title="Eau, énergie ; partage")
    held = make_session(
        conference,
        datetime(2027, 1, 16, 8, 30, tzinfo=UTC),
        hours=7.5,
        title="Comprendre",
        place="12, rue des Tilleuls ; Lyon",
        description="Café.\nPuis au travail.",
    )

    calendar, (event,) = read(calendar_for(conference, [held]))

    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == f"{held.uid}@concitoyen"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Comprendre (Eau, énergie ; partage)"
    assert event["LOCATION"] == "12, rue des Tilleuls ; Lyon"
    assert event["DESCRIPTION"] == "Café.\nPuis au travail."
    assert event.decoded("DTSTART") == held.starts_at
    assert event.decoded("DTEND") == held.ends_at


@pytest.mark.parametrize(
    ("start", "local"),
    [
        (datetime(2027, 3, 27, 8, tzinfo=UTC), "20270327T090000"),  # the day before the clocks go forward
        (datetime(2027, 3, 28, 7, tzinfo=UTC), "20270328T090000"),  # the day itself
        (datetime(2026, 10, 24, 7, tzinfo=UTC), "20261024T090000"),  # the day before they go back
        (datetime(2026, 10, 25, 8, tzinfo=UTC), "20261025T090000"),
    ],
)
def test_hours_stay_on_the_wall_clock_over_the_nights_of_change(start: datetime, local: str) -> None:
    conference = make_conference()
    make_session(conference, start, hours=8)

    content = calendar_for(conference, sessions_of(conference))
    calendar, (event,) = read(content)

    assert f"DTSTART;TZID=Europe/Paris:{local}".encode() in content
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Paris"
    # What a program that trusts the file's own definition of the zone, and nothing else, will show.
    naive = datetime.strptime(local, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall clock
    assert naive.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC) == start  # type: ignore[attr-defined]
    assert event.decoded("DTSTART").astimezone(UTC) == start


def test_a_cancelled_session_stays_in_the_feed_as_cancelled() -> None:
    conference = make_conference()
    held = make_session(conference)
    Session.objects.filter(pk=held.pk).update(cancelled_at=datetime(2026, 12, 1, tzinfo=UTC), sequence=3)

    calendar, (event,) = read(calendar_for(conference, sessions_of(conference)))

    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CANCELLED", 3)
    assert event["UID"] == f"{held.uid}@concitoyen"


def test_taking_sessions_out_of_a_calendar() -> None:
    conference = make_conference()
    held = make_session(conference)

    calendar, (event,) = read(calendar_for(conference, [held], method="CANCEL"))

    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")


def test_an_empty_programme_is_a_calendar_without_events() -> None:
    calendar, events = read(calendar_for(make_conference(), []))

    assert events == []
    assert calendar["VERSION"] == "2.0"


def test_sessions_keep_their_order_and_length() -> None:
    conference = make_conference()
    for days in (40, 47):
        make_session(conference, datetime(2027, 1, 1, 8, tzinfo=UTC) + timedelta(days=days), hours=6)

    _calendar, events = read(calendar_for(conference, sessions_of(conference)))

    assert [event.decoded("DTEND") - event.decoded("DTSTART") for event in events] == [timedelta(hours=6)] * 2
