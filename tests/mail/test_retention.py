"""What is forgotten, when, and what stays."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.mail.domain.retention import erase_texts
from conference.mail.enums import OPEN, Cause, Kind, ReportKind, Route, State
from conference.mail.models import BounceReport, Message, Suppression
from conference.mail.tasks import erase_old_texts
from conference.models import Conference
from tests.factories import make_conference, make_session

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
WORDS = ("subject", "body_text", "recipient_email", "recipient_name", "last_error")


def write(conference: Conference | None, **fields: Any) -> Message:
    facts: dict[str, Any] = {
        "kind": Kind.INVITATION, "recipient_key": "volunteer:1", "recipient_email": "camille@example.org",
        "recipient_name": "Camille Dupuis", "subject": "Votre place", "body_text": "Bonjour Camille",
        "last_error": "450 <camille@example.org> later", "state": State.SENT, "due_at": SENT, "sent_at": SENT,
    }  # fmt: skip
    return Message.objects.create(conference=conference, **{**facts, **fields})


def words_of(message: Message) -> list[str]:
    return [value for value in Message.objects.values_list(*WORDS).get(pk=message.pk) if value]


def test_texts_go_ninety_days_after_the_last_session_and_the_fact_stays() -> None:
    conference = make_conference()
    make_session(conference, datetime(2026, 4, 1, 8, tzinfo=UTC), hours=1)
    make_session(conference, datetime(2026, 5, 1, 8, tzinfo=UTC), hours=1)
    make_session(conference, datetime(2027, 1, 1, 8, tzinfo=UTC), hours=1, cancelled_at=SENT)
    message = write(conference)
    before = Message.objects.values().get(pk=message.pk)
    day = datetime(2026, 5, 1, 9, tzinfo=UTC) + timedelta(days=90)

    assert erase_texts(day) == 0
    assert Message.objects.values().get(pk=message.pk) == before
    assert erase_texts(day + timedelta(seconds=1)) == 1

    assert Message.objects.values().get(pk=message.pk) == {**before, **dict.fromkeys(WORDS, "")}


def test_a_second_time_there_is_nothing_to_erase() -> None:
    write(make_conference())
    assert erase_texts(SENT + timedelta(days=91)) == 1

    assert erase_texts(SENT + timedelta(days=91)) == 0


@pytest.mark.parametrize(("days", "erased"), [(90, 0), (91, 1)])
def test_without_sessions_or_conference_the_messages_own_time_counts(days: int, erased: int) -> None:
    message = write(None)

    assert erase_texts(SENT + timedelta(days=days)) == erased
    assert bool(words_of(message)) != bool(erased)


def test_what_was_written_after_the_last_session_is_kept_from_then_on() -> None:
    conference = make_conference()
    make_session(conference, datetime(2026, 1, 1, 8, tzinfo=UTC))
    write(conference)

    assert erase_texts(SENT + timedelta(days=90)) == 0


@pytest.mark.parametrize(
    ("zone", "moment", "erased"),
    [
        ("Europe/Paris", "2026-03-19T22:59", 0),
        ("Europe/Paris", "2026-03-19T23:00", 1),
        ("Pacific/Auckland", "2026-03-19T10:59", 0),
        ("Pacific/Auckland", "2026-03-19T11:00", 1),
        ("America/Martinique", "2026-03-20T03:59", 0),
        ("America/Martinique", "2026-03-20T04:00", 1),
    ],
)
def test_nothing_outlives_the_day_of_erasure_on_the_conferences_clock(zone: str, moment: str, erased: int) -> None:
    conference = make_conference(erase_on=date(2026, 3, 20), timezone=zone)
    make_session(conference, datetime(2026, 12, 1, 8, tzinfo=UTC))
    write(conference)
    write(make_conference(), recipient_key="volunteer:2")  # another conference is not concerned

    assert erase_texts(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == erased


@pytest.mark.parametrize("state", list(State))
def test_what_may_still_go_out_keeps_its_address(state: State) -> None:
    message = write(make_conference(erase_on=date(2026, 3, 20)), state=state)

    erase_texts(SENT + timedelta(days=400))

    assert bool(words_of(message)) == (state in {*OPEN, State.SENDING})


def test_what_came_back_is_forgotten_too() -> None:
    message = write(None)
    BounceReport.objects.create(
        message=message, kind=ReportKind.DELAYED, route=Route.WEBHOOK, status="4.2.2", words="camille@…", digest="1"
    )
    Suppression.objects.create(recipient_key="volunteer:1", email="camille@example.org", cause=Cause.BOUNCED)
    Suppression.objects.create(recipient_key="volunteer:2", email="other@example.org", cause=Cause.BOUNCED)
    write(None, recipient_key="volunteer:2", sent_at=timezone.now())

    erase_texts(SENT + timedelta(days=91))

    assert list(BounceReport.objects.values_list("status", "words")) == [("4.2.2", "")]
    assert list(Suppression.objects.values_list("recipient_key", flat=True)) == ["volunteer:2"]


def test_a_report_that_comes_after_the_erasure_is_forgotten_next_time() -> None:
    message = write(None, **dict.fromkeys(WORDS, ""))
    BounceReport.objects.create(message=message, kind=ReportKind.DELAYED, route=Route.WEBHOOK, words="x", digest="1")

    assert [erase_texts(SENT + timedelta(days=91)), erase_texts(SENT + timedelta(days=91))] == [1, 0]


def test_the_task_follows_the_clock_and_the_setting(settings: Settings) -> None:
    settings.MAIL_TEXTS_KEPT_DAYS = 10
    message = write(None)
    with time_machine.travel(SENT + timedelta(days=10), tick=False):
        erase_old_texts()
        assert words_of(message)
    with time_machine.travel(SENT + timedelta(days=10, seconds=1), tick=False):
        erase_old_texts()
        erase_old_texts()
    assert not words_of(message)


def test_beat_runs_the_task(settings: Settings) -> None:
    tasks = {entry["task"] for entry in settings.CELERY["beat_schedule"].values()}

    assert erase_old_texts.name in tasks
