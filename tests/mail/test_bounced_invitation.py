"""From the mail server's report to the life of the invitation: the whole way, with real rooms and a real mail server."""

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.mail.domain import delivery
from conference.mail.domain.bounces import Outcome, receive_mail
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Event
from panels.domain import invitations
from panels.domain.volunteers import PersonDraft, change_volunteer
from panels.models import Identity, Invitation
from tests.factories import make_drawn, make_user
from tests.mail.test_reports import sample
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def test_an_invitation_that_comes_back_shows_it_and_a_corrected_address_gets_it(
    mail_sink: MailSink, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounce@example.org"
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    first, *_others = invitations.invite_panel(conference=conference, actor=organiser)
    delivery.dispatch()
    identity = Identity.objects.get(volunteer=first.volunteer_id)
    [path] = [received.sender for received in mail_sink.received if identity.email in received.recipients]
    mail_sink.received.clear()

    assert receive_mail(raw=sample("orange_unknown", to=path)) is Outcome.COUNTED

    assert Invitation.objects.filter(bounced_at__isnull=False).get() == first
    assert Event.objects.filter(verb="invitation.bounced").count() == 1
    Message.objects.filter(kind=Kind.INVITATION_REMINDER).update(due_at=timezone.now())
    delivery.dispatch()
    reminders = Message.objects.filter(kind=Kind.INVITATION_REMINDER, recipient_key=f"volunteer:{first.volunteer_id}")
    assert set(reminders.values_list("state", flat=True)) == {State.FAILED}
    assert not [received for received in mail_sink.received if identity.email in received.recipients]

    draft = PersonDraft(identity.first_name, identity.last_name, email="right@example.org")
    change_volunteer(volunteer=first.volunteer, actor=organiser, draft=draft)
    first.refresh_from_db()
    invitations.resend(invitation_id=first.pk, actor=organiser)
    mail_sink.received.clear()
    delivery.dispatch()

    assert [received.recipients for received in mail_sink.received] == [("right@example.org",)]
    assert not Invitation.objects.filter(bounced_at__isnull=False).exists()
