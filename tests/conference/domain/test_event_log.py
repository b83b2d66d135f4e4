"""The event log: what the database refuses, and how events are put into words."""

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import translation

from conference.domain.events import record, sentence
from conference.models import Conference, Event, User


@pytest.fixture
def event(conference: Conference, olive: User) -> Event:
    return record("conference.created", conference=conference, actor=olive, obj=conference)


@pytest.fixture
def guarded_against_truncate(event: Event) -> None:
    """The trigger that the tests' own cleaning needs off is on here, as in production, until the test rolls back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE conference_event ENABLE TRIGGER event_no_truncate")


def lines() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("verb", "reason"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conference_event SET reason = 'other'",
        "DELETE FROM conference_event",
        "UPDATE conference_event SET conference_id = NULL",
    ],
)
def test_the_database_refuses_to_alter_the_log(event: Event, statement: str) -> None:
    before = lines()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert lines() == before == [("conference.created", "")]


def test_the_database_refuses_to_empty_the_log(guarded_against_truncate: None) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE conference_event CASCADE")

    assert lines() == [("conference.created", "")]


def test_django_cannot_alter_it_either(event: Event) -> None:
    event.reason = "other"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()

    assert lines() == [("conference.created", "")]


def test_a_verb_without_a_sentence_is_refused(conference: Conference) -> None:
    with pytest.raises(LookupError, match="nothing"):
        record("nothing.known", conference=conference)

    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The settings were changed: title, reply deadline"),
        ("fr", "Les réglages ont été modifiés\xa0: titre, date limite de réponse"),
    ],
)
def test_fields_are_named_in_the_readers_language(conference: Conference, language: str, words: str) -> None:
    event = record("conference.changed", conference=conference, obj=conference, fields=["title", "reply_deadline"])

    with translation.override(language):
        assert sentence(event) == words


def test_roles_and_steps_are_named_in_the_readers_language(conference: Conference) -> None:
    role = record("colleague.role_changed", conference=conference, name="Ida", role="guarantor", before="observer")
    step = record("step.done", conference=conference, step="draw")

    with translation.override("en"):
        assert sentence(role) == "Ida is now Guarantor (was Observer)"
        assert sentence(step) == "Step “Draw” was marked as done"
    with translation.override("fr"):
        assert sentence(step) == "L’étape «\xa0Tirage au sort\xa0» a été marquée comme faite"


def test_an_event_whose_data_do_not_fit_shows_its_sentence_unfilled(conference: Conference) -> None:
    event = record("session.added", conference=conference)

    with translation.override("en"):
        assert sentence(event) == "Session “%(title)s” was added"
