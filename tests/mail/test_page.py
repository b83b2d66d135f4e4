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
from panels.domain.invitations import invite_panel
from tests.factories import add_member, make_conference, make_drawn, make_user

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


# -- What goes out when ------------------------------------------------------------------------------------------------
def listed(conference: Conference, client: Client, **filters: str) -> list[Message]:
    page = client.get(reverse("mail:messages", args=[conference.slug]), filters)
    return [row.message for row in page.context["rows"]]


def test_what_is_to_come_stands_in_the_order_in_which_it_leaves() -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    now = timezone.now()
    later, sooner = (write(conference, due_at=now + timedelta(days=days)) for days in (3, 1))
    held = at_state(write(conference, due_at=now + timedelta(days=2)), State.HELD)
    at_state(write(conference), State.SENT)

    assert listed(conference, client_of(organiser), state="coming") == [sooner, held, later]


def test_list_is_narrowed_by_person_and_date() -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    now = timezone.now()
    soon, late = (write(conference, due_at=now + timedelta(days=days)) for days in (1, 40))
    Message.objects.filter(pk=soon.pk).update(recipient_name="Zélie Ombrage")
    client = client_of(organiser)
    week = (now + timedelta(days=7)).date().isoformat()

    assert listed(conference, client, person="ombrage zélie") == [soon]
    assert listed(conference, client, until=week) == [soon]
    assert listed(conference, client, since=week) == [late]
    assert listed(conference, client, person="nobody") == []
    assert listed(conference, client, since="nonsense", until="31/31/31") == [late, soon]


def moved_to(message: Message, client: Client, due: str) -> str:
    page = client.post(address("move", message), {"due_at": due}, follow=True)
    message.refresh_from_db()
    return page.content.decode()


def test_a_message_that_waits_is_given_another_time_on_the_conferences_clock() -> None:
    organiser = make_user()
    conference = make_conference(organiser)
    message = write(conference, due_at=timezone.now() + timedelta(days=1))

    page = moved_to(message, client_of(organiser), "2030-07-01T09:30")

    assert message.due_at.isoformat() == "2030-07-01T07:30:00+00:00"
    assert "The message leaves on Monday 1\N{NO-BREAK SPACE}July 2030" in page
    assert [event.verb for event in Event.objects.filter(conference=conference)] == ["message.moved"]


def test_a_message_is_not_moved_to_where_it_is_useless_or_to_an_hour_that_is_skipped() -> None:
    organiser = make_user()
    due = timezone.now() + timedelta(days=1)
    message = write(make_conference(organiser), due_at=due, expires_at=due + timedelta(days=1))
    client = client_of(organiser)

    assert "no longer be of use" in moved_to(message, client, "2030-07-01T09:30")
    assert "This hour does not exist" in moved_to(message, client, "2027-03-28T02:30")
    assert message.due_at == due


@pytest.mark.parametrize("role", list(Role))
def test_only_organisers_move(role: Role) -> None:
    conference = make_conference()
    due = timezone.now() + timedelta(days=1)
    message = write(conference, due_at=due)

    answer = client_of(add_member(conference, role=role)).post(address("move", message), {"due_at": "2030-07-01T09:30"})

    message.refresh_from_db()
    assert (answer.status_code, message.due_at != due) == ((302, True) if role == Role.ORGANISER else (404, False))


def test_what_has_gone_out_is_not_moved() -> None:
    organiser = make_user()
    message = at_state(write(make_conference(organiser)), State.SENT)

    assert "has gone out already" in moved_to(message, client_of(organiser), "2030-07-01T09:30")


def test_the_page_of_a_person_shows_every_message_to_them_and_its_fate() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    invitation = invite_panel(conference=conference, actor=organiser)[0]
    first, *_others = Message.objects.filter(recipient_key=f"volunteer:{invitation.volunteer_id}").order_by("pk")
    Message.objects.filter(pk=first.pk).update(state=State.FAILED, last_error="550 5.1.1 no such user")
    url = reverse("panels_desk:volunteer", args=[conference.slug, invitation.volunteer.reference])

    page = client_of(organiser).get(url).content.decode()

    assert page.count("Reminder of the invitation") == len(conference.reminder_days)
    assert "550 5.1.1 no such user" in page
    assert address("message", first) in page
