"""The hours at which the program writes by itself."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from conference.models import Conference
from conference.rules import is_quiet
from conference.timing import next_waking_moment, reminder_after, reminder_before

PARIS = ZoneInfo("Europe/Paris")


def conference(**fields: object) -> Conference:
    return Conference(timezone="Europe/Paris", **fields)


@pytest.mark.parametrize(
    ("at", "start", "end", "quiet"),
    [
        ("19:59", "20:00", "08:00", False),
        ("20:00", "20:00", "08:00", True),
        ("03:00", "20:00", "08:00", True),
        ("08:00", "20:00", "08:00", False),
        ("12:30", "12:00", "14:00", True),
        ("14:00", "12:00", "14:00", False),
        ("03:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours_may_span_midnight(at: str, start: str, end: str, quiet: bool) -> None:
    assert is_quiet(*(time.fromisoformat(one) for one in (at, start, end))) is quiet


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-28", "2026-03-28T10:00+01:00"),  # a Saturday; the clocks go forward in the night to the 29th
        ("2026-03-30", "2026-03-30T10:00+02:00"),
        ("2026-10-24", "2026-10-24T10:00+02:00"),  # and back in the night to the 25th
        ("2026-10-26", "2026-10-26T10:00+01:00"),
    ],
)
def test_reminders_keep_their_hour_through_both_nights_of_clock_change(day: str, expected: str) -> None:
    due = reminder_after(conference(), date.fromisoformat(day))

    assert due.isoformat(timespec="minutes") == expected


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [
        ("2026-12-04", "2026-12-04", "2026-12-04"),  # Friday
        ("2026-12-05", "2026-12-07", "2026-12-04"),  # Saturday
        ("2026-12-06", "2026-12-07", "2026-12-04"),
        ("2026-12-07", "2026-12-07", "2026-12-07"),
    ],
)
def test_free_weekends_put_reminders_off_or_bring_them_forward(day: str, after: str, before: str) -> None:
    made = conference(weekend_messages=False)

    moments = reminder_after(made, date.fromisoformat(day)), reminder_before(made, date.fromisoformat(day))

    assert [moment.date().isoformat() for moment in moments] == [after, before]


@pytest.mark.parametrize(
    ("at", "weekend", "expected"),
    [
        ("2026-12-03T15:12", True, "2026-12-03T15:12"),
        ("2026-12-03T23:30", True, "2026-12-04T08:00"),
        ("2026-12-04T03:30", True, "2026-12-04T08:00"),
        ("2026-12-04T23:30", False, "2026-12-07T08:00"),  # the night to a Saturday
        ("2026-12-05T15:12", False, "2026-12-07T08:00"),
        ("2026-03-28T23:30", True, "2026-03-29T08:00"),  # the night that skips an hour
    ],
)
def test_the_program_waits_for_a_waking_moment(at: str, weekend: bool, expected: str) -> None:
    found = next_waking_moment(conference(weekend_messages=weekend), datetime.fromisoformat(at).replace(tzinfo=PARIS))

    assert found == datetime.fromisoformat(expected).replace(tzinfo=PARIS)
