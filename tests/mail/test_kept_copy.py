"""What is kept of a sent message, and shown to organisers, opens nothing."""

import uuid

import pytest
from django.utils import timezone

from conference.links import make_token
from conference.mail.domain import delivery
from conference.mail.domain.render import blank_link
from conference.mail.enums import State
from conference.mail.models import Message
from conference.mail_kinds import password_link
from panels.domain import invitations
from tests.factories import make_drawn, make_session, make_user
from tests.sink import MailSink


@pytest.mark.parametrize("letter", ["i", "e", "r", "u", "w", "anything/at/all"])
@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_a_personal_link_is_blanked_wherever_it_stands(letter: str, language: str) -> None:
    token = make_token("scope", uuid.uuid4(), 3)
    link = f"https://conferences.example.org/{letter}/{token}/"
    text = f"Répondez : {link}\nou ({link}?again=1), <{link}>. Site : https://example.org/c/une-conference-sur-l-eau/"

    kept = blank_link(text, "", language)

    assert token not in kept
    assert "https://example.org/c/une-conference-sur-l-eau/" in kept


@pytest.mark.django_db
def test_a_link_to_a_password_is_blanked() -> None:
    link = password_link(make_user())

    assert link not in blank_link(f"Ici : {link}", "", "fr")


@pytest.mark.django_db
def test_no_kept_copy_of_a_conference_opens_anything(mail_sink: MailSink) -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    make_session(conference)
    invited = invitations.invite_panel(conference=conference, actor=organiser)
    delivery.dispatch()
    invitations.accept(invitation_id=invited[0].pk)
    invitations.decline(invitation_id=invited[1].pk)
    Message.objects.update(due_at=timezone.now(), expires_at=None)
    delivery.dispatch()

    tokens = {make_token("invitation", invitation.uuid, invitation.version) for invitation in invited}
    copies = list(Message.objects.filter(state=State.SENT).values_list("subject", "body_text"))
    assert len(copies) > 15
    assert not [copy for copy in copies for token in tokens if token in " ".join(copy)]
    sent = " ".join(str(letter.get_body(("plain",))) for letter in mail_sink.messages)
    assert sum(token[:20] in sent for token in tokens) > 0  # the letters themselves do open something
