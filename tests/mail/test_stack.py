"""From an organiser's click to a mailbox, with the real worker, broker, beat and mail server."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conference.domain.colleagues import add_colleague
from conference.enums import Role
from conference.mail.enums import Kind, State
from conference.mail.models import Heartbeat, Message
from tests.factories import make_conference, make_user
from tests.stack import LiveStack

pytestmark = pytest.mark.stack


def settled() -> tuple[str, int]:
    """Where the message has come to; the mailbox has it a moment before the row says so."""
    for _try in range(100):
        message = Message.objects.get(kind=Kind.COLLEAGUE_ADDED)
        if message.state != State.SENDING:
            break
        time.sleep(0.1)
    return message.state, message.attempts


def is_ready() -> bool:
    """Once the first tick of beat has reached the worker, which beat sends when it starts."""
    for _try in range(100):
        if Client().get("/health/ready").status_code == 200:
            return True
        time.sleep(0.1)
    return False


def test_a_colleague_is_told_within_seconds(live_stack: LiveStack) -> None:
    organiser = make_user()
    conference = make_conference(organiser, title="Eau et territoires")

    add_colleague(
        conference_id=conference.pk, actor=organiser, email="ada@example.org", name="Ada Martin", role=Role.GUARANTOR
    )

    letter = live_stack.wait_for_letter("ada@example.org", "Eau et territoires")
    assert "Choisir mon mot de passe" in letter.text or "Choose my password" in letter.text
    assert settled() == (State.SENT, 1)
    assert timezone.now() - Heartbeat.objects.get(name="dispatch").at < timedelta(seconds=30)
    assert is_ready()
