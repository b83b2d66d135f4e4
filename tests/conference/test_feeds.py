"""Calendar feeds as another program reads them: through a move, a cancellation and both nights of clock change.

The reader is vobject, written apart from the library that wrote the files.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
import vobject.icalendar
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from conference.calendar import calendar_for, turns_of
from conference.domain.sessions import cancel_session, change_session
from conference.models import Conference, Session
from conference.published import Meeting, Person, Slot
from tests.factories import make_conference, make_session, make_user

pytestmark = pytest.mark.django_db
ANNA, BRUNO = Person("expert:anna", "Anna"), Person("expert:bruno", "Bruno")


def events(content: bytes) -> dict[str, tuple[str, int, datetime, datetime]]:
    """What the other program makes of it: for each UID the status, the sequence and both ends as moments in UTC."""
    vars(vobject.icalendar)[
        "__tzidMap"
    ].clear()  # it keeps the first definition of a zone that it meets, of whatever file
    calendar = vobject.readOne(content.decode())
    return {
        event.uid.value: (
            event.status.value,
            int(event.sequence.value),
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
        )
        for event in getattr(calendar, "vevent_list", [])
    }


def feed(conference: Conference) -> dict[str, tuple[str, int, datetime, datetime]]:
    response = Client().get(reverse("public:programme", args=[conference.slug]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return events(response.content)


def test_a_session_keeps_its_uid_through_a_move_and_a_cancellation() -> None:
    olive = make_user()
    conference = make_conference(olive)
    held = make_session(conference, datetime(2027, 3, 13, 8, tzinfo=UTC), 8)
    uid, ends = f"{held.uid}@concitoyen", held.ends_at
    assert feed(conference) == {uid: ("CONFIRMED", 0, held.starts_at, ends)}

    later = held.starts_at + timedelta(days=7)
    change_session(session_id=held.pk, actor=olive, fields={"starts_at": later, "ends_at": later + timedelta(hours=8)})
    assert feed(conference) == {uid: ("CONFIRMED", 1, later, later + timedelta(hours=8))}

    cancel_session(session_id=held.pk, actor=olive, reason="La salle est inondée")
    assert feed(conference) == {uid: ("CANCELLED", 2, later, later + timedelta(hours=8))}


@pytest.mark.parametrize(
    "night",
    [datetime(2027, 3, 27, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)],
    ids=["clocks forward", "clocks back"],
)
def test_a_session_over_a_night_of_clock_change_keeps_both_moments(night: datetime) -> None:
    conference = make_conference()
    held = make_session(conference, night, 12)  # from ten in the evening in Paris, over the change
    assert feed(conference)[f"{held.uid}@concitoyen"][2:] == (night, night + timedelta(hours=12))


# -- The turns of one person, from published versions ------------------------------------------------------------------
NINE = datetime(2027, 3, 28, 7, tzinfo=UTC)  # nine in Paris, on the day when clocks have gone forward
FIRST = Slot("a", "talk", "Exposé", NINE, 20, "Grande salle", None, (ANNA,))
HEARING = Meeting("s", 0, "hearing", "Audition", NINE, NINE + timedelta(hours=8), place="Lyon", slots=(FIRST,))


def turns(*versions: tuple[Slot, ...], meeting: Meeting = HEARING) -> dict[str, Any]:
    conference = make_conference()
    programmes = [(number, (replace(meeting, slots=slots),)) for number, slots in enumerate(versions, start=1)]
    return events(calendar_for(conference, [], turns=turns_of(programmes, ANNA.key)))


def test_a_turn_follows_the_versions_that_change_it_and_no_others() -> None:
    moved, other = replace(FIRST, starts_at=NINE + timedelta(hours=1)), replace(FIRST, uid="b", speakers=(BRUNO,))
    ends = NINE + timedelta(minutes=20)
    assert turns((FIRST,)) == {"a@concitoyen": ("CONFIRMED", 1, NINE, ends)}
    assert turns((FIRST,), (FIRST, other)) == {"a@concitoyen": ("CONFIRMED", 1, NINE, ends)}
    assert turns((FIRST,), (FIRST, other), (moved, other)) == {
        "a@concitoyen": ("CONFIRMED", 3, NINE + timedelta(hours=1), ends + timedelta(hours=1))
    }


def test_a_turn_that_was_taken_out_or_given_to_somebody_else_is_cancelled_and_may_come_back() -> None:
    of_another = replace(FIRST, speakers=(BRUNO,))
    ends = NINE + timedelta(minutes=20)
    assert turns((FIRST,), ()) == {"a@concitoyen": ("CANCELLED", 2, NINE, ends)}
    assert turns((FIRST,), (of_another,)) == {"a@concitoyen": ("CANCELLED", 2, NINE, ends)}
    assert turns((FIRST,), (of_another,), (of_another,), (FIRST,)) == {"a@concitoyen": ("CONFIRMED", 4, NINE, ends)}
    assert turns((of_another,)) == {}


def test_a_turn_of_a_cancelled_session_is_cancelled() -> None:
    versions = [(1, (HEARING,)), (2, (replace(HEARING, is_cancelled=True),))]
    content = calendar_for(make_conference(), [], turns=turns_of(versions, ANNA.key))
    assert [event[:2] for event in events(content).values()] == [("CANCELLED", 2)]


def test_everything_of_somebody_who_no_longer_comes_is_cancelled_with_a_higher_sequence() -> None:
    conference = make_conference()
    make_session(conference, NINE, 8)
    sessions = Session.objects.filter(conference=conference)
    content = calendar_for(conference, sessions, turns=turns_of([(1, (HEARING,))], ANNA.key), gone=True, changes=1)
    assert sorted(event[:2] for event in events(content).values()) == [("CANCELLED", 1), ("CANCELLED", 2)]


@example("Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))  # half past two, the first time
@example("Europe/Paris", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))  # and the second
@example("Europe/Paris", datetime(2027, 3, 28, 1, 0, tzinfo=UTC))  # three o'clock: two o'clock is left out
@given(
    st.sampled_from(["Europe/Paris", "America/Martinique", "Indian/Reunion", "America/Miquelon", "Australia/Sydney"]),
    st.integers(1_767_225_600, 1_956_528_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),  # 2026 to 2031
)
def test_every_reader_finds_the_moment_in_every_zone_at_every_season(zone: str, at: datetime) -> None:
    slot = replace(FIRST, starts_at=at)
    conference = Conference(title="Essai", timezone=zone)
    content = calendar_for(conference, [], turns=turns_of([(1, (replace(HEARING, slots=(slot,)),))], ANNA.key))
    assert events(content)["a@concitoyen"][2] == at
