"""Reading what comes back: mails in the styles of real servers, and mails that nobody should send."""

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conference.mail.domain.codes import Code, address_is_dead, read_code
from conference.mail.domain.reports import Report, read_mail
from conference.mail.domain.return_path import read_return_path, return_path
from conference.mail.enums import ReportKind

RETURNED = Path(__file__).parent / "returned"
SAMPLES = sorted(path.stem for path in RETURNED.glob("*.eml"))
BOUNCED, DELAYED = ReportKind.BOUNCED, ReportKind.DELAYED

EXPECTED: dict[str, tuple[ReportKind, str, bool] | None] = {  # kind, status, whether the address is dead
    "complaint": (ReportKind.COMPLAINT, "", False),
    "complaint_opt_out": (ReportKind.UNSUBSCRIBED, "", False),
    "complaint_taken_back": None,
    "delivered": None,
    "exchange_denied": (BOUNCED, "5.4.1", True),
    "exchange_policy": (BOUNCED, "5.7.1", False),
    "exchange_unknown": (BOUNCED, "5.1.10", True),
    "exim_full": (BOUNCED, "5.0.0", False),
    "exim_text_only": (BOUNCED, "", True),
    "exim_unknown": (BOUNCED, "5.1.1", True),
    "exim_unrouteable": (BOUNCED, "5.0.0", True),
    "forwarded_to_two": None,
    "gmail_delayed": (DELAYED, "4.4.1", False),
    "gmail_expired": (BOUNCED, "4.4.1", False),
    "gmail_unknown": (BOUNCED, "5.1.1", True),
    "human_answer": None,
    "orange_spam": (BOUNCED, "5.7.1", False),
    "orange_text_only": (BOUNCED, "5.1.1", True),
    "orange_unknown": (BOUNCED, "5.1.1", True),
    "postfix_delayed": (DELAYED, "4.4.1", False),
    "postfix_full": (BOUNCED, "5.2.2", False),
    "postfix_no_domain": (BOUNCED, "5.4.4", True),
    "postfix_unknown": (BOUNCED, "5.1.1", True),
    "qmail_text": (BOUNCED, "5.1.1", True),
    "status_in_base64": (BOUNCED, "5.1.1", True),
    "vacation": None,
    "vacation_with_codes": None,
}


def sample(name: str, *, to: str = "bounce@example.org", message_id: str = "<1@concitoyen>") -> bytes:
    text = (RETURNED / f"{name}.eml").read_text(encoding="utf-8")
    return text.replace("{return_path}", to).replace("{message_id}", message_id).encode()


def test_every_sample_is_expected() -> None:
    assert sorted(EXPECTED) == SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_of_this_style_is_understood(name: str) -> None:
    report = read_mail(sample(name)).report

    told = (report.kind, report.status, report.address_is_dead) if report else None
    assert told == EXPECTED[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_line_ends_of_mail_make_no_difference(name: str) -> None:
    raw = sample(name)

    assert read_mail(raw.replace(b"\n", b"\r\n")).report == read_mail(raw).report


def test_the_servers_words_are_kept() -> None:
    report = read_mail(sample("gmail_unknown")).report

    assert report is not None
    assert report.words.startswith("550-5.1.1 The email account that you tried to reach does not exist.")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("550 5.1.1 no such user", Code(550, "5.1.1")),
        ("550-5.1.1 no such user", Code(550, "5.1.1")),
        ("550 #5.1.0 Address rejected.", Code(550, "5.1.0")),
        ("5.2.2 (mailbox full)", Code(0, "5.2.2")),
        ("host mx[192.0.2.5] said: 450 4.2.0 greylisted", Code(450, "4.2.0")),
        ("host mx said: 551 moved away", Code(551, "")),
        ("connect to mx[192.5.1.1]:25: time out", Code()),
        ("Version 5.1.2 of our program, since 550 days", Code()),
        ("the 5.1.1.7 network", Code()),
    ],
)
def test_codes_are_read_where_they_are_codes(words: str, code: Code) -> None:
    assert read_code(words) == code


