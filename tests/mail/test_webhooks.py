"""What a mail provider tells: with the right secret, with a wrong one, with none, and rubbish."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conference.mail.domain.providers import PROVIDERS, provider_headers
from conference.mail.enums import Cause, Kind, State
from conference.mail.models import BounceReport, Message, OptOut, Suppression

pytestmark = pytest.mark.django_db
SECRET = "hooks:only-for-these-tests"
KEY = "signing-key-of-these-tests"


@pytest.fixture(autouse=True)
def brevo_in_use(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "brevo"
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture
def sent() -> Message:
    return Message.objects.create(
        kind=Kind.INVITATION,
        recipient_key="volunteer:1",
        recipient_email="camille@mail.example.org",
        recipient_name="Camille Dupuis",
        state=State.SENT,
        due_at=timezone.now(),
        sent_at=timezone.now(),
    )


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Message, BounceReport, Suppression, OptOut)]


def post(provider: str, body: Any, secret: str | None = SECRET) -> HttpResponse:
    """As the provider does: without cookies, and with every check against forged requests switched on."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret is not None else {}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(f"/hooks/mail/{provider}/", raw, content_type="application/json", headers=headers)
    return HttpResponse(answer.content, status=answer.status_code)


def brevo(event: str, message: Message, **fields: Any) -> dict[str, Any]:
    return {
        "event": event,
        "email": message.recipient_email,
        "message-id": message.message_id,
        "ts_epoch": 1_795_000_000_000,
        **fields,
    }


def mailgun(message: Message, *, key: str = KEY, **data: Any) -> dict[str, Any]:
    stamp, token = "1795000000", uuid.uuid4().hex
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "recipient": message.recipient_email,
        "timestamp": 1_795_000_000.0,
        "message": {"headers": {"message-id": message.message_id.strip("<>")}},
        "delivery-status": {"code": 550, "message": "550 5.1.1 no such user"},
        **data,
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": event}


@pytest.mark.parametrize(
    ("fields", "state", "is_dead", "has_left"),
    [
        ({"event": "hard_bounce", "reason": "550 5.1.1 no such user"}, State.BOUNCED, True, False),
        ({"event": "hard_bounce", "reason": ""}, State.BOUNCED, True, False),
        ({"event": "invalid_email"}, State.BOUNCED, True, False),
        ({"event": "hard_bounce", "reason": "550 5.7.1 refused by policy"}, State.BOUNCED, False, False),
        ({"event": "soft_bounce", "reason": "452 4.2.2 mailbox full"}, State.SENT, False, False),
        ({"event": "soft_bounce", "reason": "mailbox full"}, State.SENT, False, False),
        ({"event": "deferred", "reason": "450 try later"}, State.SENT, False, False),
        ({"event": "blocked"}, State.BOUNCED, False, False),
        ({"event": "spam"}, State.SENT, False, True),
        ({"event": "unsubscribe"}, State.SENT, False, True),
        ({"event": "delivered"}, State.SENT, False, False),
        ({"event": "opened"}, State.SENT, False, False),
        ({"event": "of a new kind"}, State.SENT, False, False),
    ],
)
def test_what_a_provider_tells_has_its_consequence(
    sent: Message, fields: dict[str, str], state: State, is_dead: bool, has_left: bool
) -> None:
    assert post("brevo", brevo(message=sent, **fields)).status_code == 200

    sent.refresh_from_db()
    assert sent.state == state
    assert Suppression.objects.count() == is_dead
    assert OptOut.objects.count() == has_left


def test_the_number_that_we_gave_along_leads_to_the_message(sent: Message) -> None:
    body = brevo("spam", sent, **{"message-id": "<rewritten@provider.example.org>", "X-Mailin-custom": "{}"})
    post("brevo", body)
    assert not OptOut.objects.exists()

    post("brevo", {**body, "X-Mailin-custom": json.dumps({"message": sent.uuid.hex})})
    assert OptOut.objects.get().cause == Cause.COMPLAINT


@pytest.mark.parametrize("secret", [None, "", "hooks:wrong", "only-for-these-tests", SECRET + "x", SECRET.upper()])
def test_without_the_secret_nothing_happens(sent: Message, secret: str | None) -> None:
    before = everything()

    assert post("brevo", brevo("hard_bounce", sent), secret).status_code == 400

    assert everything() == before


def test_a_signature_must_be_right_besides(sent: Message, settings: Settings) -> None:
    settings.MAIL_PROVIDER = "mailgun"
    before = everything()
    assert post("mailgun", mailgun(sent, key="wrong")).status_code == 400
    assert post("mailgun", mailgun(sent), secret=None).status_code == 400
    assert everything() == before

    assert post("mailgun", mailgun(sent)).status_code == 200
    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (State.BOUNCED, "550 5.1.1 no such user")


def test_the_same_notice_twice_counts_once(sent: Message, settings: Settings) -> None:
    settings.MAIL_PROVIDER = "mailgun"
    body = mailgun(sent, severity="temporary")
    post("mailgun", body)
    before = everything()

    assert post("mailgun", body).status_code == 200

    assert everything() == before
    assert BounceReport.objects.count() == 1
    post("brevo", brevo("spam", sent))  # another provider than the one in use


