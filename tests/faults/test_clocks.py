"""What went out and when, against tables written by hand. The program's clock is moved step by step, and at
each step the dispatcher runs against a real mail server."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from conference.mail.domain import delivery
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference
from panels.domain import invitations
from panels.models import Invitation
from tests.factories import make_drawn, make_session, make_user
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    """As in the worker, whatever language the last request of another test was in."""
    with translation.override("fr"):
        yield


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def live_through(
    traveller: time_machine.Traveller,
    until: datetime,
    *,
    step: timedelta = timedelta(hours=1),
    is_off: Callable[[datetime], bool] = lambda at: False,
) -> None:
    """Let time pass until then; the dispatcher runs at each step at which the server is not off."""
    while timezone.now() < until:
        if not is_off(timezone.now()):
            delivery.dispatch()
        traveller.shift(step)


def invited(deadline: datetime, **rules: object) -> tuple[Conference, list[Invitation]]:
    """Two seats; the first citizen will accept, the second never answers."""
    organiser = make_user()
    fields = {"weekend_messages": True, "reminder_hour": time(9), "seats_reason": "Un essai."} | rules
    conference, _draw = make_drawn(organiser, seats=2, alternates=0, others=0, reply_deadline=deadline, **fields)
    return conference, invitations.invite_panel(conference=conference, actor=organiser, deadline=deadline)


def went_out(*kinds: Kind) -> list[tuple[str, str, str]]:
    """Kind, moment in UTC, and the same moment on the clock of Paris."""
    found = Message.objects.filter(kind__in=kinds, state=State.SENT).order_by("sent_at", "pk")
    return [
        (message.kind, f"{message.sent_at:%d %b %H:%M}", f"{message.sent_at.astimezone(PARIS):%d %b %H:%M %Z}")
        for message in found
        if message.sent_at
    ]


def fates(sessions: dict[int, str]) -> list[tuple[str, str, str, str, str]]:
    """Of each reminder that nobody's answer cancelled: about what, when it was due, and what became of it when."""
    return [
        (message.kind, sessions.get(message.data.get("session", 0), f"day {message.data.get('days')}"),
         f"{message.due_at.astimezone(PARIS):%a %d %H:%M}", message.state,
         f"{message.sent_at.astimezone(PARIS):%a %d %H:%M}" if message.sent_at else "")
        for message in Message.objects.filter(kind__in=[Kind.SESSION_REMINDER, Kind.INVITATION_REMINDER])
        .exclude(state=State.CANCELLED)
        .order_by("due_at", "pk")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "table"),
    [
        pytest.param(
            "2027-03-24 10:00",
            [
                # On the 28th the clock goes from 01:59:59 CET to 03:00:00 CEST: there is no half past two.
                ("invitation_reminder", "27 Mar 01:30", "27 Mar 02:30 CET"),
                ("invitation_reminder", "28 Mar 01:30", "28 Mar 03:30 CEST"),
                ("invitation_reminder", "29 Mar 00:30", "29 Mar 02:30 CEST"),
            ],
            id="spring",
        ),
        pytest.param(
            "2027-10-27 10:00",
            [
                # On the 31st the hour from 02:00 to 02:59:59 comes twice: it goes out once, in the first.
                ("invitation_reminder", "30 Oct 00:30", "30 Oct 02:30 CEST"),
                ("invitation_reminder", "31 Oct 00:30", "31 Oct 02:30 CEST"),
                ("invitation_reminder", "01 Nov 01:30", "01 Nov 02:30 CET"),
            ],
            id="autumn",
        ),
    ],
)
def test_reminders_in_the_hour_that_is_missing_or_comes_twice(
    mail_sink: MailSink, start: str, table: list[tuple[str, str, str]]
) -> None:
    begin = paris(start)
    with time_machine.travel(begin, tick=False) as traveller:
        _conference, (answered, _silent) = invited(
            begin + timedelta(days=12), reminder_days=[3, 4, 5], reminder_hour=time(2, 30)
        )
        invitations.decline(invitation_id=answered.pk)
        live_through(traveller, begin + timedelta(days=6), step=timedelta(minutes=30))

    assert went_out(Kind.INVITATION_REMINDER) == table
    assert (
        len(mail_sink.received) == 1 + 1 + 3
    )  # an invitation, a refusal noted (the other invitation was not needed any more), reminders


def test_reminders_of_a_session_stay_at_nine_on_the_clock_of_the_wall(mail_sink: MailSink) -> None:
    begin = paris("2027-03-22 10:00")
    with time_machine.travel(begin, tick=False) as traveller:
        conference, (answered, silent) = invited(begin + timedelta(days=4), reminder_days=[])
        conference.session_reminder_days = [1, 3]
        conference.save()
        make_session(conference, starts_at=paris("2027-03-30 14:00"))  # the clock changes on the 28th
        invitations.accept(invitation_id=answered.pk)
        invitations.decline(invitation_id=silent.pk)
        live_through(traveller, paris("2027-03-31 00:00"))

    assert went_out(Kind.SESSION_REMINDER) == [
        ("session_reminder", "27 Mar 08:00", "27 Mar 09:00 CET"),
        ("session_reminder", "29 Mar 07:00", "29 Mar 09:00 CEST"),
    ]