@pytest.mark.parametrize(
    ("words", "is_dead"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user here", True),
        ("553 bad name", True),
        ("550 5.2.1 mailbox closed", True),
        ("556 5.1.10 null MX", True),
        ("552 mailbox full", False),
        ("552 5.2.2 over quota", False),
        ("550 mailbox is full", False),
        ("550 5.7.1 blocked by our list", False),
        ("554 refused", False),
        ("550 5.1.8 sender's domain not found", False),
        ("550 5.4.7 delivery time ran out", False),
        ("450 4.1.1 try later", False),
        ("", False),
    ],
)
def test_what_an_answer_says_of_the_address(words: str, is_dead: bool) -> None:
    assert address_is_dead(read_code(words), words) == is_dead


# -- The signed return path --------------------------------------------------------------------------------------------
@pytest.fixture
def bounce_address(settings: Settings) -> str:
    settings.BOUNCE_ADDRESS = "bounce@example.org"
    return "bounce@example.org"


def test_without_an_address_for_bounces_there_is_no_return_path() -> None:
    assert return_path(uuid.uuid4()) == ""


def test_a_return_path_leads_back_to_its_message_in_any_case(bounce_address: str) -> None:
    name = uuid.uuid4()
    address = return_path(name)

    assert read_return_path(address) == name
    assert read_return_path(address.upper()) == name
    assert read_return_path(f"<{address}>") == name
    assert address == address.lower()


def test_the_longest_name_before_the_at_sign_still_fits(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "twenty-letters-long-@example.org"

    assert len(return_path(uuid.uuid4()).partition("@")[0]) == 64


def test_a_forged_return_path_leads_nowhere(bounce_address: str) -> None:
    address = return_path(uuid.UUID("2bd444c3-a415-4083-9cbf-29437a724218"))
    other = return_path(uuid.uuid4())
    swapped = address.partition(".")[0] + other[other.index(".") :]
    for position, letter in enumerate(address.partition("@")[0]):
        for another in set("abcdefghijklmnopqrstuvwxyz234567") - {letter}:
            forged = address[:position] + another + address[position + 1 :]
            assert position < len("bounce+") or read_return_path(forged) is None, forged
    assert read_return_path(swapped) is None


def test_a_return_path_outlives_a_change_of_the_key(bounce_address: str, settings: Settings) -> None:
    name = uuid.uuid4()
    address = return_path(name)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]

    assert read_return_path(address) == name
    settings.SECRET_KEY_FALLBACKS = []
    assert read_return_path(address) is None


@given(st.text())
def test_no_text_is_taken_for_a_return_path(text: str) -> None:
    assert read_return_path(text) is None


# -- Mails that nobody should send -------------------------------------------------------------------------------------
@given(st.binary(max_size=2000))
def test_no_bytes_make_the_reading_fail(raw: bytes) -> None:
    assert isinstance(read_mail(raw).report, Report | None)


@given(st.sampled_from(SAMPLES), st.data())
def test_no_damage_to_a_report_makes_the_reading_fail(name: str, data: st.DataObject) -> None:
    raw = bytearray(sample(name))
    for _time in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 300)))
        raw[start:end] = data.draw(st.binary(max_size=40))

    assert isinstance(read_mail(bytes(raw)).report, Report | None)


def test_a_mail_nested_without_end_is_read_as_nothing() -> None:
    part = "Content-Type: multipart/mixed; boundary=b{0}\n\n--b{0}\n"

    assert read_mail("".join(part.format(depth) for depth in range(5000)).encode()).report is None


def test_a_very_long_mail_is_cut() -> None:
    raw = sample("postfix_unknown") + b"x" * 10_000_000

    report = read_mail(raw).report
    assert report is not None
    assert report.status == "5.1.1"
