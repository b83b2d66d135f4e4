"""What happens at the same moment, and what happens when something breaks half-way."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone, translation

from conference.mail.domain import delivery, kinds, outbox, outcomes
from conference.mail.domain.claims import Dispatcher
from conference.mail.domain.kinds import Content, Registered
from conference.mail.domain.outcomes import Claim
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from tests.sink import MailSink

PLACES = {"first_name": "Ada", "conference": "Eau", "contact": "01 99 00 00 00", "organiser": "Bureau"}


@pytest.fixture(autouse=True)
def own_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)


def register(monkeypatch: pytest.MonkeyPatch, **callbacks: Any) -> None:
    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, Registered(lambda message: Content(PLACES), **callbacks))


def write(number: int = 1, **fields: Any) -> Message:
    someone = outbox.Recipient(f"user:{number}", f"person{number}@example.org", f"Personne {number}", "fr")
    return outbox.schedule(
        kind=Kind.DECLINED, recipient=someone, conference_id=None, subject_type="t", subject_id=1, **fields
    )


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_two_who_schedule_the_same_message_at_once_get_one_row() -> None:
    barrier = threading.Barrier(2)
    found: list[int] = []

    def work() -> None:
        barrier.wait(10)
        found.append(write().pk)

    threads = [in_thread(work) for _number in range(2)]
    for thread in threads:
        thread.join(30)

    assert len(found) == 2
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_that_meets_a_start_waits_for_it_and_leaves_the_message_alone() -> None:
    message = write()
    mine = Dispatcher()
    mine.reserve(timezone.now(), 10)
    cancelled: list[int] = []
    with transaction.atomic():
        assert mine.start(message.pk)  # not committed yet: the row is locked
        thread = in_thread(lambda: cancelled.append(outbox.cancel(subject_type="t", subject_id=1, reason="x")))
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(30)

    assert cancelled == [0]
    assert state_of(message) == State.SENDING


@pytest.mark.django_db(transaction=True)
def test_a_reservation_that_meets_a_cancellation_passes_the_message_by() -> None:
    message = write()
    reserved: list[Any] = []
    with transaction.atomic():
        assert outbox.cancel(subject_type="t", subject_id=1, reason="An answer came") == 1
        thread = in_thread(lambda: reserved.extend(Dispatcher().reserve(timezone.now(), 10)))
        thread.join(30)

    assert reserved == []
    assert state_of(message) == State.CANCELLED


@pytest.mark.django_db
def test_an_answer_that_comes_after_the_reservation_still_stops_the_message() -> None:
    message = write()
    mine = Dispatcher()
    mine.reserve(timezone.now(), 10)

    assert outbox.cancel(subject_type="t", subject_id=1, reason="An answer came") == 1

    assert mine.start(message.pk) is False
    assert state_of(message) == State.CANCELLED


@pytest.mark.django_db
def test_who_has_lost_the_message_neither_begins_nor_ends_it() -> None:
    """A worker that slept through its signs of life wakes up after another has taken the message over."""
    message = write()
    old, new = Dispatcher(), Dispatcher()
    old.reserve(timezone.now(), 10)
    assert old.start(message.pk)
    Message.objects.update(state=State.RETRY, claimed_by="")
    assert new.reserve(timezone.now(), 10) == [message.pk]

    assert old.start(message.pk) is False
    outcomes.failed(Claim(message.pk, old.name), "too late")
    assert state_of(message) == State.RETRY
    assert new.start(message.pk)


@pytest.mark.django_db
def test_a_server_that_goes_away_stops_the_batch_and_blames_nobody_else(mail_sink: MailSink) -> None:
    written = [write(number, due_at=timezone.now() - timedelta(minutes=9 - number)) for number in range(1, 4)]
    mail_sink.refuse_recipients["person2@example.org"] = "421 closing"

    delivery.dispatch()

    found = [Message.objects.get(pk=message.pk) for message in written]
    assert [(one.state, one.attempts) for one in found] == [(State.SENT, 1), (State.RETRY, 1), (State.SCHEDULED, 0)]
    assert [received.recipients for received in mail_sink.received] == [("person1@example.org",)]


@pytest.mark.django_db
def test_a_room_that_cannot_be_told_sends_nothing_twice(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(message: Message) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    register(monkeypatch, after_sent=break_down)
    message = write()

    delivery.dispatch()
    delivery.dispatch()

    assert (len(mail_sink.received), state_of(message)) == (1, State.SENT)


@pytest.mark.django_db
def test_rooms_are_told_of_the_end_and_how_final_it_is(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, bool | None]] = []
    register(
        monkeypatch,
        after_sent=lambda message: told.append((message.state, None)),
        on_failed=lambda message, permanent: told.append((message.state, permanent)),
    )
    mail_sink.refuse_recipients = {"person2@example.org": "550 nobody here", "person3@example.org": "450 later"}
    for number in (1, 2, 3):
        write(number, due_at=timezone.now() - timedelta(minutes=9 - number))

    delivery.dispatch()

    assert sorted(told) == [(State.FAILED, True), (State.SENT, None)]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "no-address", "jé@example.org"])
def test_an_address_that_cannot_be_written_to_fails_with_a_sentence(mail_sink: MailSink, address: str) -> None:
    message = write()
    Message.objects.update(recipient_email=address)

    with translation.override("en"):
        delivery.dispatch()

    message.refresh_from_db()
    assert (message.state, mail_sink.received) == (State.FAILED, [])
    assert message.last_error in {"No address is known.", "This address cannot be written to."}


@pytest.mark.django_db
def test_a_name_cannot_add_a_header_or_a_recipient(mail_sink: MailSink) -> None:
    write()
    Message.objects.update(recipient_name='Ada\r\nBcc: other@example.org, "x" <evil@example.org>')

    delivery.dispatch()

    [received] = mail_sink.received
    assert received.recipients == ("person1@example.org",)
    assert received.message["Bcc"] is None


@pytest.mark.django_db
def test_what_is_held_stays_until_it_is_released(mail_sink: MailSink) -> None:
    message = write()
    outbox.hold(message_id=message.pk)
    delivery.dispatch()
    assert (mail_sink.received, state_of(message)) == ([], State.HELD)

    outbox.release(message_id=message.pk)
    delivery.dispatch()

    assert (len(mail_sink.received), state_of(message)) == (1, State.SENT)


@pytest.mark.django_db
def test_what_failed_and_is_tried_again_by_hand_has_all_its_attempts(mail_sink: MailSink) -> None:
    mail_sink.refuse_content = "554 no"
    message = write()
    delivery.dispatch()
    mail_sink.refuse_content = ""

    outbox.send_now(message_id=message.pk)
    delivery.dispatch()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (State.SENT, 1, "")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_while_the_outcome_is_noted_is_asked_again(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks between the row and what the room adds: both are noted anew, and nothing is sent twice."""
    told: list[int] = []

    def lose_the_database_once(message: Message) -> None:
        told.append(message.pk)
        if len(told) == 1:
            connection.connection.close()
            Message.objects.count()

    register(monkeypatch, after_sent=lose_the_database_once)
    message = write()

    delivery.dispatch()
    delivery.dispatch()

    assert (len(mail_sink.received), state_of(message), told) == (1, State.SENT, [message.pk, message.pk])
