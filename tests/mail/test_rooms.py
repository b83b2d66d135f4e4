"""The letters of the panel as people receive them: real rooms, real texts, a real mail server."""

import re
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from conference.domain.sessions import cancel_session
from conference.mail.domain import delivery
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import User
from panels.domain import invitations
from panels.enums import InvitationState
from panels.models import Identity, Invitation
from tests.factories import make_drawn, make_session, make_user
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def invited(organiser: User) -> list[Invitation]:
    conference, _draw = make_drawn(organiser)
    make_session(conference)
    return invitations.invite_panel(conference=conference, actor=organiser)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage) -> str:
    found = re.search(r"http://testserver(/i/\S+)", text_of(letter))
    assert found is not None
    return found[1]


def due_now(kind: Kind) -> None:
    Message.objects.filter(kind=kind).update(due_at=timezone.now())


def test_every_invitation_arrives_once_with_a_link_of_its_own(mail_sink: MailSink, invited: list[Invitation]) -> None:
    delivery.dispatch()
    delivery.dispatch()

    letters = mail_sink.messages
    assert len(letters) == len(invited) == 15
    assert len({link_in(letter) for letter in letters}) == 15
    assert {invitation.state for invitation in Invitation.objects.all()} == {InvitationState.SENT}
    first = letters[0]
    assert str(first["Subject"]).startswith("Vous avez été tiré au sort\u00a0: votre réponse avant le ")
    assert "12 rue des Tilleuls, Lyon" in text_of(first)
    assert "90 € par jour." in text_of(first)
    assert first["Reply-To"] == "contact@example.org"
    assert first["From"].addresses[0].display_name == "Bureau des conférences"


def test_the_link_of_a_letter_opens_the_invitation(
    client: Client, mail_sink: MailSink, invited: list[Invitation]
) -> None:
    delivery.dispatch()

    page = client.get(link_in(mail_sink.messages[0]), follow=True)

    assert page.status_code == 200
    assert invited[0].conference.question in page.content.decode()


def test_a_letter_speaks_the_persons_language(mail_sink: MailSink, invited: list[Invitation]) -> None:
    Identity.objects.update(language="en")
    Message.objects.update(language="en")

    delivery.dispatch()

    letter = mail_sink.messages[0]
    assert str(letter["Subject"]).startswith("You have been drawn by lot: your answer by ")
    assert letter["Content-Language"] == "en"
    assert "vous" not in text_of(letter).split("commissioned by")[0]


def test_who_accepts_gets_the_dates_and_a_calendar(mail_sink: MailSink, invited: list[Invitation]) -> None:
    delivery.dispatch()
    mail_sink.received.clear()

    invitations.accept(invitation_id=invited[0].pk)
    delivery.dispatch()

    [letter] = mail_sink.messages
    [calendar] = letter.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    found = Calendar.from_ical(str(calendar.get_content()))
    assert len(found.walk("VEVENT")) == 1


def test_who_declines_is_thanked_and_not_reminded(mail_sink: MailSink, invited: list[Invitation]) -> None:
    delivery.dispatch()
    mail_sink.received.clear()

    invitations.decline(invitation_id=invited[0].pk)
    due_now(Kind.INVITATION_REMINDER)
    delivery.dispatch()

    address = Identity.objects.get(volunteer=invited[0].volunteer_id).email
    mine = [letter for letter in mail_sink.messages if address in letter["To"]]
    assert [str(letter["Subject"])[:29] for letter in mine] == ["Votre réponse est bien notée\u00a0"]


def test_a_reminder_that_was_due_before_the_answer_does_not_go_out_after_it(
    mail_sink: MailSink, invited: list[Invitation]
) -> None:
    """The answer came by telephone, and nobody cancelled the row: the renderer is the last guard."""
    reminder = Message.objects.filter(kind=Kind.INVITATION_REMINDER, subject_id=invited[0].pk).earliest("due_at")
    Message.objects.filter(pk=reminder.pk).update(due_at=timezone.now())
    Message.objects.exclude(pk=reminder.pk).delete()
    Invitation.objects.filter(pk=invited[0].pk).update(state=InvitationState.ACCEPTED)

    delivery.dispatch()

    reminder.refresh_from_db()
    assert (reminder.state, mail_sink.received) == (State.CANCELLED, [])


def test_session_letters_can_be_written(mail_sink: MailSink, invited: list[Invitation], organiser: User) -> None:
    invitations.accept(invitation_id=invited[0].pk)
    Message.objects.exclude(kind=Kind.SESSION_REMINDER).delete()
    due_now(Kind.SESSION_REMINDER)
    Message.objects.update(expires_at=None)
    delivery.dispatch()
    subjects = [str(letter["Subject"]) for letter in mail_sink.messages]
    assert len(subjects) == 2
    assert all(subject.startswith("Première fin de semaine\u00a0: ") for subject in subjects)
    mail_sink.received.clear()

    session = invited[0].conference.sessions.get()
    cancel_session(session_id=session.pk, actor=organiser, reason="Salle inondée")
    delivery.dispatch()

    [letter] = mail_sink.messages
    [calendar] = letter.iter_attachments()
    assert "est annulée" in str(letter["Subject"])
    assert "METHOD:CANCEL" in str(calendar.get_content())
