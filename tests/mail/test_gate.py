"""A letter waits for its gate before the line that ends it: what the server has then, and what becomes of the line."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings

from conference.mail import smtp
from conference.mail.domain import delivery, handover, outcomes
from conference.mail.domain.server import Refused, Server, connected
from conference.mail.enums import State
from conference.mail.gate import Gate, Stalled, Withdrawn
from conference.mail.letter import Letter
from tests.mail.test_delivery import own_kind, state_of, write
from tests.sink import MailSink

__all__ = ["own_kind"]


@pytest.fixture
def server(mail_sink: MailSink) -> Iterator[Server]:
    with connected() as found:
        yield found


@pytest.fixture
def line() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as found:
        yield found


def letter(number: int = 1, words: str = "Bonjour") -> Letter:
    made = Letter(subject=f"Lettre {number}", body=words, from_email="a@example.org", to=[f"p{number}@example.org"])
    made.attach_alternative(f"<p>{words}</p>", "text/html")
    made.seal()
    return made


def subjects(sink: MailSink) -> list[str]:
    return [str(message["Subject"]) for message in sink.messages]


def is_held(future: Future[None]) -> bool:
    """It has had the time to arrive, and has not."""
    time.sleep(0.3)
    return not future.done()


def test_nothing_is_taken_before_the_gate_opens(server: Server, line: ThreadPoolExecutor, mail_sink: MailSink) -> None:
    gate = Gate()
    future = line.submit(server.send, letter(), gate)
    assert is_held(future)
    assert mail_sink.messages == []

    gate.open()

    assert future.result(5) is None
    assert subjects(mail_sink) == ["Lettre 1"]


def test_what_is_withdrawn_never_arrives_and_the_next_does(
    server: Server, line: ThreadPoolExecutor, mail_sink: MailSink
) -> None:
    server.send(letter(1))
    gate = Gate()
    future = line.submit(server.send, letter(2), gate)
    assert is_held(future)
    gate.close()
    with pytest.raises(Withdrawn):
        future.result(5)

    server.send(letter(3))

    assert subjects(mail_sink) == ["Lettre 1", "Lettre 3"]


def test_a_gate_that_says_nothing_for_long_lets_the_line_go_and_the_letter_goes_once(
    server: Server, line: ThreadPoolExecutor, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "HELD", 0.05)
    gate = Gate()
    future = line.submit(server.send, letter(), gate)
    assert is_held(future)  # on no line any more
    assert mail_sink.messages == []

    gate.open()

    assert future.result(5) is None
    assert subjects(mail_sink) == ["Lettre 1"]


def test_a_refused_recipient_does_not_wait_for_the_gate(
    server: Server, line: ThreadPoolExecutor, mail_sink: MailSink
) -> None:
    mail_sink.refuse_recipients["p1@example.org"] = "550 no such person"
    future = line.submit(server.send, letter(), Gate())

    with pytest.raises(Refused, match="550 no such person"):
        future.result(5)


@pytest.mark.parametrize("is_open", [True, False])
def test_dots_arrive_as_they_were_written(
    server: Server, line: ThreadPoolExecutor, mail_sink: MailSink, is_open: bool
) -> None:
    words = ".\n..\n.un point\nfin.\n."
    gate = Gate(is_open=is_open)
    future = line.submit(server.send, letter(words=words), gate)
    gate.open()
    future.result(5)

    body = mail_sink.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == words


def test_a_gate_is_said_once() -> None:
    gate = Gate()
    with pytest.raises(Stalled):
        gate.wait(0.01)
    gate.open()
    gate.close()
    gate.wait(0)
    assert gate.is_open


# -- In the outbox -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_message_cancelled_while_its_words_are_on_the_line_does_not_go(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """In the last moment: its letter has been said but for the end when somebody cancels it."""
    first, second, third = (write(number, occurrence=str(number)) for number in (1, 2, 3))
    real = handover.hand_over

    def late(gone: handover.Gone | None, begin: outcomes.Claim | None, at: object) -> bool:
        if begin and begin.pk == second.pk:
            time.sleep(0.2)  # the letter has the time to reach the server
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE mail_message SET state = 'cancelled', claimed_by = '' WHERE id = %s", [second.pk]
                )
        return real(gone, begin, at)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "hand_over", late)

    delivery.dispatch()

    assert [received.recipients for received in mail_sink.received] == [
        ("person1@example.org",),
        ("person3@example.org",),
    ]
    assert [state_of(one) for one in (first, second, third)] == [State.SENT, State.CANCELLED, State.SENT]


@pytest.mark.django_db(transaction=True)
def test_the_row_says_so_before_the_server_can_have_taken_it(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment at which the end of a letter goes over the line, its row is committed as on its way."""
    message = write()
    seen: list[str] = []
    real = smtp._Remembers._pass_gate

    def ask() -> None:  # on a connection of its own
        seen.append(state_of(message))
        connections.close_all()

    def look(self: smtp._Remembers) -> None:
        real(self)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)

    monkeypatch.setattr(smtp._Remembers, "_pass_gate", look)

    delivery.dispatch()

    assert seen in ([State.SENDING], [])  # nobody waits at a gate that is open already
    assert state_of(message) == State.SENT
