"""Fetching what came back from a mailbox: what is deleted, what stays for a person, what is looked at again."""

import io
import mailbox
from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.mail.domain.return_path import return_path
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from tests.mail.imap import Mailbox, mailbox_server
from tests.mail.test_reports import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mailbox_server() as box:
        settings.BOUNCE_MAILBOX = box.url
        yield box


@pytest.fixture
def sent(settings: Settings) -> Message:
    settings.BOUNCE_ADDRESS = "bounce@example.org"
    return Message.objects.create(
        kind=Kind.INVITATION,
        recipient_key="volunteer:1",
        recipient_email="camille@example.org",
        state=State.SENT,
        due_at=timezone.now(),
    )


def mails(sent: Message) -> list[bytes]:
    path = return_path(sent.uuid)
    return [sample("postfix_unknown", to=path), sample("human_answer", to=path), sample("gmail_unknown")]


def run(*arguments: str) -> list[str]:
    said = io.StringIO()
    call_command("receive_bounce", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_reports_are_noted_and_deleted_and_the_rest_is_left_to_a_person(box: Mailbox, sent: Message) -> None:
    for raw in mails(sent):
        box.add(raw)

    said = run("--mailbox")

    sent.refresh_from_db()
    assert sent.state == State.BOUNCED
    assert box.left() == {2: {r"\Seen"}, 3: {r"\Seen"}}
    assert said == ["1 bears no valid return path", "1 counted", "1 says nothing of a delivery"]
    assert run("--mailbox") == []


def test_a_report_that_overtakes_us_stays_unread(box: Mailbox, sent: Message) -> None:
    Message.objects.update(state=State.SENDING)
    box.add(mails(sent)[0])

    run("--mailbox")
    assert box.left() == {1: set()}

    Message.objects.update(state=State.SENT)
    run("--mailbox")
    assert box.left() == {}


def test_a_wrong_password_is_told(box: Mailbox) -> None:
    box.password = "another"
    with pytest.raises(IMAP4.error):
        run("--mailbox")


def test_a_folder_that_is_not_there_is_told(box: Mailbox, settings: Settings) -> None:
    settings.BOUNCE_MAILBOX = box.url.replace("INBOX", "Elsewhere")
    with pytest.raises(IMAP4.error):
        run("--mailbox")


@pytest.mark.parametrize("url", ["pop3://user:x@host", "imaps://host/INBOX", "nonsense"])
def test_an_address_that_is_none_is_told(settings: Settings, url: str) -> None:
    settings.BOUNCE_MAILBOX = url
    with pytest.raises(ImproperlyConfigured):
        run("--mailbox")


def test_without_an_address_the_command_says_so(settings: Settings) -> None:
    with pytest.raises(CommandError):
        run("--mailbox")


def test_a_maildir_is_read_likewise(tmp_path: Path, sent: Message) -> None:
    folder = mailbox.Maildir(tmp_path / "box")
    for raw in mails(sent):
        folder.add(raw)

    assert len(run("--maildir", str(tmp_path / "box"))) == 3

    sent.refresh_from_db()
    assert sent.state == State.BOUNCED
    assert sorted(mail.get_flags() for mail in mailbox.Maildir(tmp_path / "box")) == ["S", "S"]
    assert run("--maildir", str(tmp_path / "box")) == []


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured):
        run("--maildir", str(tmp_path))
