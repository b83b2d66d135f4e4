"""Hours are typed on the conference's clock; both nights of clock change; seats and languages."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.forms.models import model_to_dict

from conference.forms.conference import ConferenceForm
from conference.forms.session import SessionForm
from conference.models import Conference
from tests.factories import make_session

PARIS = ZoneInfo("Europe/Paris")
SESSION = {"title": "Audition", "kind": "hearing", "day": "2027-01-16", "begins": "09:30", "ends": "17:00"}


def session_form(**changes: str) -> SessionForm:
    return SessionForm({**SESSION, **changes}, zone=PARIS)


def test_a_session_is_typed_on_the_conferences_clock() -> None:
    form = session_form()

    assert form.is_valid(), form.errors
    values = form.values()
    assert values["starts_at"] == datetime(2027, 1, 16, 8, 30, tzinfo=UTC)
    assert values["ends_at"] == datetime(2027, 1, 16, 16, 0, tzinfo=UTC)


def test_a_session_may_end_on_another_day() -> None:
    form = session_form(day="2027-03-27", last_day="2027-03-28", begins="10:00", ends="16:00")

    assert form.is_valid(), form.errors
    assert form.values()["ends_at"] == datetime(2027, 3, 28, 14, 0, tzinfo=UTC)  # summer time by then


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends": "09:30"}, "ends", "Une session doit finir après son début."),
        ({"ends": "08:00"}, "ends", "Une session doit finir après son début."),
        ({"last_day": "2027-01-15"}, "ends", "Une session doit finir après son début."),
        (
            {"day": "2027-03-28", "begins": "02:30"}, "begins",
            "Cette heure n’existe pas\xa0: cette nuit-là, on passe à l’heure d’été. Choisissez une heure avant ou après.",
        ),
        (
            {"day": "2027-03-27", "last_day": "2027-03-28", "ends": "02:00"}, "ends",
            "Cette heure n’existe pas\xa0: cette nuit-là, on passe à l’heure d’été. Choisissez une heure avant ou après.",
        ),
    ],
)  # fmt: skip
def test_an_hour_that_cannot_be_is_refused_in_words(changes: dict[str, str], field: str, words: str) -> None:
    form = session_form(**changes)

    assert form.errors == {field: [words]}


def test_the_hour_that_comes_twice_means_the_first() -> None:
    form = session_form(day="2026-10-25", begins="02:30", ends="03:30")

    assert form.is_valid(), form.errors
    assert form.values()["starts_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert form.values()["ends_at"] == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_session_that_exists_shows_its_hours_as_people_know_them(conference: Conference) -> None:
    session = make_session(conference, datetime(2027, 3, 27, 9, tzinfo=UTC), hours=29)
    form = SessionForm(instance=session, zone=PARIS)

    shown = {name: str(form[name].value()) for name in ("day", "begins", "ends", "last_day")}

    assert shown == {"day": "2027-03-27", "begins": "10:00:00", "ends": "16:00:00", "last_day": "2027-03-28"}


# -- The settings ------------------------------------------------------------------------------------------------------
def typed(conference: Conference, **changes: Any) -> dict[str, Any]:
    """What the browser sends for this conference, with some fields changed."""
    fields = model_to_dict(conference, ConferenceForm.Meta.fields)
    data = {name: value for name, value in fields.items() if value not in (None, "")}
    data |= {"reminder_days": "3,7", "session_reminder_days": "3,7", "reply_deadline": "", **changes}
    return data


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Europe/Paris", datetime(2026, 12, 4, 17, tzinfo=UTC)),
        ("Indian/Reunion", datetime(2026, 12, 4, 14, tzinfo=UTC)),
        ("Pacific/Noumea", datetime(2026, 12, 4, 7, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_on_the_clock_that_is_chosen_with_it(conference: Conference, zone: str, moment: datetime) -> None:
    form = ConferenceForm(typed(conference, timezone=zone, reply_deadline="2026-12-04T18:00"), instance=conference)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["reply_deadline"] == moment


def test_a_deadline_is_shown_as_it_was_typed(conference: Conference) -> None:
    conference.reply_deadline = datetime(2026, 12, 4, 17, tzinfo=UTC)

    assert 'value="2026-12-04T18:00"' in str(ConferenceForm(instance=conference)["reply_deadline"])


def test_a_deadline_in_the_hour_that_is_skipped_is_refused(conference: Conference) -> None:
    form = ConferenceForm(typed(conference, reply_deadline="2027-03-28T02:30"), instance=conference)

    assert list(form.errors) == ["reply_deadline"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"seats": 14}, ["seats_reason"]),
        ({"seats": 21, "seats_reason": " "}, ["seats_reason"]),
        ({"seats": 21, "seats_reason": "Une assemblée."}, []),
        ({"seats": 0, "seats_reason": "Personne."}, ["seats"]),
        ({"seats": 201, "seats_reason": "Trop."}, ["seats"]),
        ({"languages": ["en"], "language": "fr"}, ["languages"]),
        ({"languages": []}, ["languages"]),
        ({"timezone": "Mars/Phobos"}, ["timezone"]),
        ({"reminder_days": "3, sept"}, ["reminder_days"]),
        (
            {"registration_opens": "2026-12-04T18:00", "registration_closes": "2026-12-04T18:00"},
            ["registration_closes"],
        ),
        ({"title": ""}, ["title"]),
    ],
)
def test_settings_that_cannot_be_are_refused_beside_their_field(
    conference: Conference, changes: dict[str, Any], fields: list[str]
) -> None:
    form = ConferenceForm(typed(conference, **changes), instance=conference)

    assert list(form.errors) == fields


def test_the_day_of_erasure_is_a_day(conference: Conference) -> None:
    form = ConferenceForm(typed(conference, erase_on="2028-01-16"), instance=conference)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["erase_on"] == date(2028, 1, 16)