def test_a_server_that_was_off_for_three_days_sends_what_is_still_useful(mail_sink: MailSink) -> None:
    """Off from Wednesday noon to Saturday noon."""
    begin = paris("2027-03-01 10:00")  # a Monday
    off, on = paris("2027-03-03 12:00"), paris("2027-03-06 12:00")
    with time_machine.travel(begin, tick=False) as traveller:
        conference, (answered, _silent) = invited(paris("2027-03-12 18:00"), reminder_days=[3, 8])
        conference.session_reminder_days = [1]
        conference.save()
        make_session(conference, starts_at=paris("2027-03-05 09:00"), title="Vendredi")
        make_session(conference, starts_at=paris("2027-03-07 09:00"), title="Dimanche")
        make_session(conference, starts_at=paris("2027-03-10 09:00"), title="Mercredi")
        invitations.accept(invitation_id=answered.pk)
        _hasty, (_one, _two) = invited(paris("2027-03-05 18:00"), reminder_days=[3])
        live_through(traveller, paris("2027-03-13 00:00"), is_off=lambda at: off <= at < on)

    assert fates(dict(conference.sessions.values_list("pk", "title"))) == [
        # due on Thursday, while the server was off
        ("invitation_reminder", "day 3", "Thu 04 09:00", "sent", "Sat 06 12:00"),  # answer by the 12th: still useful
        ("session_reminder", "Vendredi", "Thu 04 09:00", "missed", ""),  # the session is over
        ("invitation_reminder", "day 3", "Thu 04 09:00", "missed", ""),  # of the hasty conference: answer by Friday
        ("invitation_reminder", "day 3", "Thu 04 09:00", "missed", ""),
        # due on Saturday morning, three hours before the server came back
        ("session_reminder", "Dimanche", "Sat 06 09:00", "sent", "Sat 06 12:00"),
        # due later: nothing happened
        ("invitation_reminder", "day 8", "Tue 09 09:00", "sent", "Tue 09 09:00"),
        ("session_reminder", "Mercredi", "Tue 09 09:00", "sent", "Tue 09 09:00"),
    ]
    missed = Message.objects.filter(state=State.MISSED)
    assert {message.state_reason for message in missed} == {"Il serait arrivé trop tard"}


def test_reminders_that_came_due_while_the_server_was_off_do_not_leave_together(mail_sink: MailSink) -> None:
    """Off from Monday noon to Thursday noon. Of two that are due then, the later one is of use."""
    begin = paris("2027-03-01 10:00")  # a Monday
    off, on = paris("2027-03-01 12:00"), paris("2027-03-04 12:00")
    with time_machine.travel(begin, tick=False) as traveller:
        conference, (answered, _silent) = invited(paris("2027-03-12 18:00"), reminder_days=[1, 2, 7])
        conference.session_reminder_days = [1, 2, 3]
        conference.save()
        make_session(conference, starts_at=paris("2027-03-06 09:00"), title="Samedi")
        invitations.accept(invitation_id=answered.pk)
        live_through(traveller, paris("2027-03-13 00:00"), is_off=lambda at: off <= at < on)

    assert fates(dict(conference.sessions.values_list("pk", "title"))) == [
        ("invitation_reminder", "day 1", "Tue 02 09:00", "missed", ""),  # the next one was due on Wednesday
        ("invitation_reminder", "day 2", "Wed 03 09:00", "sent", "Thu 04 12:00"),
        ("session_reminder", "Samedi", "Wed 03 09:00", "missed", ""),  # three days before; the next was due on Thursday
        ("session_reminder", "Samedi", "Thu 04 09:00", "sent", "Thu 04 12:00"),  # two days before
        ("session_reminder", "Samedi", "Fri 05 09:00", "sent", "Fri 05 09:00"),  # one day before
        ("invitation_reminder", "day 7", "Mon 08 09:00", "sent", "Mon 08 09:00"),
    ]


def test_reminders_that_a_weekend_puts_off_to_the_same_monday_are_one(mail_sink: MailSink) -> None:
    begin = paris("2027-03-01 10:00")  # a Monday
    with time_machine.travel(begin, tick=False) as traveller:
        conference, (answered, _silent) = invited(
            paris("2027-03-12 18:00"), reminder_days=[5, 6, 7, 8], weekend_messages=False
        )
        conference.session_reminder_days = [5, 6, 7]
        conference.save()
        make_session(conference, starts_at=paris("2027-03-12 14:00"), title="Vendredi")
        invitations.accept(invitation_id=answered.pk)
        live_through(traveller, paris("2027-03-13 00:00"))

    assert fates(dict(conference.sessions.values_list("pk", "title"))) == [
        # seven days before Friday the 12th is Friday the 5th; six and five are the weekend, put forward to that Friday
        ("session_reminder", "Vendredi", "Fri 05 09:00", "sent", "Fri 05 09:00"),
        # five and six days after Monday the 1st are the weekend, put off to Monday, which is the seventh
        ("invitation_reminder", "day 7", "Mon 08 09:00", "sent", "Mon 08 09:00"),
        ("invitation_reminder", "day 8", "Tue 09 09:00", "sent", "Tue 09 09:00"),
    ]
