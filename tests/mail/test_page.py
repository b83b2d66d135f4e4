"""The organiser's pages of the outbox: who sees them, who may act, what an act does, how many queries a list costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.enums import Kind, State
from conference.mail.models import Heartbeat, Message
from conference.models import Conference, Event, Membership, User
from tests.factories import add_member, make_conference, make_user

pytestmark = pytest.mark.django_db
READERS = {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR}


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def write(conference: Conference, **fields: object) -> Message:
    """To a new colleague: the one kind that this room and the core can fill without a panel."""
    user = add_member(conference, make_user(name="Ada Martin"), Role.OBSERVER)
    member = Membership.objects.get(conference=conference, user=user)
    return outbox.schedule(
        kind=Kind.COLLEAGUE_ADDED,
        recipient=outbox.Recipient(f"user:{user.pk}", user.email, str(user), "en"),
        conference_id=conference.pk,
        subject_type="conference.membership",
        subject_id=member.pk,
        **fields,  # type: ignore[arg-type]
    )


def address(name: str, message: Message, *args: str) -> str:
    assert message.conference is not None
    return reverse(f"mail:{name}", args=[message.conference.slug, message.uuid, *args])


def at_state(message: Message, state: State) -> Message:
    Message.objects.filter(pk=message.pk).update(state=state)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("role", list(Role))
def test_roles_that_see_people_see_the_messages(role: Role) -> None:
    conference = make_conference()
    message = write(conference)
    client = client_of(add_member(conference, role=role))

    expected = 200 if role in READERS else 404
    assert client.get(reverse("mail:messages", args=[conference.slug])).status_code == expected
    assert client.get(address("message", message)).status_code == expected


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", ["hold", "send", "cancel"])
def test_only_organisers_act(role: Role, act: str) -> None:
    conference = make_conference()
    message = write(conference, due_at=timezone.now() + timedelta(days=1))
    before = Message.objects.values().get(pk=message.pk)

    answer = client_of(add_member(conference, role=role)).post(address("act", message, act))

    changed = Message.objects.values().get(pk=message.pk) != before
    assert (answer.status_code, changed) == ((302, True) if role == Role.ORGANISER else (404, False))


def test_a_stranger_and_another_conferences_organiser_find_nothing() -> None:
    message = write(make_conference())
    stranger = client_of(make_user())
    neighbour = make_user()
    other = make_conference(neighbour)

    assert stranger.get(address("message", message)).status_code == 404
    elsewhere = reverse("mail:message", args=[other.slug, message.uuid])
    assert client_of(neighbour).get(elsewhere).status_code == 404


def test_a_list_of_many_costs_no_more_queries_than_a_list_of_one() -> None:
    organiser = make_user()
    client = client_of(organiser)
    costs = []
    for size in (1, 3):
        conference = make_conference(organiser)
        for _number in range(size):
            write(conference)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("mail:messages", args=[conference.slug]))
        assert page.content.decode().count("Ada Martin") == size
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 15


def test_filters_show_what_they_say() -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    failed, waiting = at_state(write(conference), State.FAILED), write(conference)
    client = client_of(organiser)
    url = reverse("mail:messages", args=[conference.slug])

    page = client.get(url, {"state": "failed"}).content.decode()

    assert str(failed.uuid) in page
    assert str(waiting.uuid) not in page
    assert str(waiting.uuid) in client.get(url, {"state": "nonsense", "kind": "nonsense"}).content.decode()
    assert str(waiting.uuid) not in client.get(url, {"kind": Kind.INVITATION}).content.decode()


def test_a_message_is_read_before_it_leaves_without_its_personal_link() -> None:
    organiser = make_user()
    message = write(make_conference(organiser))

    page = client_of(organiser).get(address("message", message)).content.decode()

    assert "Dear Ada Martin" in page
    assert "[your personal link]" in page
    assert "password/reset/key" not in page
    assert Message.objects.get(pk=message.pk).state == State.SCHEDULED


def test_a_message_whose_reason_is_gone_says_so() -> None:
    organiser = make_user()
    message = write(make_conference(organiser))
    Membership.objects.filter(pk=message.subject_id).delete()

    assert (
        "It would not go out: The colleague was removed."
        in client_of(organiser).get(address("message", message)).content.decode()
    )


@pytest.mark.parametrize(
    ("before", "act", "after", "verb"),
    [
        (State.SCHEDULED, "hold", State.HELD, "message.held"),
        (State.RETRY, "hold", State.HELD, "message.held"),
        (State.HELD, "release", State.SCHEDULED, "message.released"),
        (State.RETRY, "send", State.RETRY, "message.sent_now"),
        (State.FAILED, "send", State.SCHEDULED, "message.sent_now"),
        (State.HELD, "cancel", State.CANCELLED, "message.cancelled"),
    ],
)
def test_an_act_changes_the_state_and_is_logged(before: State, act: str, after: State, verb: str) -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    message = at_state(write(conference, due_at=timezone.now() + timedelta(days=1)), before)

    client_of(organiser).post(address("act", message, act))

    message.refresh_from_db()
    assert message.state == after
    assert [event.verb for event in Event.objects.filter(conference=conference)] == [verb]
    assert (message.due_at <= timezone.now()) == (act == "send")


@pytest.mark.parametrize("act", ["hold", "release", "send", "cancel"])
@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.CANCELLED, State.MISSED, State.BOUNCED])
def test_what_is_on_its_way_or_over_cannot_be_changed(state: State, act: str) -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    message = at_state(write(conference), state)

    client_of(organiser).post(address("act", message, act))

    assert Message.objects.get(pk=message.pk).state == state
    assert not Event.objects.filter(conference=conference).exists()


def test_looking_at_the_address_of_an_act_does_nothing() -> None:
    organiser = make_user()
    message = write(make_conference(organiser))

    assert client_of(organiser).get(address("act", message, "cancel")).status_code == 405
    assert client_of(organiser).post(address("act", message, "nonsense")).status_code == 404
    assert Message.objects.get(pk=message.pk).state == State.SCHEDULED


def test_the_page_warns_when_nothing_goes_out() -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    write(conference, due_at=timezone.now() - timedelta(minutes=6))
    Heartbeat.objects.create(name="dispatch", at=timezone.now())

    page = client_of(organiser).get(reverse("mail:messages", args=[conference.slug])).content.decode()

    assert "A message has been waiting for 6 minutes longer than it should." in page
