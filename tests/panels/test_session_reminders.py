"""A session that moves or is cancelled: reminders are reckoned anew, and those who come are told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conference.domain.sessions import add_session, cancel_session, change_session
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Session, User
from panels.domain import invitations, notices
from panels.models import Invitation
from tests.factories import make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def accepted(organiser: User) -> tuple[Conference, Session, Invitation]:
    conference, _draw = make_drawn(organiser)
    session = make_session(conference)
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    return conference, session, invitations.accept(invitation_id=invitation.pk)


def open_reminders(conference: Conference) -> list[int]:
    """Days before the session at which the open reminders are due, on the conference's clock."""
    found = []
    for message in Message.objects.open().filter(conference=conference, kind=Kind.SESSION_REMINDER):
        session = Session.objects.get(pk=message.data["session"])
        found.append((conference.local(session.starts_at).date() - conference.local(message.due_at).date()).days)
    return sorted(found)


def test_a_moved_session_moves_its_reminders_and_tells_those_who_come(
    accepted: tuple[Conference, Session, Invitation], organiser: User
) -> None:
    conference, session, _invitation = accepted
    later = session.starts_at + timedelta(days=14)

    change_session(
        session_id=session.pk, actor=organiser, fields={"starts_at": later, "ends_at": later + timedelta(hours=7)}
    )

    assert open_reminders(conference) == [3, 7]
    assert Message.objects.filter(kind=Kind.SESSION_REMINDER, state=State.CANCELLED).count() == 2
    assert Message.objects.filter(kind=Kind.SESSION_CHANGED, state=State.SCHEDULED).count() == 1


def test_a_cancelled_session_reminds_nobody(accepted: tuple[Conference, Session, Invitation], organiser: User) -> None:
    conference, session, _invitation = accepted

    cancel_session(session_id=session.pk, actor=organiser, reason="Salle inondée")

    assert open_reminders(conference) == []
    assert Message.objects.get(kind=Kind.SESSION_CHANGED).data == {"session": session.pk, "change": "cancelled"}


def test_an_added_session_is_reminded_of_too(accepted: tuple[Conference, Session, Invitation], organiser: User) -> None:
    conference, session, _invitation = accepted
    start = session.starts_at + timedelta(days=30)

    add_session(
        conference_id=conference.pk, actor=organiser,
        fields={"title": "Audition publique", "starts_at": start, "ends_at": start + timedelta(hours=7)},
    )  # fmt: skip

    assert open_reminders(conference) == [3, 3, 7, 7]


def test_who_joins_after_a_reminder_was_due_is_not_sent_it(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    make_session(conference, starts_at=timezone.now() + timedelta(days=5))
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]

    invitations.accept(invitation_id=invitation.pk)

    assert open_reminders(conference) == [3]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-31T08:00", -3, "2026-03-28T10:00+01:00"),  # the clocks go forward in the night to the 29th
        ("2026-03-31T08:00", -1, "2026-03-30T10:00+02:00"),
        ("2026-10-27T08:00", -3, "2026-10-24T10:00+02:00"),  # and back in the night to the 25th
        ("2026-10-27T08:00", -1, "2026-10-26T10:00+01:00"),
    ],
)
def test_reminders_keep_their_hour_through_both_nights_of_clock_change(start: str, days: int, expected: str) -> None:
    conference = make_conference()
    base = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("UTC"))

    assert notices.local_moment(conference, base, days).isoformat(timespec="minutes") == expected
