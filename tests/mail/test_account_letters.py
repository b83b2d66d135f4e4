"""The letters of the sign-in pages, in our own words."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def ask(email: str, language: str = "en") -> None:
    client = Client(headers={"accept-language": language})
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302


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
    assert subject == "Choose a new password: the link works for three days"
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
