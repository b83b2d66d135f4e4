"""A session that moves or is cancelled: reminders are reckoned anew, and those who come are told."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from conference.domain.conferences import change_conference
from conference.domain.sessions import add_session, cancel_session, change_session
from conference.mail.domain import outbox
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Session, User
from panels.domain import invitations
from panels.models import Invitation
from tests.factories import make_drawn, make_session, make_user

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


# -- Rules that change -------------------------------------------------------------------------------------------------
def change(conference: Conference, organiser: User, **fields: object) -> None:
    change_conference(conference_id=conference.pk, actor=organiser, fields=fields)
    conference.refresh_from_db()


def due(invitation: Invitation) -> list[str]:
    found = Message.objects.open().filter(kind=Kind.INVITATION_REMINDER, subject_id=str(invitation.pk))
    return [invitation.conference.local(message.due_at).strftime("%m-%d %H:%M") for message in found.order_by("due_at")]


def test_rules_that_change_move_the_reminders_to_come_and_back(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, reminder_days=[3])
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    second, third, fifth = (
        conference.local(invitation.created_at + timedelta(days=number)).strftime("%m-%d") for number in (2, 3, 5)
    )

    moments = [due(invitation)]
    change(conference, organiser, reminder_hour=time(16, 30), reminder_days=[2, 5])
    moments.append(due(invitation))
    change(conference, organiser, reminder_hour=time(10), reminder_days=[3])
    moments.append(due(invitation))

    assert moments == [[f"{third} 10:00"], [f"{second} 16:30", f"{fifth} 16:30"], [f"{third} 10:00"]]


def test_a_reminder_that_went_out_is_not_repeated_under_new_rules(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, reminder_days=[3])
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    mine = Message.objects.filter(kind=Kind.INVITATION_REMINDER, subject_id=str(invitation.pk))
    mine.update(state=State.SENT)

    change(conference, organiser, reminder_hour=time(16, 30))

    assert [message.state for message in mine] == [State.SENT]


def test_a_reminder_that_a_person_moved_or_held_stays(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, reminder_days=[3, 5])
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    mine = Message.objects.filter(kind=Kind.INVITATION_REMINDER, subject_id=str(invitation.pk)).order_by("pk")
    moved, held = mine
    moment = timezone.now() + timedelta(days=1)
    outbox.move_to(message_id=moved.pk, due_at=moment)
    outbox.hold(message_id=held.pk)

    change(conference, organiser, reminder_hour=time(16, 30))

    assert [(message.state, message.due_at) for message in mine.all()] == [
        (State.SCHEDULED, moment),
        (State.HELD, held.due_at),
    ]


def test_an_alternate_called_up_at_night_is_written_to_in_the_morning(organiser: User) -> None:
    night = datetime(2027, 1, 14, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))
    with time_machine.travel(night, tick=False):
        conference, _draw = make_drawn(organiser)
        first = invitations.invite_panel(conference=conference, actor=organiser)[0]
        by_hand = Message.objects.get(kind=Kind.INVITATION, subject_id=str(first.pk))
        invitations.decline(invitation_id=first.pk)

    called = Invitation.objects.get(round=1)
    message = Message.objects.get(kind=Kind.CALL_UP, subject_id=str(called.pk))
    assert by_hand.due_at == night
    assert conference.local(message.due_at).strftime("%m-%d %H:%M") == "01-15 08:00"
