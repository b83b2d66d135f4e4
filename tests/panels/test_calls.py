"""The telephone: who is on the list, and what each outcome does to the invitation."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, User
from panels.domain import invitations
from panels.enums import CallOutcome, Channel, InvitationState
from panels.models import CallAttempt, Identity, Invitation
from tests.factories import add_member, make_drawn, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    made, _draw = make_drawn(organiser, auto_replace=False)
    Identity.objects.filter(conference=made).update(phone="01 99 00 12 34")
    invitations.invite_panel(conference=made, actor=organiser)
    return made


@pytest.fixture
def invitation(conference: Conference) -> Invitation:
    return Invitation.objects.filter(conference=conference).order_by("seat__number")[0]


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page(client: Client, conference: Conference) -> Any:
    return client.get(reverse("panels_desk:calls", args=[conference.slug]))


def note(client: Client, invitation: Invitation, **fields: str) -> Any:
    slug = invitation.conference.slug
    return client.post(reverse("panels_desk:call_note", args=[slug, invitation.uuid]), fields, follow=True)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("accepted", InvitationState.ACCEPTED),
        ("declined", InvitationState.DECLINED),
        ("no_answer", InvitationState.PENDING),
        ("wrong_number", InvitationState.PENDING),
    ],
)
def test_one_click_notes_the_outcome_in_the_life_of_the_invitation(
    organiser: User, invitation: Invitation, outcome: str, state: InvitationState
) -> None:
    note(client_of(organiser), invitation, outcome=outcome, decline_reason="dates")

    invitation.refresh_from_db()
    attempt = CallAttempt.objects.get()
    assert (invitation.state, attempt.outcome, attempt.by) == (state, outcome, organiser)
    if outcome in {"accepted", "declined"}:
        assert (invitation.channel, invitation.recorded_by) == (Channel.TELEPHONE, organiser)
    if outcome == "declined":
        assert invitation.decline_reason == "dates"


def test_calling_again_needs_a_day_and_shows_it(organiser: User, invitation: Invitation) -> None:
    client = client_of(organiser)

    refused = note(client, invitation, outcome="again")
    note(client, invitation, outcome="again", again_on="2030-01-07")

    assert "Write on which day to call again: today or later." in refused.content.decode()
    assert CallAttempt.objects.get().again_on == date(2030, 1, 7)
    assert "call again on Monday 7" in page(client, invitation.conference).content.decode()


def test_who_has_answered_in_the_meantime_is_not_asked_again(organiser: User, invitation: Invitation) -> None:
    invitations.decline(invitation_id=invitation.pk)

    answer = note(client_of(organiser), invitation, outcome="accepted")

    invitation.refresh_from_db()
    assert "An answer has come in the meantime" in answer.content.decode()
    assert (invitation.state, CallAttempt.objects.count()) == (InvitationState.DECLINED, 0)


def test_nonsense_is_refused_in_words(organiser: User, invitation: Invitation) -> None:
    answer = note(client_of(organiser), invitation, outcome="married")

    assert "This was not understood." in answer.content.decode()
    assert CallAttempt.objects.count() == 0


def test_list_begins_with_those_whom_no_mail_reaches(organiser: User, conference: Conference) -> None:
    with_mail, without, bounced, wrong, no_phone = Invitation.objects.filter(conference=conference).order_by(
        "seat__number"
    )[:5]
    Invitation.objects.filter(conference=conference, seat__number__gt=5).update(state=InvitationState.REVOKED)
    Identity.objects.filter(pk=without.volunteer_id).update(email="")
    Identity.objects.filter(pk=no_phone.volunteer_id).update(phone="")
    Message.objects.filter(kind=Kind.INVITATION, subject_id=str(bounced.pk)).update(state=State.BOUNCED)
    CallAttempt.objects.create(invitation=wrong, outcome=CallOutcome.WRONG_NUMBER, by=organiser)

    rows = [row.one.invitation for row in page(client_of(organiser), conference).context["rows"]]

    assert rows == [without, bounced, with_mail, wrong]


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_see_people_see_numbers_and_only_organisers_note(
    conference: Conference, invitation: Invitation, role: Role
) -> None:
    client = client_of(add_member(conference, role=role))

    seen = page(client, conference).status_code
    note(client, invitation, outcome="accepted")

    readers = {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR}
    assert seen == (200 if role in readers else 404)
    assert CallAttempt.objects.exists() == (role == Role.ORGANISER)


def test_stranger_and_neighbour_reach_nothing(conference: Conference, invitation: Invitation) -> None:
    neighbour = make_user()
    other, _draw = make_drawn(neighbour)
    client = client_of(neighbour)

    elsewhere = client.post(
        reverse("panels_desk:call_note", args=[other.slug, invitation.uuid]), {"outcome": "accepted"}
    )

    assert (elsewhere.status_code, page(client, conference).status_code) == (404, 404)
    assert CallAttempt.objects.count() == 0


def test_looking_changes_nothing(organiser: User, invitation: Invitation) -> None:
    client = client_of(organiser)
    url = reverse("panels_desk:call_note", args=[invitation.conference.slug, invitation.uuid])

    assert client.get(url).status_code == 405
    assert CallAttempt.objects.count() == 0


def test_list_takes_the_same_queries_for_one_and_for_all(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(client, conference)
        counts.append(len(queries))
        Invitation.objects.filter(conference=conference, seat__number__gt=1).update(state=InvitationState.REVOKED)

    assert counts[0] == counts[1] <= 11


def test_parts_of_the_list_hold_whom_they_name(organiser: User, conference: Conference) -> None:
    without, bounced, reminded, soon = Invitation.objects.filter(conference=conference).order_by("seat__number")[:4]
    Identity.objects.filter(pk=without.volunteer_id).update(email="")
    Invitation.objects.filter(pk=bounced.pk).update(bounced_at=timezone.now())
    Message.objects.filter(kind=Kind.INVITATION_REMINDER, subject_id=str(reminded.pk)).update(state=State.SENT)
    Invitation.objects.filter(pk=soon.pk).update(deadline=timezone.now() + timedelta(days=1))
    client = client_of(organiser)
    url = reverse("panels_desk:calls", args=[conference.slug])

    parts = {
        part: [row.one.invitation for row in client.get(url, {"only": part}).context["rows"]]
        for part in ("no_mail", "lost", "reminded", "soon")
    }

    assert parts == {"no_mail": [without], "lost": [bounced], "reminded": [reminded], "soon": [soon]}
    assert len(client.get(url, {"only": "nonsense"}).context["rows"]) == 15


def test_who_asked_to_be_called_later_waits_at_the_end(organiser: User, conference: Conference) -> None:
    first, second = Invitation.objects.filter(conference=conference).order_by("seat__number")[:2]
    Invitation.objects.filter(conference=conference, seat__number__gt=2).update(state=InvitationState.REVOKED)
    note(client_of(organiser), first, outcome="again", again_on="2040-01-07")

    rows = [row.one.invitation for row in page(client_of(organiser), conference).context["rows"]]

    assert rows == [second, first]


def test_a_day_that_has_passed_is_refused(organiser: User, invitation: Invitation) -> None:
    answer = note(client_of(organiser), invitation, outcome="again", again_on="2020-01-07")

    assert "today or later" in answer.content.decode()
    assert CallAttempt.objects.count() == 0


@pytest.mark.parametrize("outcome", ["accepted", "declined", "no_answer", "wrong_number"])
def test_double_click_is_one_call(organiser: User, invitation: Invitation, outcome: str) -> None:
    client = client_of(organiser)

    answers = [note(client, invitation, outcome=outcome).content.decode() for _ in range(2)]

    assert all("Noted for" in answer for answer in answers)
    assert (CallAttempt.objects.count(), Event.objects.filter(verb=f"call.{outcome}").count()) == (1, 1)


def test_no_by_telephone_calls_up_an_alternate_like_any_other(organiser: User, conference: Conference) -> None:
    Conference.objects.filter(pk=conference.pk).update(auto_replace=True)
    invitation = Invitation.objects.filter(conference=conference)[0]

    note(client_of(organiser), invitation, outcome="declined", decline_reason="health")

    assert Invitation.objects.filter(seat=invitation.seat, round=1, state=InvitationState.PENDING).count() == 1


def test_call_after_the_deadline_is_not_offered_and_log_says_what_came_of_calls(
    organiser: User, conference: Conference, invitation: Invitation
) -> None:
    note(client_of(organiser), invitation, outcome="no_answer")
    Invitation.objects.filter(conference=conference).update(deadline=timezone.now() - timedelta(minutes=1))

    shown = page(client_of(organiser), conference)
    log = client_of(organiser).get(reverse("desk:log", args=[conference.slug])).content.decode()

    assert shown.context["rows"] == []
    assert f"{invitation.volunteer.reference} was called: nobody answered" in log
