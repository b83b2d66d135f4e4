"""What comes back about a message that went out through a real server: what follows, and what must not."""

import io
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conference.mail.domain import delivery, kinds, outbox, suppression
from conference.mail.domain.bounces import Outcome, receive_mail
from conference.mail.domain.kinds import Content
from conference.mail.enums import Kind, State
from conference.mail.models import BounceReport, Message, OptOut, Suppression
from tests.mail.test_reports import EXPECTED, SAMPLES, sample
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
Failures = list[tuple[int, bool]]


@pytest.fixture(autouse=True)
def told(settings: Settings) -> Iterator[Failures]:
    """A kind of these tests; the list holds what its room was told of failures. Bounces have an address."""
    settings.BOUNCE_ADDRESS = "bounce@example.org"
    failures: Failures = []

    def build(message: Message) -> Content:
        names = ("first_name", "conference", "contact", "organiser", "added_by", "role")
        return Content(dict.fromkeys(names, "Eau"), action_url="https://example.org/i/1", action_label="Ouvrir")

    before = dict(kinds._KINDS)
    kinds.register_kind(
        Kind.COLLEAGUE_ADDED, build, on_failed=lambda message, permanent: failures.append((message.pk, permanent))
    )
    yield failures
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def write(number: int = 1, email: str = "", **fields: Any) -> Message:
    to = outbox.Recipient(f"user:{number}", email or f"person{number}@mail.example.org", f"Personne {number}", "fr")
    return outbox.schedule(
        kind=Kind.COLLEAGUE_ADDED, recipient=to, conference_id=None, occurrence=uuid.uuid4().hex, **fields
    )


