"""Rooms hear what came of a message once it is noted: once, even if the one who noted it dies, and without a deadlock."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from conference.mail.domain import bounces, claims, delivery, kinds, outbox, pause, telling
from conference.mail.domain.kinds import Content, Registered
from conference.mail.domain.reports import Report
from conference.mail.enums import Cause, Kind, ReportKind, Route, State
from conference.mail.models import Message, Suppression
from panels.domain import invitations
from panels.domain.locking import lock_conference
from panels.enums import InvitationState
from panels.models import Invitation
from tests.factories import make_drawn, make_user
from tests.sink import MailSink

PLACES = {"first_name": "Ada", "conference": "Eau", "contact": "01 99 00 00 00", "organiser": "Bureau", "deadline": "x"}


@pytest.fixture
def told() -> Iterator[list[tuple[int, str]]]:
    found: list[tuple[int, str]] = []
    before = dict(kinds._KINDS)
    kinds._KINDS[Kind.DECLINED] = Registered(
        lambda message: Content(PLACES),
        after_sent=lambda message: found.append((message.pk, "sent")),
        on_failed=lambda message, permanent: found.append((message.pk, f"failed {permanent}")),
    )
    yield found
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def write(number: int = 1) -> Message:
    someone = outbox.Recipient(f"user:{number}", f"person{number}@example.org", f"Personne {number}", "fr")
    return outbox.schedule(kind=Kind.DECLINED, recipient=someone, conference_id=None, subject_type="t", subject_id=1)


def die_before_telling(monkeypatch: pytest.MonkeyPatch) -> Message:
    """Sent, or refused for good; noted; and then nothing is ever heard of the dispatcher again."""
    message = write()
    with monkeypatch.context() as dead:
        dead.setattr(telling, "tell", lambda messages, by: None)
        delivery.dispatch()
    Message.objects.update(claimed_at=timezone.now() - claims.DEAD_AFTER - timedelta(seconds=1))
    message.refresh_from_db()
    assert message.claimed_by
    return message


@pytest.mark.django_db
def test_a_room_hears_of_what_a_dead_worker_had_sent(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, told: list[tuple[int, str]]
) -> None:
    message = die_before_telling(monkeypatch)
    assert (message.state, told) == (State.SENT, [])

    for _time in range(2):
        claims.recover(timezone.now())

    message.refresh_from_db()
    assert told == [(message.pk, "sent")]
    assert (message.state, message.claimed_by, len(mail_sink.received)) == (State.SENT, "", 1)


@pytest.mark.django_db
def test_a_room_hears_of_what_a_dead_worker_saw_refused(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, told: list[tuple[int, str]]
) -> None:
    mail_sink.refuse_recipients["person1@example.org"] = "550 5.1.1 nobody"
    message = die_before_telling(monkeypatch)
    assert (message.state, told) == (State.FAILED, [])

    for _time in range(2):
        claims.recover(timezone.now())

    assert told == [(message.pk, "failed True")]


@pytest.mark.django_db
def test_what_a_living_worker_has_still_to_tell_is_left_to_it(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, told: list[tuple[int, str]]
) -> None:
    message = die_before_telling(monkeypatch)
    pause.beat(claims.PREFIX + message.claimed_by, timezone.now())

    claims.recover(timezone.now())

    assert told == []


@pytest.mark.django_db
def test_a_report_that_overtakes_the_telling_comes_again(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, told: list[tuple[int, str]]
) -> None:
    message = die_before_telling(monkeypatch)
    report = Report(ReportKind.BOUNCED, "5.1.1", "nobody", address_is_dead=True)

    def receive() -> bounces.Outcome:
        return bounces.receive(message_uuid=message.uuid, report=report, route=Route.WEBHOOK, identity="1")

    with pytest.raises(bounces.TooEarly):
        receive()
    claims.recover(timezone.now())

    assert receive() is bounces.Outcome.COUNTED
    assert told == [(message.pk, "sent"), (message.pk, "failed True")]


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_at_once_tell_once(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that writes: what the second has written is undone."""
    barrier = threading.Barrier(2, timeout=10)

    def after_sent(message: Message) -> None:
        barrier.wait()
        outbox.schedule(
            kind=Kind.DRILL, recipient=outbox.Recipient("x:1", "x@example.org", "", "fr"), conference_id=None,
            occurrence=str(threading.get_ident()), due_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip

    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, Registered(lambda one: Content(PLACES), after_sent=after_sent))
    message = die_before_telling(monkeypatch)

    def tell() -> None:
        telling.tell([message], by=message.claimed_by)
        connections.close_all()

    threads = [threading.Thread(target=tell) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Message.objects.filter(kind=Kind.DRILL).count() == 1
    message.refresh_from_db()
    assert message.claimed_by == ""


# -- With the panel ----------------------------------------------------------------------------------------------------
def invite(seats: int) -> list[Invitation]:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=seats, alternates=0, others=1)
    return invitations.invite_panel(conference=conference, actor=organiser)


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until(done: Any) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_message_that_fails_for_good_while_its_person_answers_blocks_nobody(mail_sink: MailSink) -> None:
    """The answer holds the invitation and wants its messages; the failure held its message and wanted the invitation."""
    invitation = invite(2)[0]
    message = Message.objects.get(kind=Kind.INVITATION, subject_id=str(invitation.pk))
    Suppression.objects.create(
        recipient_key=message.recipient_key, email=message.recipient_email, cause=Cause.REFUSED
    )  # so it fails before it is begun: its row is one that an answer cancels

    with transaction.atomic():
        lock_conference(invitation.conference_id)
        Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        thread = in_thread(delivery.dispatch)
        wait_until(somebody_waits_for_a_lock)
        assert Message.objects.get(pk=message.pk).state == State.FAILED  # noted, and no lock held on it
        began = time.monotonic()
        invitations.accept(invitation_id=invitation.pk)
        assert time.monotonic() - began < 0.9  # PostgreSQL looks for deadlocks after a second
    thread.join(30)

    invitation.refresh_from_db()
    assert not thread.is_alive()
    assert invitation.state == InvitationState.ACCEPTED
    assert invitation.bounced_at is not None  # the room was told all the same


@pytest.mark.django_db(transaction=True)
def test_many_that_have_gone_are_told_past_one_that_somebody_holds(mail_sink: MailSink) -> None:
    held, *others = invite(4)
    with transaction.atomic():
        lock_conference(held.conference_id)
        Invitation.objects.select_for_update(no_key=True).get(pk=held.pk)
        thread = in_thread(delivery.dispatch)
        wait_until(lambda: Invitation.objects.filter(state=InvitationState.SENT).count() == 3)
        assert set(Invitation.objects.filter(state=InvitationState.SENT)) == set(others)
        invitations.accept(invitation_id=held.pk)
    thread.join(30)

    held.refresh_from_db()
    assert (held.state, held.sent_by) == (InvitationState.ACCEPTED, "email")
    assert not Message.objects.exclude(claimed_by="").exists()
