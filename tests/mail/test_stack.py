"""From an organiser's click to a mailbox, with the real worker, broker, beat and mail server.

Each step is waited for as an event, for as long as a busy machine may need; how quickly it comes on a machine that is not
busy is the faults' and the benchmarks' matter.
"""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from conference.domain.colleagues import add_colleague
from conference.enums import Role
from conference.mail.enums import Kind
from conference.mail.models import Heartbeat, Message
from tests.factories import make_conference, make_user
from tests.stack import LiveStack

pytestmark = pytest.mark.stack
PATIENCE = 90.0  # seconds; beat alone takes that of a minute at worst


def eventually[T](look: Callable[[], T], wanted: T) -> T:
    """What was seen last: the wanted as soon as it is there, something else when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


def fates() -> list[tuple[str, int]]:
    return [(str(message.state), message.attempts) for message in Message.objects.filter(kind=Kind.COLLEAGUE_ADDED)]


def nudges(live_stack: LiveStack) -> int:
    """How often the worker was woken by something that somebody did; beat's own task has another name."""
    return live_stack.log("worker").count("Task conference.mail.tasks.dispatch[")


def test_a_colleague_is_told_without_anybody_s_doing(live_stack: LiveStack) -> None:
    organiser = make_user()
    conference = make_conference(organiser, title="Eau et territoires")
    began, nudged = timezone.now(), nudges(live_stack)

    add_colleague(
        conference_id=conference.pk, actor=organiser, email="ada@example.org", name="Ada Martin", role=Role.GUARANTOR
    )

    letter = live_stack.wait_for_letter("ada@example.org", "Eau et territoires", seconds=PATIENCE)
    assert "Choisir mon mot de passe" in letter.text or "Choose my password" in letter.text
    assert eventually(fates, [("sent", 1)]) == [("sent", 1)]
    assert len(live_stack.letters("ada@example.org")) == 1
    assert eventually(lambda: nudges(live_stack) > nudged, True)  # by the click, not by the tick of the next minute
    ran = Heartbeat.objects.filter(name="dispatch", at__gte=began)
    assert eventually(ran.exists, True)
    assert eventually(lambda: Client().get("/health/ready").status_code, 200) == 200