@pytest.fixture
def sent(mail_sink: MailSink) -> tuple[Message, str]:
    """A message that has gone out, and the return path that the server saw."""
    message = write()
    delivery.dispatch()
    message.refresh_from_db()
    assert message.state == State.SENT
    return message, mail_sink.received[-1].sender


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Message, BounceReport, Suppression, OptOut)]


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, *arguments: str) -> str:
    """The command as the mail server runs it."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_bounce", *arguments, stdout=said, verbosity=2)
    return said.getvalue().strip()


# -- The return path ---------------------------------------------------------------------------------------------------
def test_people_see_our_address_and_servers_the_signed_one(sent: tuple[Message, str], mail_sink: MailSink) -> None:
    _message, path = sent

    [letter] = mail_sink.messages
    assert path.startswith("bounce+")
    assert letter["From"].addresses[0].addr_spec == "conference@example.org"
    assert "bounce" not in letter.as_string()


def test_without_an_address_for_bounces_the_sender_is_the_envelopes_too(
    mail_sink: MailSink, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = ""
    write()

    delivery.dispatch()

    [received] = mail_sink.received
    assert received.sender == "conference@example.org"
    assert received.message["From"].addresses[0].addr_spec == "conference@example.org"


# -- What follows ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SAMPLES)
def test_each_style_of_report_has_its_consequence(
    name: str, sent: tuple[Message, str], told: Failures, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, path = sent
    kind, _status, is_dead = EXPECTED[name] or ("", "", False)

    said = pipe(monkeypatch, sample(name, to=path, message_id=message.message_id))

    message.refresh_from_db()
    came_back = kind == "bounced"
    assert said == (Outcome.COUNTED if kind else Outcome.NOTHING).value
    assert message.state == (State.BOUNCED if came_back else State.SENT)
    assert told == ([(message.pk, True)] if came_back else [])
    assert Suppression.objects.count() == is_dead
    assert OptOut.objects.count() == (kind in {"complaint", "unsubscribed"})
    assert bool(message.last_error) == bool(kind)


def test_a_delay_is_a_note_that_people_can_read(sent: tuple[Message, str]) -> None:
    message, path = sent

    receive_mail(raw=sample("postfix_delayed", to=path))

    message.refresh_from_db()
    assert (
        message.last_error
        == "La remise est retardée : connect to mail.example.org[192.0.2.25]:25: Connection timed out"
    )


def test_the_same_report_twice_counts_once(sent: tuple[Message, str], told: Failures) -> None:
    _message, path = sent
    raw = sample("postfix_unknown", to=path)
    assert receive_mail(raw=raw) is Outcome.COUNTED
    before = everything()

    assert receive_mail(raw=raw) is Outcome.REPEATED

    assert everything() == before
    assert len(told) == 1


def test_a_lifted_address_stays_free_when_its_old_report_comes_again(sent: tuple[Message, str]) -> None:
    message, path = sent
    raw = sample("postfix_unknown", to=path)
    receive_mail(raw=raw)
    suppression.lift(recipient_key=message.recipient_key, email=message.recipient_email)

    receive_mail(raw=raw)

    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("forgery", ["unsigned", "forged", "another's"])
def test_a_report_without_our_signature_changes_nothing(
    name: str, forgery: str, sent: tuple[Message, str], told: Failures
) -> None:
    message, path = sent
    to = {
        "unsigned": "bounce@example.org",
        "forged": path[:-20] + "a" * 3 + path[-17:],
        "another's": path.replace(path[10:14], "aaaa"),
    }[forgery]
    before = everything()

    assert receive_mail(raw=sample(name, to=to, message_id=message.message_id)) is Outcome.FOREIGN

    assert everything() == before
    assert told == []


def test_the_server_may_say_whom_the_mail_was_for(sent: tuple[Message, str], monkeypatch: pytest.MonkeyPatch) -> None:
    message, path = sent
    bare = sample("postfix_unknown", to="undisclosed@example.org")

    assert pipe(monkeypatch, bare) == Outcome.FOREIGN.value
    assert pipe(monkeypatch, bare, path) == Outcome.COUNTED.value
    message.refresh_from_db()
    assert message.state == State.BOUNCED


def test_postfix_says_it_in_the_environment(sent: tuple[Message, str], monkeypatch: pytest.MonkeyPatch) -> None:
    _message, path = sent
    monkeypatch.setenv("ORIGINAL_RECIPIENT", path)

    assert pipe(monkeypatch, sample("qmail_text", to="x@example.org")) == Outcome.COUNTED.value


def test_a_report_that_overtakes_us_is_sent_again(
    sent: tuple[Message, str], monkeypatch: pytest.MonkeyPatch, told: Failures
) -> None:
    message, path = sent
    Message.objects.filter(pk=message.pk).update(state=State.SENDING)
    raw = sample("postfix_unknown", to=path)

    with pytest.raises(SystemExit) as stop:
        pipe(monkeypatch, raw)
    assert stop.value.code == 75
    assert not BounceReport.objects.exists()

    Message.objects.filter(pk=message.pk).update(state=State.SENT)
    assert pipe(monkeypatch, raw) == Outcome.COUNTED.value
    assert told == [(message.pk, True)]


def test_without_the_database_the_mail_server_keeps_the_mail(sent: tuple[Message, str]) -> None:
    """The real program, as a mail server starts it."""
    away = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "BOUNCE_ADDRESS": "bounce@example.org",
    }
    raw = sample("postfix_unknown", to=sent[1])
    command = [sys.executable, "manage.py", "receive_bounce", sent[1]]
    root = Path(__file__).parents[2]

    done = subprocess.run(command, input=raw, env=away, cwd=root, capture_output=True, check=False)

    assert done.returncode == 75, done.stderr


def test_a_message_whose_fate_was_unknown_does_not_go_out_again_to_a_dead_address(
    sent: tuple[Message, str], mail_sink: MailSink
) -> None:
    """The worker died after the server had taken the message; before the second try the first one comes back."""
    message, path = sent
    Message.objects.filter(pk=message.pk).update(state=State.RETRY, due_at=timezone.now() - timedelta(minutes=1))

    receive_mail(raw=sample("postfix_unknown", to=path))
    delivery.dispatch()

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert len(mail_sink.received) == 1


def test_a_room_that_fails_does_not_undo_what_is_true(sent: tuple[Message, str]) -> None:
    def fail(message: Message, permanent: bool) -> None:
        raise RuntimeError("a mistake of ours")

    kinds.register_kind(Kind.COLLEAGUE_ADDED, kinds.registered(Kind.COLLEAGUE_ADDED).build, on_failed=fail)
    message, path = sent

    receive_mail(raw=sample("postfix_unknown", to=path))

    message.refresh_from_db()
    assert message.state == State.BOUNCED


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(SAMPLES), data=st.data())
def test_no_damaged_report_without_signature_changes_anything(
    name: str, data: st.DataObject, sent: tuple[Message, str]
) -> None:
    before = everything()
    raw = bytearray(sample(name, message_id=sent[0].message_id))
    for _time in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(raw)))
        raw[start : start + data.draw(st.integers(0, 100))] = data.draw(st.binary(max_size=30))

    assert receive_mail(raw=bytes(raw)) is Outcome.FOREIGN
    assert everything() == before


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400))
def test_no_rubbish_to_a_valid_return_path_fails(raw: bytes, sent: tuple[Message, str]) -> None:
    outcome = receive_mail(raw=b"To: " + sent[1].encode() + b"\n" + raw, recipients=[sent[1]])

    assert outcome is Outcome.NOTHING
    assert Message.objects.get(pk=sent[0].pk).state == State.SENT


# -- Addresses that take no mail ---------------------------------------------------------------------------------------
def test_nothing_more_goes_to_a_dead_address_and_the_row_says_why(
    sent: tuple[Message, str], mail_sink: MailSink, told: Failures
) -> None:
    _message, path = sent
    receive_mail(raw=sample("postfix_unknown", to=path))
    next_one, another_person = write(1), write(2)

    delivery.dispatch()

    next_one.refresh_from_db()
    another_person.refresh_from_db()
    assert (next_one.state, next_one.attempts) == (State.FAILED, 0)
    assert next_one.last_error == (
        "Message non envoyé : un message précédent est revenu de cette adresse. Corrigez-la, ou indiquez qu’elle fonctionne "
        "de nouveau."
    )
    assert another_person.state == State.SENT
    assert told[-1] == (next_one.pk, True)
    assert len(mail_sink.received) == 2


def test_another_address_of_the_same_person_is_not_concerned(sent: tuple[Message, str]) -> None:
    receive_mail(raw=sample("postfix_unknown", to=sent[1]))
    corrected = write(1, email="right@mail.example.org")

    delivery.dispatch()

    corrected.refresh_from_db()
    assert corrected.state == State.SENT


def test_a_lifted_address_is_written_to_again(sent: tuple[Message, str]) -> None:
    message, path = sent
    receive_mail(raw=sample("postfix_unknown", to=path))
    assert suppression.lift(recipient_key="user:1", email="PERSON1@mail.example.org")
    again = write(1)

    delivery.dispatch()

    again.refresh_from_db()
    assert again.state == State.SENT
    assert not suppression.lift(recipient_key="user:1", email=message.recipient_email)


@pytest.mark.parametrize(
    ("answer", "is_dead"),
    [
        ("550 5.1.1 no such user", True),
        ("550 nobody here", True),
        ("552 5.2.2 mailbox full", False),
        ("552 mailbox full", False),
        ("550 5.7.1 policy", False),
        ("554 refused", False),
        ("450 4.2.1 later", False),
    ],
)
def test_a_refusal_at_the_door_kills_the_address_only_if_it_is_about_the_address(
    mail_sink: MailSink, answer: str, is_dead: bool
) -> None:
    mail_sink.refuse_recipients["person1@mail.example.org"] = answer
    write(1)
    delivery.dispatch()
    mail_sink.refuse_recipients.clear()
    later = write(1)

    delivery.dispatch()

    later.refresh_from_db()
    assert Suppression.objects.count() == is_dead
    assert later.state == (State.FAILED if is_dead else State.SENT)


@pytest.mark.parametrize(("answer", "is_dead"), [("550 5.1.1 no such user", True), ("550 no", False)])
def test_after_the_text_only_the_plain_status_kills_the_address(
    mail_sink: MailSink, answer: str, is_dead: bool
) -> None:
    mail_sink.refuse_content = answer
    write(1)

    delivery.dispatch()

    assert Suppression.objects.count() == is_dead


def test_the_erased_leave_no_address_in_what_came_back(sent: tuple[Message, str]) -> None:
    receive_mail(raw=sample("postfix_unknown", to=sent[1]))

    outbox.erase_recipient(recipient_key="user:1")

    assert not Suppression.objects.exists()
    assert list(BounceReport.objects.values_list("words", flat=True)) == [""]


def test_a_message_that_is_gone_is_nobodys(sent: tuple[Message, str]) -> None:
    Message.objects.all().delete()

    assert receive_mail(raw=sample("postfix_unknown", to=sent[1])) is Outcome.FOREIGN