def test_only_the_provider_in_use_is_there_and_only_with_a_secret(sent: Message, settings: Settings) -> None:
    assert post("mailgun", mailgun(sent)).status_code == 404
    assert post("nobody", {}).status_code == 404
    settings.ANYMAIL = {"WEBHOOK_SECRET": []}
    assert post("brevo", brevo("hard_bounce", sent)).status_code == 404
    settings.MAIL_PROVIDER = ""
    assert post("brevo", brevo("hard_bounce", sent)).status_code == 404
    assert not BounceReport.objects.exists()


def test_a_notice_that_overtakes_us_is_asked_for_again(sent: Message) -> None:
    Message.objects.update(state=State.SENDING)

    assert post("brevo", brevo("hard_bounce", sent)).status_code == 503
    assert not BounceReport.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_it_is_only_written_to(method: str) -> None:
    assert getattr(Client(), method)("/hooks/mail/brevo/").status_code == 405


def test_a_notice_of_somebody_elses_mail_is_taken_and_forgotten(sent: Message) -> None:
    before = everything()
    other = {**brevo("hard_bounce", sent), "message-id": f"<{uuid.uuid4().hex}@concitoyen>"}

    assert post("brevo", other).status_code == 200
    assert post("brevo", {**other, "message-id": "<newsletter@example.org>"}).status_code == 200

    assert everything() == before


@pytest.mark.parametrize("provider", list(PROVIDERS))
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"[1]", b"null", b"\xff", b'{"event": 7}', b"[" * 2000])
def test_rubbish_with_the_secret_is_refused_or_passed_over(provider: str, body: bytes, settings: Settings) -> None:
    settings.MAIL_PROVIDER = provider

    assert post(provider, body).status_code in {200, 400}


@hypothesis_settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["event", "email", "message-id", "ts_epoch", "reason", "tags", "X-Mailin-custom"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_notice_however_strange_fails_or_changes_anything(sent: Message, body: Any) -> None:
    before = everything()

    assert post("brevo", body).status_code in {200, 400}

    assert everything() == before


@pytest.mark.parametrize("moment", [6.77680361916768e19, 1e300, 10**400])
def test_a_notice_from_a_moment_that_no_clock_knows_is_refused(sent: Message, moment: float) -> None:
    assert post("brevo", {"event": "delivered", "ts_epoch": moment}).status_code == 400


def test_each_provider_gets_the_number_in_the_header_that_it_sends_back(sent: Message, settings: Settings) -> None:
    number = sent.uuid.hex
    expected = {
        "brevo": {"X-Mailin-custom": json.dumps({"message": number})},
        "mailgun": {},
        "mailjet": {"X-MJ-EventPayload": json.dumps({"message": number})},
        "mailtrap": {"X-MT-Custom-Variables": json.dumps({"message": number})},
        "postmark": {"X-PM-Metadata-message": number},
        "sparkpost": {"X-MSYS-API": json.dumps({"metadata": {"message": number}})},
        "": {},
    }
    for provider, headers in expected.items():
        settings.MAIL_PROVIDER = provider
        assert provider_headers(sent) == headers
    assert set(expected) == {*PROVIDERS, ""}


def told_by(provider: str, message: Message) -> Any:
    """A dead address, in each provider's own form."""
    number, to = message.uuid.hex, message.recipient_email
    return {
        "brevo": brevo("hard_bounce", message, reason="550 5.1.1 unknown"),
        "mailgun": mailgun(message),
        "mailjet": {
            "event": "bounce", "time": 1795000000, "MessageID": 1, "email": to, "hard_bounce": True, "blocked": False,
            "error": "user unknown", "Payload": json.dumps({"message": number}),
        },
        "mailtrap": {"events": [{
            "event": "bounce", "email": to, "message_id": str(uuid.uuid4()), "event_id": "1", "timestamp": 1795000000,
            "response": "550 5.1.1 unknown", "custom_variables": {"message": number},
        }]},
        "postmark": {
            "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 1, "Email": to, "MessageID": "1",
            "Description": "The server was unable to deliver", "Details": "550 5.1.1 unknown",
            "BouncedAt": "2026-11-21T10:00:00Z", "Metadata": {"message": number},
        },
        "sparkpost": [{"msys": {"message_event": {
            "type": "bounce", "bounce_class": "10", "raw_rcpt_to": to, "event_id": "1", "transmission_id": "1",
            "timestamp": "1795000000", "raw_reason": "550 5.1.1 unknown", "rcpt_meta": {"message": number},
        }}}],
    }[provider]  # fmt: skip


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_every_provider_is_understood(provider: str, sent: Message, settings: Settings) -> None:
    settings.MAIL_PROVIDER = provider

    assert post(provider, told_by(provider, sent)).status_code == 200

    sent.refresh_from_db()
    assert (sent.state, Suppression.objects.count()) == (State.BOUNCED, 1)


def test_a_misspelt_or_incomplete_provider_is_told_at_the_start(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], "MAILGUN_WEBHOOK_SIGNING_KEY": ""}
    told = {}
    for name in ("", "brevo", "brewo", "mailgun"):
        settings.MAIL_PROVIDER = name
        told[name] = [problem.id for problem in run_checks() if str(problem.id).startswith("mail.")]

    assert told == {"": [], "brevo": [], "brewo": ["mail.E001"], "mailgun": ["mail.E002"]}
