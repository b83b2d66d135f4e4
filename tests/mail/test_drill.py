"""``manage.py mail_drill``: what it writes, what it prints, and that real messages go first."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conference.mail.domain import delivery, drill, kinds, outbox
from conference.mail.domain.kinds import Content, Registered
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    output = io.StringIO()
    call_command("mail_drill", *arguments, stdout=output)
    found: dict[str, Any] = json.loads(output.getvalue())
    return found


def test_it_queues_numbered_messages_about_no_conference_and_counts_them(mail_sink: MailSink) -> None:
    queued = run("--count", "12", "--to", "drill@example.org", "--no-wait")
    assert (queued["queued"], queued["sent"], queued["failed"], queued["waiting"]) == (12, 0, 0, 12)

    delivery.dispatch()

    done = run("--status")
    assert (done["drill"], done["queued"], done["sent"], done["failed"], done["waiting"]) == (
        queued["drill"],
        12,
        12,
        0,
        0,
    )
    assert 0 <= done["seconds"] < 30
    assert [str(letter["Subject"]) for letter in mail_sink.messages] == [
        f"Exercice\u00a0: message {number} sur 12" for number in range(1, 13)
    ]
    assert {received.recipients for received in mail_sink.received} == {("drill@example.org",)}
    assert set(Message.objects.values_list("conference_id", flat=True)) == {None}


def test_it_returns_when_all_are_done(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_sink.refuse_content = "550 no drills here"
    monkeypatch.setattr("time.sleep", lambda seconds: delivery.dispatch())  # the worker works while the command waits

    done = run("--count", "3", "--to", "drill@example.org")

    assert (done["queued"], done["sent"], done["failed"], done["waiting"]) == (3, 0, 3, 0)


def test_a_real_message_goes_before_a_drill_that_was_there_earlier(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"first_name": "Ada", "conference": "Eau", "contact": "", "organiser": "Bureau"}
    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, Registered(lambda message: Content(places)))
    run("--count", "3", "--to", "drill@example.org", "--no-wait")
    Message.objects.update(due_at=timezone.now() - timedelta(hours=1))
    someone = outbox.Recipient("user:1", "ada@example.org", "Ada", "fr")
    outbox.schedule(kind=Kind.DECLINED, recipient=someone, conference_id=None)

    delivery.dispatch()

    assert [received.recipients[0] for received in mail_sink.received] == ["ada@example.org"] + [
        "drill@example.org"
    ] * 3


def test_a_new_drill_forgets_those_of_long_ago_and_nothing_else() -> None:
    old = run("--count", "2", "--to", "drill@example.org", "--no-wait")["drill"]
    Message.objects.update(created_at=timezone.now() - drill.KEPT - timedelta(days=1))
    recent = run("--count", "1", "--to", "drill@example.org", "--no-wait")["drill"]

    assert (drill.counts(old).queued, drill.counts(recent).queued) == (0, 1)
    assert Message.objects.get().state == State.SCHEDULED


@pytest.mark.parametrize(
    "arguments",
    [
        ("--status",),
        (),
        ("--to", "nobody"),
        ("--to", "drill@example.org", "--count", "0"),
        ("--to", "a@b.org", "--count", "x"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
    assert Message.objects.count() == 0
