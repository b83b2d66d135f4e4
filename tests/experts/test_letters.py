"""What fills the letters to experts when they leave, and when they do not leave any more."""

from datetime import datetime

import pytest
from django.test import Client
from icalendar import Calendar

from conference.mail.domain.delivery import prepare
from conference.mail.domain.kinds import ReasonGone
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, User
from experts.domain import briefings, letters
from experts.domain import experts as life
from experts.enums import ExpertState
from experts.models import Expert
from tests.experts.factories import make_briefing, make_expert, make_part, write
from tests.factories import make_criterion, make_session


def message(kind: Kind) -> Message:
    return Message.objects.filter(kind=kind).latest("id")


@pytest.fixture
def invited(conference: Conference, olive: User) -> Expert:
    return life.invite(expert_id=make_expert(conference, ExpertState.LISTED, language="en").pk, actor=olive)


def test_the_invitation_carries_a_link_that_opens(invited: Expert, conference: Conference) -> None:
    session = make_session(conference, datetime.fromisoformat("2027-06-12T07:00:00Z"))
    make_part(invited, session, subject="Les semences", starts_at=session.starts_at, minutes=20, question_minutes=0)
    make_criterion(conference, "Âge", [("18-24", 1, 2)])
    content = letters.invitation(message(Kind.EXPERT_INVITATION))
    assert content.action_url.startswith("http://testserver/e/")
    client = Client()
    assert client.get(content.action_url.removeprefix("http://testserver"))["Location"] == "/briefing/"
    assert content.placeholders["first_name"] == invited.first_name
    assert content.placeholders["citizens"].startswith("You will speak to 18 citizens, drawn by lot")
    assert content.placeholders["sessions"] == (
        "- Saturday 12\N{NO-BREAK SPACE}June 2027, 9\N{NO-BREAK SPACE}am to 4\N{NO-BREAK SPACE}pm"
        " · 12 rue des Tilleuls, Lyon · Les semences · from 9\N{NO-BREAK SPACE}am, 20 minutes of talk"
    )
    assert content.placeholders["contact"] == "Claire Fontaine, contact@example.org, 01 99 00 00 00"


def test_the_confirmation_brings_the_sessions_as_a_calendar(invited: Expert, conference: Conference) -> None:
    session = make_session(conference)
    make_part(invited, session)
    make_part(invited, session, subject="Une deuxième fois")
    life.answer(expert_id=invited.pk, accepts=True)
    (attachment,) = letters.accepted(message(Kind.EXPERT_ACCEPTED)).attachments
    assert (attachment.filename, attachment.content_type) == ("sessions.ics", "text/calendar")
    events = Calendar.from_ical(attachment.content).walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [f"{session.uid}@concitoyen"]


def test_without_a_session_there_is_no_calendar(invited: Expert) -> None:
    life.answer(expert_id=invited.pk, accepts=True)
    assert letters.accepted(message(Kind.EXPERT_ACCEPTED)).attachments == ()


def test_letters_whose_reason_is_gone_do_not_leave(invited: Expert, conference: Conference, olive: User) -> None:
    first = message(Kind.EXPERT_INVITATION)
    life.renew_link(expert_id=invited.pk, actor=olive)
    with pytest.raises(ReasonGone):
        letters.invitation(first)
    second = message(Kind.EXPERT_INVITATION)
    assert letters.invitation(second).placeholders["conference"] == conference.title
    life.answer(expert_id=invited.pk, accepts=True)
    with pytest.raises(ReasonGone):
        letters.invitation(second)
    confirmation = message(Kind.EXPERT_ACCEPTED)
    life.answer(expert_id=invited.pk, accepts=False)
    with pytest.raises(ReasonGone):
        letters.accepted(confirmation)


def test_whoever_has_declined_may_still_ask_for_their_link(invited: Expert) -> None:
    life.answer(expert_id=invited.pk, accepts=False)
    life.send_link_again(email=invited.email)
    assert letters.invitation(message(Kind.EXPERT_INVITATION)).action_url == letters.link_of(invited)


def test_news_of_a_briefing(invited: Expert, conference: Conference, olive: User) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    first = message(Kind.BRIEFING_CHANGED)
    content = letters.briefing_changed(first)
    assert (content.placeholders["number"], content.placeholders["change"]) == ("1", "Changement 1")
    write(briefing, olive, "Deux.")
    briefings.publish(briefing_id=briefing.pk, actor=olive, change_note="Plus court.")
    with pytest.raises(ReasonGone):  # one letter about the newest is enough
        letters.briefing_changed(first)
    newest = message(Kind.BRIEFING_CHANGED)
    assert letters.briefing_changed(newest).placeholders["change"] == "Plus court."
    life.answer(expert_id=invited.pk, accepts=False)
    with pytest.raises(ReasonGone):
        letters.briefing_changed(newest)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_texts_of_every_letter_can_be_filled(conference: Conference, olive: User, language: str) -> None:
    expert = make_expert(conference, ExpertState.LISTED, language=language)
    session = make_session(conference)
    make_part(expert, session, subject="Les semences")
    life.invite(expert_id=expert.pk, actor=olive)
    letters_written = [prepare(message(Kind.EXPERT_INVITATION))[1]]
    life.answer(expert_id=expert.pk, accepts=True)
    letters_written.append(prepare(message(Kind.EXPERT_ACCEPTED))[1])
    make_briefing(conference, olive, "Un.")
    letters_written.append(prepare(message(Kind.BRIEFING_CHANGED))[1])
    link = letters.link_of(Expert.objects.get(pk=expert.pk))
    assert [(link in written.text, link in written.html) for written in letters_written] == [(True, True)] * 3
    assert [conference.title in written.subject for written in letters_written] == [True] * 3
    assert ["Les semences" in written.text for written in letters_written] == [True, True, False]
