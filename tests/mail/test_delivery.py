"""The outbox, against a real PostgreSQL and a mail server that speaks SMTP."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conference.mail.domain import claims, delivery, kinds, outbox, pause
from conference.mail.domain.kinds import Content, ReasonGone
from conference.mail.domain.states import move
from conference.mail.enums import DUE, OPEN, TRANSITIONS, Kind, State
from conference.mail.models import Heartbeat, Message
from conference.settings import mailer_from_url
from tests.sink import MailSink

LINK = "https://conference.example.org/i/secret-of-this-person/"


@pytest.fixture(autouse=True)
def own_kind() -> Iterator[None]:
    """ACCOUNT belongs to no room: here it carries these tests' letters. The data say what its renderer does."""

    def build(message: Message) -> Content:
        if message.data.get("gone"):
            raise ReasonGone("An answer came")
        if message.data.get("broken"):
            raise RuntimeError("a mistake of ours")
        places = {
            "first_name": message.recipient_name, "conference": "Eau", "contact": "", "organiser": "Bureau",
            "added_by": "Claire", "role": "garante",
        }  # fmt: skip
        return Content(
            places, action_url=LINK, action_label="Choisir un mot de passe", from_name="Bureau, des conférences"
        )

    before = dict(kinds._KINDS)
    kinds.register_kind(Kind.COLLEAGUE_ADDED, build)
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def write(number: int = 1, **fields: object) -> Message:
    recipient = outbox.Recipient(f"user:{number}", f"person{number}@example.org", f"Personne {number}", "fr")
    return outbox.schedule(kind=Kind.COLLEAGUE_ADDED, recipient=recipient, conference_id=None, **fields)  # type: ignore[arg-type]


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


@pytest.mark.django_db
def test_the_same_message_scheduled_twice_is_one_row() -> None:
    first, second = write(occurrence="1"), write(occurrence="1")

    assert first.pk == second.pk
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_due_message_arrives_in_text_and_html_with_its_headers(mail_sink: MailSink) -> None:
    message = write()

    delivery.dispatch()

    [letter] = mail_sink.messages
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert letter["To"] == "Personne 1 <person1@example.org>"
    assert letter["From"].addresses[0].display_name == "Bureau, des conférences"
    assert letter["Message-ID"] == message.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "fr"
    assert LINK in text.get_content()
    assert f'href="{LINK}"' in html.get_content()


@pytest.mark.django_db
def test_the_kept_copy_has_no_personal_link(mail_sink: MailSink) -> None:
    message = write()

    delivery.dispatch()

    kept = Message.objects.get(pk=message.pk)
    assert kept.state == State.SENT
    assert "secret-of-this-person" not in kept.body_text
    assert "[votre lien personnel]" in kept.body_text


@pytest.mark.django_db
def test_what_is_due_later_stays(mail_sink: MailSink) -> None:
    message = write(due_at=timezone.now() + timedelta(minutes=1))

    delivery.dispatch()

    assert (mail_sink.received, state_of(message)) == ([], State.SCHEDULED)


@pytest.mark.django_db
def test_what_comes_too_late_to_be_useful_is_marked_as_missed(mail_sink: MailSink) -> None:
    now = timezone.now()
    message = write(due_at=now - timedelta(days=3), expires_at=now - timedelta(days=1))

    delivery.dispatch()

    assert (mail_sink.received, state_of(message)) == ([], State.MISSED)


@pytest.mark.django_db
def test_a_message_whose_reason_is_gone_is_cancelled_at_the_last_moment(mail_sink: MailSink) -> None:
    message = write(data={"gone": True})

    delivery.dispatch()

    message.refresh_from_db()
    assert (mail_sink.received, message.state, message.state_reason) == ([], State.CANCELLED, "An answer came")


@pytest.mark.django_db
def test_a_broken_message_fails_alone(mail_sink: MailSink) -> None:
    broken, sound = write(1, data={"broken": True}), write(2)

    delivery.dispatch()

    assert (state_of(broken), state_of(sound)) == (State.FAILED, State.SENT)
    assert len(mail_sink.received) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("450 try later", State.RETRY),
        ("452 no room now", State.RETRY),
        ("550 nobody here", State.FAILED),
        ("553 bad name", State.FAILED),
    ],
)
def test_a_refused_recipient_is_tried_again_or_not_by_the_class_of_the_answer(
    mail_sink: MailSink, answer: str, state: State
) -> None:
    mail_sink.refuse_recipients["person1@example.org"] = answer
    refused, other = write(1), write(2)

    delivery.dispatch()

    refused.refresh_from_db()
    assert (refused.state, refused.last_error, refused.attempts) == (state, answer, 1)
    assert state_of(other) == State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state"), [("451 busy", State.RETRY), ("554 refused", State.FAILED), ("552 full", State.FAILED)]
)
def test_refused_content_is_tried_again_or_not_by_the_class_of_the_answer(
    mail_sink: MailSink, answer: str, state: State
) -> None:
    mail_sink.refuse_content = answer
    message = write()

    delivery.dispatch()

    assert state_of(message) == state


@pytest.mark.django_db
def test_a_server_that_is_away_costs_waiting_and_no_message(settings: Settings) -> None:
    settings.MAILERS = {"default": mailer_from_url("smtp://127.0.0.1:9")}  # nobody listens there
    message = write()

    delivery.dispatch()

    message.refresh_from_db()
    assert message.state == State.RETRY
    assert timedelta(seconds=30) < message.due_at - timezone.now() < timedelta(minutes=2)


