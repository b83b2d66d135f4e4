"""The letters of the sign-in pages, in our own words."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.mail.domain import claims, delivery, outbox
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.settings import mailer_from_url
from tests.factories import make_user
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def ask(email: str, language: str = "en") -> None:
    client = Client(headers={"accept-language": language})
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302
    delivery.dispatch()


def letter_in(mail_sink: MailSink) -> tuple[str, str]:
    [letter] = mail_sink.messages
    body = letter.get_body(("plain",))
    assert body is not None
    return str(letter["Subject"]), str(body.get_content())


def test_a_forgotten_password_gets_a_link_that_works(mail_sink: MailSink) -> None:
    make_user("ada@example.org")

    ask("ada@example.org")

    subject, text = letter_in(mail_sink)
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", text)
    assert subject == "Choose a new password: the link works for two weeks"
    assert found is not None
    assert Client().get(found[1], follow=True).status_code == 200


def test_an_unknown_address_gets_no_invitation_to_sign_up(mail_sink: MailSink) -> None:
    ask("nobody@example.org")

    subject, text = letter_in(mail_sink)
    assert subject == "No account for this address"
    assert "http" not in text


def test_a_name_is_not_needed_and_nothing_is_escaped(mail_sink: MailSink) -> None:
    ask("o'neil+x@example.org")

    assert "o'neil+x@example.org" in letter_in(mail_sink)[1]


def test_a_stranger_s_address_is_read_as_typed(mail_sink: MailSink) -> None:
    ask("{email}**x**@example.org")

    assert "{email}**x**@example.org" in letter_in(mail_sink)[1]


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_the_request_waits_for_no_mail_server(settings: Settings, email: str) -> None:
    """Nobody answers at that address; the page answers the same, and as quickly."""
    settings.MAILERS = {"default": mailer_from_url("smtp://192.0.2.1:25?timeout=30")}
    make_user("ada@example.org")

    began = time.monotonic()
    answer = Client().post(reverse("account_reset_password"), {"email": email})

    assert (answer.status_code, time.monotonic() - began < 5) == (302, True)
    message = Message.objects.get()
    assert (message.kind, message.state, message.priority) == (Kind.ACCOUNT, State.SCHEDULED, outbox.AT_ONCE)
    assert timedelta(minutes=50) < (message.expires_at or timezone.now()) - timezone.now() <= timedelta(hours=1)
    assert "key" not in message.data  # no link is stored: it is made when the letter is written


def test_nothing_is_kept_of_it_once_it_has_gone(mail_sink: MailSink) -> None:
    make_user("ada@example.org")

    ask("ada@example.org")
    ask("nobody@example.org")

    kept = Message.objects.order_by("pk").values_list("state", "subject", "body_text", "recipient_email")
    assert list(kept) == [("sent", "", "", "ada@example.org"), ("sent", "", "", "")]


def test_each_time_that_somebody_asks_is_a_letter(mail_sink: MailSink) -> None:
    make_user("ada@example.org")

    for _time in range(2):
        ask("ada@example.org")

    assert len(mail_sink.messages) == 2


def test_it_goes_before_what_has_waited_for_longer() -> None:
    long_ago = timezone.now() - timedelta(days=1)
    someone = outbox.Recipient("user:1", "person1@example.org", "", "fr")
    waiting = outbox.schedule(kind=Kind.DRILL, recipient=someone, conference_id=None, due_at=long_ago)
    make_user("ada@example.org")
    Client().post(reverse("account_reset_password"), {"email": "ada@example.org"})

    mine = claims.Dispatcher()
    first, second = mine.reserve(timezone.now(), 10)

    assert Message.objects.get(pk=first).kind == Kind.ACCOUNT
    assert second == waiting.pk


def test_an_hour_later_it_is_of_no_use(mail_sink: MailSink) -> None:
    make_user("ada@example.org")
    Client().post(reverse("account_reset_password"), {"email": "ada@example.org"})
    Message.objects.update(expires_at=timezone.now())

    delivery.dispatch()

    assert (mail_sink.messages, Message.objects.get().state) == ([], State.MISSED)


def test_a_letter_to_somebody_who_is_gone_stays() -> None:
    user = make_user("ada@example.org")
    Client().post(reverse("account_reset_password"), {"email": "ada@example.org"})
    type(user).objects.filter(pk=user.pk).update(is_active=False)

    delivery.dispatch()

    assert Message.objects.get().state == State.CANCELLED
