"""What somebody tried in order to get at what is not theirs, and what came of it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.links import make_token, read_token
from conference.mail.enums import Kind
from conference.mail.models import Message
from experts.models import Expert
from panels.domain import invitations, seats, volunteers
from panels.enums import InvitationState
from tests.factories import add_member, make_conference, make_drawn, make_user

pytestmark = pytest.mark.django_db


def test_who_was_called_up_from_the_pool_gives_up_the_seat_before_leaving_the_pool() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]
    invitations.decline(invitation_id=first.pk)
    called = seats.call_up(seat_id=first.seat_id, actor=organiser, from_pool=True)
    invitations.accept(invitation_id=called.pk)

    with pytest.raises(DomainError):
        volunteers.withdraw_from_pool(volunteer=called.volunteer, actor=None)

    invitations.withdraw(invitation_id=called.pk)
    volunteers.withdraw_from_pool(volunteer=called.volunteer, actor=None)
    called.refresh_from_db()
    assert called.state == InvitationState.WITHDRAWN


def test_a_corrected_address_kills_the_links_sent_to_the_wrong_one() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    token = make_token("invitation", invitation.uuid, invitation.version)
    before = invitation.volunteer.link_version

    draft = volunteers.PersonDraft(first_name="Rosa", last_name="Petit", email="right@example.org")
    volunteers.change_volunteer(volunteer=invitation.volunteer, actor=organiser, draft=draft)

    invitation.refresh_from_db()
    invitation.volunteer.refresh_from_db()
    read = read_token("invitation", token)
    assert read is not None
    assert read.version != invitation.version
    assert invitation.volunteer.link_version == before + 1


def test_asking_again_with_a_dead_link_does_not_kill_the_living_one() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    version = invitations.resend(invitation_id=invitation.pk, actor=organiser).version

    again = invitations.send_link_again(invitation_id=invitation.pk)

    assert again.version == version
    assert Message.objects.about("panels.invitation", invitation.pk).filter(kind=Kind.INVITATION).count() == 3


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.STEERING])
def test_the_admin_answers_no_question_about_what_it_does_not_show(client: Client, role: Role) -> None:
    conference = make_conference(make_user())
    Expert.objects.create(conference=conference, first_name="Zoé", last_name="Zed", email="secret@example.org")
    client.force_login(add_member(conference, role=role))

    asked = [client.get(f"/admin/experts/expert/?email__startswith={letter}") for letter in "sq"]

    assert [response.status_code for response in asked] == [asked[0].status_code] * 2
    assert [b"Zed" in response.content for response in asked] == [False, False]


def test_the_admin_answers_no_question_about_the_frozen_pool(client: Client) -> None:
    conference, _draw = make_drawn(make_user())
    client.force_login(add_member(conference, role=Role.OBSERVER))

    asked = [client.get(f"/admin/panels/draw/?problem__people__0__values__Sexe={sex}") for sex in ("Femme", "Homme")]

    assert asked[0].status_code == asked[1].status_code
    assert asked[0].status_code in {302, 400}


def test_an_experts_page_closes_after_a_day(client: Client) -> None:
    conference = make_conference(make_user())
    expert = Expert.objects.create(conference=conference, first_name="Zoé", last_name="Zed", email="zed@example.org")
    client.get(f"/e/{make_token('expert', expert.uuid, expert.link_version)}/")
    assert client.get("/briefing/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        late = client.get("/briefing/")

    assert b"Zed" not in late.content
