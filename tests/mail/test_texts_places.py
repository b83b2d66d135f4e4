"""What the rooms give is what organisers are promised: each place that a text may have has a value at sending."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.domain.kinds import registered
from conference.mail.domain.places import EDITABLE, has_button, known
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Membership, ProgrammeVersion, User
from conference.published import Meeting, Person, Slot, to_json
from experts.domain.codes import send_code
from experts.enums import ExpertState
from experts.models import Ask, BriefingVersion, Claim, Expert, KeyQuestion, QuestionList
from panels.domain.invitations import accept, decline, invite_panel
from panels.enums import Channel, Place
from panels.models import Invitation, Volunteer
from tests.experts.factories import make_briefing, make_expert, make_part
from tests.factories import add_member, make_conference, make_criterion, make_drawn, make_session, make_user
from tests.panels.test_registration import register

pytestmark = pytest.mark.django_db


def message(conference: Conference, kind: Kind, subject_id: object, **data: Any) -> Message:
    return outbox.schedule(
        kind=kind,
        recipient=outbox.Recipient("volunteer:1", "a@example.org", "A", "fr"),
        conference_id=conference.pk,
        subject_type="test",
        subject_id=subject_id,
        data=data,
    )


def registration(client: Client, organiser: User) -> list[Message]:
    conference = make_conference(organiser, registration_opens=timezone.now() - timedelta(days=1), legal_basis="Oui.")
    make_criterion(conference, "Sexe", [("Femme", 8, 10), ("Homme", 8, 10)])
    register(client, conference)
    return [Message.objects.get(kind=Kind.REGISTRATION_CONFIRM)]


def of_panel(conference: Conference, organiser: User) -> list[Message]:
    session = make_session(conference)
    first, second, third, *_others = invite_panel(conference=conference, actor=organiser)
    accept(invitation_id=first.pk, channel=Channel.TELEPHONE, actor=organiser, reason="r")
    decline(invitation_id=second.pk, channel=Channel.TELEPHONE, actor=organiser, reason="r")
    called = Invitation.objects.get(conference=conference, round=1)
    left = Volunteer.objects.filter(conference=conference, entries__place=Place.NOT_DRAWN)[0]
    return [
        message(conference, Kind.REGISTRATION_CONFIRMED, left.pk),
        message(conference, Kind.INVITATION, third.pk),
        message(conference, Kind.CALL_UP, called.pk),
        message(conference, Kind.INVITATION_REMINDER, third.pk),
        message(conference, Kind.ACCEPTED, first.pk),
        message(conference, Kind.DECLINED, second.pk),
        message(conference, Kind.SESSION_REMINDER, first.pk, session=session.pk),
        message(conference, Kind.SESSION_CHANGED, first.pk, session=session.pk),
        message(conference, Kind.NOT_DRAWN, left.pk),
        message(conference, Kind.THANKS, first.pk),
    ]


def of_experts(conference: Conference, organiser: User) -> list[Message]:
    session = make_session(conference)
    expert, invited = make_expert(conference), make_expert(conference, ExpertState.INVITED)
    make_part(expert, session)
    make_briefing(conference, organiser, "Un texte")
    version = BriefingVersion.objects.get(published_at__isnull=False)
    publish(conference, expert, Membership.objects.get(conference=conference, user=organiser))
    ask(conference, expert)
    return [
        message(conference, Kind.EXPERT_INVITATION, invited.pk, version=invited.link_version),
        message(conference, Kind.EXPERT_ACCEPTED, expert.pk, version=expert.link_version),
        message(conference, Kind.EXPERT_SESSION_CHANGED, expert.pk, session=session.pk),
        message(conference, Kind.EXPERT_THANKS, expert.pk),
        message(conference, Kind.BRIEFING_CHANGED, expert.pk, briefing_version=version.pk),
        message(conference, Kind.QUESTIONS_ASKED, expert.pk),
        message(conference, Kind.ANSWERS_DUE, expert.pk),
        message(conference, Kind.BRIEFING_REMINDER, expert.pk, briefing_version=version.pk),
        message(conference, Kind.EXPERT_PROGRAMME, expert.pk, version=1, since=0),
        message(conference, Kind.EXPERT_CODE, expert.pk, code=send_code(expert_id=expert.pk).pk),
        message(conference, Kind.EXPERT_CLAIM, expert.pk, state=Claim.objects.create(expert=expert).state),
    ]


def ask(conference: Conference, expert: Expert) -> None:
    """A question that the expert still owes an answer."""
    now = timezone.now()
    question = KeyQuestion.objects.create(conference=conference, number=1, text="Qui paie ?")
    QuestionList.objects.create(conference=conference, frozen_at=now, answers_due_at=now + timedelta(days=9))
    Ask.objects.create(question=question, expert=expert, asked_at=now)


def publish(conference: Conference, expert: Expert, leader: Membership) -> None:
    """A programme in which the expert speaks and the colleague leads."""
    now = timezone.now()
    speaker, lead = Person(f"expert:{expert.uuid}", str(expert)), Person(f"member:{leader.pk}", "Olive")
    slot = Slot("an-item", "talk", "Ouverture", now, 20, "Grande salle", lead, (speaker,))
    meeting = Meeting("a-session", 0, "hearing", "Audition", now, now + timedelta(hours=8), slots=(slot,))
    ProgrammeVersion.objects.create(conference=conference, number=1, content=to_json((meeting,)), published_at=now)


def asked(conference: Conference) -> Message:
    """A member of the committee, whose opinion on a long-listed expert is awaited."""
    make_expert(conference, ExpertState.LISTED)
    member = Membership.objects.get(user=add_member(conference, role=Role.STEERING))
    return message(conference, Kind.COMMITTEE_ASKED, member.pk)


def test_each_place_that_a_text_may_have_is_filled_at_sending(client: Client) -> None:
    organiser = make_user()
    registered_volunteer = registration(client, organiser)
    conference, _draw = make_drawn(organiser)
    member = Membership.objects.get(user=add_member(conference, role=Role.OBSERVER))
    built = [
        *registered_volunteer,
        *of_panel(conference, organiser),
        *of_experts(conference, organiser),
        message(conference, Kind.COLLEAGUE_ADDED, member.pk, added_by=organiser.pk),
        asked(conference),
        message(
            conference,
            Kind.TEAM_PROGRAMME,
            Membership.objects.get(conference=conference, user=organiser).pk,
            version=1,
            since=0,
        ),
    ]

    lacking, links = {}, {}
    for one in built:
        kind = Kind(one.kind)
        content = registered(kind).build(one)
        lacking[kind] = set(known(kind)) - {"button"} - content.placeholders.keys()
        links[kind] = bool(content.action_url) == has_button(kind)

    assert lacking == {kind: set() for kind in EDITABLE}
    assert links == dict.fromkeys(EDITABLE, True)
