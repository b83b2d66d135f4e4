"""No more a minute than is allowed: in all, for a domain, and by all workers together."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.mail.domain import delivery, drill
from conference.mail.domain.claims import Dispatcher
from conference.mail.enums import State
from conference.mail.models import Message
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def a_minute_later() -> None:
    Message.objects.filter(claimed_at__isnull=False).update(claimed_at=timezone.now() - timedelta(seconds=61))


def arrived(mail_sink: MailSink) -> Counter[str]:
    return Counter(received.recipients[0] for received in mail_sink.received)


def test_the_rest_of_a_minutes_messages_waits_for_the_next(mail_sink: MailSink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 7
    drill.start(count=20, address="drill@example.org")

    steps = []
    for _minute in range(4):
        delivery.dispatch()
        delivery.dispatch()  # another worker, in the same minute
        steps.append(len(mail_sink.received))
        a_minute_later()

    assert steps == [7, 14, 20, 20]


def test_a_busy_domain_holds_up_nobody_else(mail_sink: MailSink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE_PER_DOMAIN = 5
    drill.start(count=60, address="a@Big.example.org")
    drill.start(count=4, address="b@small.example.org")

    delivery.dispatch()
    assert arrived(mail_sink) == {"a@Big.example.org": 5, "b@small.example.org": 4}

    a_minute_later()
    delivery.dispatch()
    assert arrived(mail_sink) == {"a@Big.example.org": 10, "b@small.example.org": 4}


def test_what_was_refused_counts_too(mail_sink: MailSink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 3
    mail_sink.refuse_content = "451 busy"
    drill.start(count=5, address="drill@example.org")

    delivery.dispatch()

    assert Counter(Message.objects.values_list("state", flat=True)) == {State.RETRY: 3, State.SCHEDULED: 2}


def test_what_was_reserved_and_given_back_does_not_count(mail_sink: MailSink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 3
    drill.start(count=3, address="drill@example.org")
    hasty = Dispatcher()
    assert len(hasty.reserve(timezone.now(), 10)) == 3
    hasty.leave()

    delivery.dispatch()

    assert len(mail_sink.received) == 3


@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_moment_count_together(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 25
    drill.start(count=60, address="drill@example.org")
    barrier, taken = threading.Barrier(4), []

    def look() -> None:
        barrier.wait(10)
        taken.extend(Dispatcher().reserve(timezone.now(), 10))
        connections.close_all()

    threads = [threading.Thread(target=look) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(taken) == len(set(taken)) == 25


def test_without_a_limit_there_is_none(mail_sink: MailSink) -> None:
    drill.start(count=120, address="drill@example.org")

    delivery.dispatch()

    assert len(mail_sink.received) == 120
