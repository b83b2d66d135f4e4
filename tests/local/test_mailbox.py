"""Caught mail: kept whole, listed, and shown without letting a letter act as the site."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from conference.local import mailbox
from conference.local.catcher import INDEX, keep
from conference.urls import urlpatterns as site

urlpatterns = [*site, path("dev/", include("conference.local.urls"))]


def letter(subject: str = "Une place pour vous, dès mardi") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "Conférence <c@example.org>", "ana@example.org"
    message.set_content("Bonjour,\nhttps://conference.example.org/i/abc\n<script>alert(1)</script>")
    message.add_alternative("<html><head><title>x</title></head><body><script>1</script>Bonjour</body></html>", "html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="séances.ics")
    return message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.fixture
def name(folder: Path) -> str:
    return keep(folder, "bounce@example.org", ["ana@example.org", "Bo@example.org"], letter().as_bytes())


@pytest.fixture
def pages(folder: Path) -> Iterator[Client]:
    with override_settings(HOME=folder.parent, ROOT_URLCONF=__name__):
        yield Client()


def test_what_is_kept_is_listed_newest_first(folder: Path, name: str) -> None:
    second = keep(folder, "", ["cy@example.org"], letter("Rappel").as_bytes())
    assert [line.id for line in mailbox.lines(folder)] == [second, name]
    assert [line.id for line in mailbox.lines(folder, " bo@EXAMPLE ")] == [name]
    assert mailbox.lines(folder)[1].subject == "Une place pour vous, dès mardi"
    assert mailbox.lines(folder / "none") == []


def test_a_line_that_was_cut_off_is_no_line(folder: Path, name: str) -> None:
    with (folder / INDEX).open("a") as file:
        file.write('{"id": "123')
    assert [line.id for line in mailbox.lines(folder)] == [name]


def test_a_letter_is_read_in_parts(folder: Path, name: str) -> None:
    found = mailbox.letter(folder, name)
    assert found is not None
    assert (found.subject, found.recipients) == ("Une place pour vous, dès mardi", "ana@example.org")
    assert found.text.startswith("Bonjour,\nhttps://")
    assert "<title>x</title>" in found.html
    assert [(part.name, part.content_type, part.content) for part in found.attachments] == [
        ("séances.ics", "text/calendar", b"BEGIN:VCALENDAR")
    ]


def test_a_letter_that_is_only_bytes(folder: Path) -> None:
    odd = keep(folder, "", ["a@example.org"], b"Content-Type: text/plain; charset=klingon\r\n\r\nQapla\xff")
    found = mailbox.letter(folder, odd)
    assert found is not None
    assert found.text.startswith("Qapla")
    assert found.attachments == ()


@pytest.mark.parametrize("wrong", ["../secret-key", "x", "", "0" * 20 + "-abcdeg", "0" * 20 + "-abcdef"])
def test_no_name_leads_out_of_the_folder(folder: Path, wrong: str) -> None:
    assert mailbox.raw(folder, wrong) is None


@pytest.mark.django_db
def test_the_pages(pages: Client, name: str) -> None:
    listed = pages.get("/dev/mail/", headers={"accept-language": "en"}).content.decode()
    assert "Une place pour vous, dès mardi" in listed
    assert "Une place pour vous" not in pages.get("/dev/mail/?to=nobody").content.decode()
    page = pages.get(f"/dev/mail/{name}/").content.decode()
    assert 'href="https://conference.example.org/i/abc"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert f'src="/dev/mail/{name}/html/"' in page
    assert pages.get(f"/dev/mail/{'0' * 20}-abcdef/").status_code == 404
    assert pages.post("/dev/mail/").status_code == 405
    assert pages.get(f"/dev/mail/{name}/source/")["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_the_html_of_a_letter_is_shown_in_a_sandbox(pages: Client, name: str) -> None:
    response = pages.get(f"/dev/mail/{name}/html/")
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert '<head><base target="_blank"><title>' in response.content.decode()


@pytest.mark.django_db
def test_an_attachment_is_a_download(pages: Client, name: str) -> None:
    response = pages.get(f"/dev/mail/{name}/attachments/0/")
    assert (response.content, response["Content-Type"]) == (b"BEGIN:VCALENDAR", "text/calendar")
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''s%C3%A9ances.ics"
    assert pages.get(f"/dev/mail/{name}/attachments/1/").status_code == 404


@pytest.mark.django_db
def test_production_has_no_such_page(client: Client) -> None:
    assert client.get("/dev/mail/").status_code == 404
