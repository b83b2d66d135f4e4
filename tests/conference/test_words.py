from datetime import UTC, datetime

import pytest

from conference.models import Conference, Session
from conference.words import day, moment, session_when, sessions_list
from tests.factories import make_conference, make_session


@pytest.fixture
def paris() -> Conference:
    return Conference(title="Eau", timezone="Europe/Paris")


def session(conference: Conference, start: datetime, end: datetime) -> Session:
    return Session(conference=conference, title="Audition", starts_at=start, ends_at=end)


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (datetime(2026, 12, 4, 17, tzinfo=UTC), "vendredi 4 décembre 2026 à 18 h", "Friday 4 December 2026 at 6 pm"),
        (
            datetime(2027, 1, 31, 23, 5, tzinfo=UTC),
            "lundi 1er février 2027 à 0 h 05",
            "Monday 1 February 2027 at 12.05 am",
        ),
        (
            datetime(2027, 7, 14, 10, 30, tzinfo=UTC),
            "mercredi 14 juillet 2027 à 12 h 30",
            "Wednesday 14 July 2027 at 12.30 pm",
        ),
        # The night the clocks go back has two o'clock twice; the night they go forward jumps from 2 to 3.
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "dimanche 25 octobre 2026 à 2 h 30",
            "Sunday 25 October 2026 at 2.30 am",
        ),
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "dimanche 25 octobre 2026 à 2 h 30",
            "Sunday 25 October 2026 at 2.30 am",
        ),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "dimanche 28 mars 2027 à 3 h", "Sunday 28 March 2027 at 3 am"),
    ],
)
def test_a_moment_is_told_on_the_conferences_clock(paris: Conference, at: datetime, french: str, english: str) -> None:
    assert moment(paris, at, "fr").replace("\N{NO-BREAK SPACE}", " ") == french
    assert moment(paris, at, "en").replace("\N{NO-BREAK SPACE}", " ") == english


def test_numbers_stay_with_their_units(paris: Conference) -> None:
    told = moment(paris, datetime(2026, 12, 4, 17, 30, tzinfo=UTC), "fr")

    assert told == "vendredi 4\xa0décembre 2026 à\xa018\xa0h\xa030"


def test_the_zone_decides_the_day() -> None:
    noumea = Conference(timezone="Pacific/Noumea")

    assert day(noumea, datetime(2026, 12, 4, 17, tzinfo=UTC), "fr") == "samedi 5\xa0décembre 2026"


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        ((2027, 1, 16, 8, 30), (2027, 1, 16, 16, 0), "samedi 16 janvier 2027, de 9 h 30 à 17 h", "Saturday 16 January 2027, 9.30 am to 5 pm"),
        (
            (2027, 3, 27, 9, 0), (2027, 3, 28, 14, 0),
            "du samedi 27 mars 2027 à 10 h au dimanche 28 mars 2027 à 16 h",
            "from Saturday 27 March 2027 at 10 am to Sunday 28 March 2027 at 4 pm",
        ),
    ],
)  # fmt: skip
def test_a_session_is_told_from_when_to_when(
    paris: Conference, start: tuple[int, ...], end: tuple[int, ...], french: str, english: str
) -> None:
    held = session(paris, datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))  # type: ignore[misc, arg-type]

    assert session_when(held, "fr").replace("\N{NO-BREAK SPACE}", " ") == french
    assert session_when(held, "en").replace("\N{NO-BREAK SPACE}", " ") == english


@pytest.mark.django_db
def test_the_list_leaves_out_what_was_cancelled() -> None:
    conference = make_conference()
    make_session(conference, datetime(2027, 1, 16, 8, 30, tzinfo=UTC), hours=7.5, title="Comprendre", place="Lyon")
    make_session(
        conference,
        datetime(2027, 2, 16, 8, 30, tzinfo=UTC),
        title="Annulée",
        cancelled_at=datetime(2026, 12, 1, tzinfo=UTC),
    )

    told = sessions_list(conference, "fr").replace("\N{NO-BREAK SPACE}", " ")

    assert told == "- **Comprendre** : samedi 16 janvier 2027, de 9 h 30 à 17 h, Lyon"