@pytest.mark.django_db
def test_waits_grow_and_end(mail_sink: MailSink) -> None:
    mail_sink.refuse_content = "451 busy"
    message = write()
    waits = []
    for _attempt in range(len(delivery.WAITS) + 1):
        delivery.dispatch()
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds() / 60))
        Message.objects.filter(pk=message.pk, state=State.RETRY).update(due_at=timezone.now())

    assert waits[:-1] == [round(wait.total_seconds() / 60) for wait in delivery.WAITS]
    assert message.state == State.FAILED


def die_while_sending(message: Message) -> None:
    """A dispatcher takes the message up, tells the database, and is never heard of again."""
    lost = claims.Dispatcher()
    now = timezone.now()
    assert lost.reserve(now, 10) == [message.pk]
    assert lost.start(message.pk)
    Message.objects.update(claimed_at=now - claims.DEAD_AFTER - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_message_whose_worker_died_is_tried_again_with_the_same_id(mail_sink: MailSink) -> None:
    message = write()
    die_while_sending(message)

    delivery.dispatch()

    assert state_of(message) == State.SENT
    assert mail_sink.messages[0]["Message-ID"] == message.message_id


@pytest.mark.django_db
def test_a_message_whose_worker_lives_is_left_to_it(mail_sink: MailSink) -> None:
    """However long the server takes: the worker's sign of life counts, not the age of its claim."""
    message = write()
    die_while_sending(message)
    slow = Message.objects.get().claimed_by
    pause.beat(claims.PREFIX + slow, timezone.now() - claims.DEAD_AFTER + timedelta(seconds=5))

    delivery.dispatch()

    assert (state_of(message), mail_sink.received) == (State.SENDING, [])


@pytest.mark.django_db
def test_a_message_whose_worker_dies_again_and_again_waits_for_a_person() -> None:
    told: list[bool] = []
    kinds.register_kind(
        Kind.COLLEAGUE_ADDED, lambda message: Content({}), on_failed=lambda message, permanent: told.append(permanent)
    )
    message = write()
    states = []
    for _time in range(claims.RECOVERIES + 1):
        die_while_sending(message)
        claims.recover(timezone.now())
        states.append(state_of(message))

    assert states == [State.RETRY] * claims.RECOVERIES + [State.FAILED]
    assert told == [False]


@pytest.mark.django_db
def test_what_a_dead_worker_had_only_reserved_is_free_and_was_not_tried(mail_sink: MailSink) -> None:
    message = write()
    claims.Dispatcher().reserve(timezone.now(), 10)
    delivery.dispatch()
    assert (state_of(message), mail_sink.received) == (State.SCHEDULED, [])
    Message.objects.update(claimed_at=timezone.now() - claims.RESERVED_FOR - timedelta(seconds=1))

    delivery.dispatch()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.data) == (State.SENT, 1, {})


@pytest.mark.django_db
def test_cancelling_takes_only_what_is_still_open(mail_sink: MailSink) -> None:
    sent = write(1, subject_type="t", subject_id=1)
    delivery.dispatch()
    waiting = write(2, subject_type="t", subject_id=1, due_at=timezone.now() + timedelta(days=1))

    assert outbox.cancel(subject_type="t", subject_id=1, reason="An answer came") == 1

    assert (state_of(sent), state_of(waiting)) == (State.SENT, State.CANCELLED)


@pytest.mark.django_db
def test_an_erased_person_leaves_no_address_and_receives_nothing_more(mail_sink: MailSink) -> None:
    write(1, occurrence="1")
    delivery.dispatch()
    later = write(1, occurrence="2", due_at=timezone.now() + timedelta(days=1))

    outbox.erase_recipient(recipient_key="user:1")

    rows = list(Message.objects.values_list("recipient_email", "recipient_name", "body_text"))
    assert rows == [("", "", ""), ("", "", "")]
    assert state_of(later) == State.CANCELLED


@pytest.mark.django_db
def test_each_run_leaves_a_heartbeat() -> None:
    delivery.dispatch()

    assert timezone.now() - Heartbeat.objects.get(name="dispatch").at < timedelta(seconds=5)


@pytest.mark.django_db(transaction=True)
def test_four_dispatchers_at_once_send_each_message_once(mail_sink: MailSink) -> None:
    for number in range(60):
        write(number)
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait(10)
        delivery.dispatch()
        connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(mail_sink.received) == 60
    assert len({letter["Message-ID"] for letter in mail_sink.messages}) == 60
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


@given(st.lists(st.sampled_from(list(State)), max_size=12))
def test_no_walk_through_the_states_leaves_the_table_or_an_end(steps: list[State]) -> None:
    """Whatever is asked for, a message that was cancelled, missed or bounced stays so, and nothing goes out twice."""
    state, sent = State.SCHEDULED, 0
    for step in steps:
        message = Message(state=state)
        try:
            move(message, step)
        except ValueError:
            assert step not in TRANSITIONS[state]
            continue
        sent += step == State.SENT
        state = State(message.state)
    assert sent <= 1
    assert all(not TRANSITIONS[end] for end in (State.CANCELLED, State.MISSED, State.BOUNCED))
    assert DUE < OPEN
