"""The fixtures of the tests: a mail server that can refuse, and the whole stack on the test database."""

import smtplib
import urllib.request

import pytest
from django.core.mail import send_mail

from conference.models import User
from tests.sink import MailSink
from tests.stack import LiveStack


def test_the_sink_receives_and_refuses(mail_sink: MailSink) -> None:
    send_mail("Accents élégants", "Bonjour", "conference@example.org", ["ana@example.org"])
    assert [message["Subject"] for message in mail_sink.messages] == ["Accents élégants"]
    assert mail_sink.received[0].recipients == ("ana@example.org",)
    mail_sink.refuse_recipients["gone@example.org"] = "550 5.1.1 no such person"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_mail("Encore", "Bonjour", "conference@example.org", ["gone@example.org"])
    mail_sink.refuse_content = "451 4.7.1 try later"
    with pytest.raises(smtplib.SMTPDataError):
        send_mail("Encore", "Bonjour", "conference@example.org", ["ana@example.org"])
    assert len(mail_sink.messages) == 1


@pytest.mark.stack
def test_the_stack_answers_from_the_test_database(live_stack: LiveStack) -> None:
    assert User.objects.count() == 0
    with urllib.request.urlopen(f"{live_stack.url}/health/live", timeout=10) as response:
        assert response.status == 200
    with smtplib.SMTP("127.0.0.1", int(live_stack.mail_url.rpartition(":")[2])) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: Kept\r\n\r\nHello\r\n")
    assert live_stack.wait_for_letter("b@example.org", "kept").text.strip() == "Hello"
    assert live_stack.letters("c@example.org") == []
