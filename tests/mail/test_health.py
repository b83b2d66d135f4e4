"""Whether mail goes out, and what the page for watching programs answers."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference import settings as project
from conference.mail.domain import delivery, kinds, outbox
from conference.mail.domain.health import health
from conference.mail.enums import Kind
from conference.mail.models import Heartbeat
from conference.settings import mailer_from_url
from conference.views import health as views
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def beat(name: str, at: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def write(due_at: datetime) -> None:
    someone = outbox.Recipient("user:1", "person@example.org", "Personne", "fr")
    outbox.schedule(kind=Kind.ACCOUNT, recipient=someone, conference_id=None, due_at=due_at)


def test_all_is_well_with_a_fresh_beat_and_nothing_overdue() -> None:
    beat("beat", NOW - timedelta(minutes=2, seconds=59))
    write(NOW - timedelta(minutes=4, seconds=59))

    found = health(NOW)

    assert (found.is_good, found.warnings()) == (True, [])


def test_five_minutes_late_is_late() -> None:
    beat("beat", NOW)
    write(NOW - timedelta(minutes=5, seconds=1))

    assert (health(NOW).is_late, len(health(NOW).warnings())) == (True, 1)


@pytest.mark.parametrize("last", [None, NOW - timedelta(minutes=3, seconds=1)])
def test_a_dispatcher_that_never_ran_or_not_for_three_minutes_is_silent(last: datetime | None) -> None:
    if last:
        beat("beat", last)

    assert (health(NOW).is_silent, len(health(NOW).warnings())) == (True, 1)


def test_a_server_that_is_away_is_told_until_it_takes_a_message(
    mail_sink: MailSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"first_name": "Ada", "conference": "Eau", "contact": "", "organiser": "Bureau"}
    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, kinds.Registered(lambda message: kinds.Content(places)))
    someone = outbox.Recipient("user:1", "person@example.org", "Personne", "fr")
    message = outbox.schedule(kind=Kind.DECLINED, recipient=someone, conference_id=None)
    there = settings.MAILERS

    settings.MAILERS = {"default": mailer_from_url("smtp://127.0.0.1:9")}
    delivery.dispatch()
    assert health(timezone.now()).server_gone is True

    settings.MAILERS = there
    outbox.send_now(message_id=message.pk)
    delivery.dispatch()
    assert health(timezone.now()).server_gone is False
    assert len(mail_sink.received) == 1


def test_ready_says_yes_with_everything_there(client: Client) -> None:
    beat("beat", timezone.now())

    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready", "database": "ok", "broker": "ok", "dispatcher": "ok", "dispatcher_silent_seconds": 0,
        "mail_server": "ok", "outbox": "ok", "oldest_due_seconds": None,
    }  # fmt: skip


def test_ready_says_no_and_what_is_wrong(client: Client) -> None:
    write(timezone.now() - timedelta(minutes=10))

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    found = answer.json()
    assert (found["status"], found["dispatcher"], found["outbox"]) == ("not ready", "silent", "late")
    assert found["oldest_due_seconds"] == 600


def test_ready_does_not_wait_for_a_dead_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat("beat", timezone.now())
    dead = Celery("dead")
    dead.config_from_object({**project.CELERY, "broker_url": "redis://127.0.0.1:9/0"})
    monkeypatch.setattr(views, "app", dead)
    start = timezone.now()

    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()["broker"]) == (503, "no answer")
    assert timezone.now() - start < timedelta(seconds=3)


def test_live_asks_nobody(client: Client) -> None:
    assert client.get("/health/live").content == b"alive\n"
