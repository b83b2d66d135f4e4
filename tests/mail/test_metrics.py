"""What a monitoring program reads at /health/metrics, and who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from conference.mail.domain import delivery, drill, pause
from conference.mail.models import Heartbeat, Message
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def read(client: Client) -> dict[tuple[str, ...], float]:
    """Each sample by its name and labels."""
    answer = client.get("/health/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_messages_by_state_and_kind_ages_and_refusals(client: Client, mail_sink: MailSink) -> None:
    mail_sink.refuse_recipients["refused@example.org"] = "451 busy"
    drill.start(count=3, address="drill@example.org")
    drill.start(count=2, address="refused@example.org")
    delivery.dispatch()
    drill.start(count=1, address="later@example.org")
    Message.objects.filter(recipient_email="later@example.org").update(due_at=timezone.now() - timedelta(minutes=7))
    pause.beat("beat", timezone.now() - timedelta(seconds=90))

    found = read(client)

    assert found["mail_messages", "drill", "sent"] == 3
    assert found["mail_messages", "drill", "retry"] == 2
    assert found["mail_messages", "drill", "scheduled"] == 1
    assert found["mail_refusals_total", "451"] == 2
    assert 420 <= found["mail_oldest_due_seconds",] < 440
    assert 90 <= found["mail_beat_silent_seconds",] < 110
    assert (found["mail_server_gone",], found["mail_pause_seconds",], found["mail_dispatchers",]) == (0, 0, 0)
    assert timezone.now().timestamp() - found["mail_last_taken_timestamp_seconds",] < 60


def test_an_empty_server_answers_too(client: Client) -> None:
    Heartbeat.objects.all().delete()

    assert read(client)["mail_oldest_due_seconds",] == 0


def test_no_address_is_in_it(client: Client) -> None:
    drill.start(count=1, address="somebody@example.org")

    assert b"somebody" not in client.get("/health/metrics").content


def test_with_a_token_only_its_bearer_may_read(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "long and random"

    assert client.get("/health/metrics").status_code == 404
    assert client.get("/health/metrics", headers={"Authorization": "Bearer short"}).status_code == 404
    assert client.get("/health/metrics", headers={"Authorization": "Bearer long and random"}).status_code == 200


def test_nothing_is_written(client: Client) -> None:
    assert client.post("/health/metrics").status_code == 405
