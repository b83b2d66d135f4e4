"""What goes over the line, put together by hand: the same letter as the library would write."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conference.mail.letter import LINE, Letter

WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=120).map(
    lambda words: " ".join(words.split())
)
BODIES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=2000)
HEADERS = ("Subject", "From", "To", "Reply-To", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "MIME-Version")


def letter(subject: str = "Bonjour", body: str = "Bonjour", html: str = "<p>Bonjour</p>", **changed: str) -> Letter:
    made = Letter(
        subject=subject,
        body=body,
        from_email=changed.get("From", "Bureau <conference@example.org>"),
        to=[changed.get("To", "Ada <ada@example.org>")],
        reply_to=[changed.get("reply_to", "contact@example.org")],
        headers={"Message-ID": "<1@concitoyen>", "Auto-Submitted": "auto-generated", **changed.get("headers", {})},  # type: ignore[dict-item]
    )
    made.attach_alternative(html, "text/html")
    return made


def both(made: Letter) -> tuple[EmailMessage, EmailMessage]:
    """As we write it, and as the library does."""
    made.seal()
    assert made.sealed is not None
    read = [
        message_from_bytes(raw, policy=policy.default)
        for raw in (made.sealed, made.message(policy=policy.SMTP).as_bytes())
    ]
    return read[0], read[1]


def parts(mail: EmailMessage) -> list[tuple[str, str]]:
    return [(part.get_content_type(), part.get_content().rstrip("\r\n")) for part in mail.iter_parts()]


@example(subject="=?utf-8?q?faux?=", name="=?utf-8?q?faux?=", body=".\n..\n\nFrom moi\n=3D = \t\n")
@example(subject="É" * 200, name='L’"Hay", Ada', body="x" * 3000)
@given(subject=WORDS, name=WORDS, body=BODIES)
def test_a_letter_reads_as_the_library_would_have_written_it(subject: str, name: str, body: str) -> None:
    made = letter(subject or "x", body or "x", f"<p>{body}</p>", To=str(Address(name, "ada", "example.org")))

    ours, theirs = both(made)

    assert {field: str(ours[field]) for field in HEADERS} == {field: str(theirs[field]) for field in HEADERS}
    assert parts(ours) == parts(theirs)
    assert ours.get_content_type() == "multipart/alternative"
    assert ours.defects == []
    assert ours["Date"].datetime is not None


@given(subject=WORDS, body=BODIES)
def test_no_line_is_longer_than_servers_take_and_all_is_ascii(subject: str, body: str) -> None:
    made = letter(subject or "x", body or "x", "x" * 5000)
    made.seal()
    assert made.sealed is not None

    assert made.sealed.isascii()
    assert made.sealed.count(b"\n") == made.sealed.count(b"\r\n")
    assert max(map(len, made.sealed.split(b"\r\n"))) <= LINE


def test_a_domain_in_letters_of_its_own_is_written_as_the_network_wants_it() -> None:
    ours, theirs = both(letter(To="Ada <ada@éxample.org>", reply_to="b@éxample.org"))

    assert str(ours["To"]) == str(theirs["To"]) == "Ada <ada@xn--xample-9ua.org>"
    assert str(ours["Reply-To"]) == str(theirs["Reply-To"])


def test_the_address_to_leave_stays_on_one_line_however_long() -> None:
    address = f"<https://conference.example.org/{'x' * 120}/>"
    made = letter(headers={"List-Unsubscribe": address})  # type: ignore[arg-type]
    made.seal()
    assert made.sealed is not None

    assert f"List-Unsubscribe: {address}\r\n".encode() in made.sealed


def test_a_letter_with_an_attachment_is_written_by_the_library() -> None:
    made = letter()
    made.attach("conference.ics", "BEGIN:VCALENDAR", "text/calendar")

    ours, _theirs = both(made)

    assert ours.get_content_type() == "multipart/mixed"
    assert [part.get_filename() for part in ours.iter_attachments()] == ["conference.ics"]


@pytest.mark.parametrize("field", ["Subject", "To"])
def test_no_header_can_be_smuggled_in(field: str) -> None:
    made = letter(subject="Bonjour\r\nBcc: x@example.org") if field == "Subject" else letter(To="A\r\nBcc: x <a@b.org>")

    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        made.seal()
