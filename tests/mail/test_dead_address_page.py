"""What an organiser sees of an address that takes no mail, and who may say that it works again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.mail.domain import bounces
from conference.mail.domain.reports import Report
from conference.mail.enums import Cause, Kind, ReportKind, Route, State
from conference.mail.models import Message, OptOut, Suppression
from conference.models import Conference, Event
from panels.models import Volunteer
from tests.factories import add_member, make_conference, make_user, make_volunteer

pytestmark = pytest.mark.django_db
READERS = {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR}
BACK = Report(ReportKind.BOUNCED, "5.1.1", "550 5.1.1 no such user", address_is_dead=True)


@pytest.fixture
def conference() -> Conference:
    return make_conference()


@pytest.fixture
def message(conference: Conference) -> Message:
    """To a volunteer; it went out and came back."""
    volunteer = make_volunteer(conference, email="camille@example.org")
    message = Message.objects.create(
        conference=conference,
        kind=Kind.REGISTRATION_CONFIRMED,
        recipient_key=f"volunteer:{volunteer.pk}",
        recipient_email="camille@example.org",
        recipient_name="Camille Dupuis",
        state=State.SENT,
        due_at=timezone.now(),
        sent_at=timezone.now(),
        subject="Votre inscription",
        body_text="Bonjour",
    )
    bounces.receive(message_uuid=message.uuid, report=BACK, route=Route.RETURN_PATH, identity="1")
    return message


def client_of(conference: Conference, role: Role = Role.ORGANISER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(add_member(conference, role=role))
    return client


def address(name: str, message: Message) -> str:
    assert message.conference is not None
    return reverse(f"mail:{name}", args=[message.conference.slug, message.uuid])


@pytest.mark.parametrize("role", sorted(READERS))
def test_the_message_and_the_person_say_why_nothing_more_is_sent(
    conference: Conference, message: Message, role: Role
) -> None:
    client = client_of(conference, role)
    person = reverse("panels_desk:volunteer", args=[conference.slug, Volunteer.objects.get().reference])

    for page in (client.get(address("message", message)), client.get(person)):
        html = page.content.decode()
        assert "Nothing more is sent to camille@example.org:" in html
        assert "a message came back" in html
        assert "550 5.1.1 no such user" in html
        assert ("Write to it again" in html) == (role == Role.ORGANISER)


def test_what_came_back_is_listed_with_the_message(conference: Conference, message: Message) -> None:
    html = client_of(conference).get(address("message", message)).content.decode()

    assert "It came back" in html
    assert "by mail to the return address · 5.1.1" in html


def test_who_wants_no_optional_messages_is_told(conference: Conference, message: Message) -> None:
    OptOut.objects.create(conference=conference, recipient_key=message.recipient_key, cause=Cause.LINK)

    html = client_of(conference).get(address("message", message)).content.decode()

    assert "This person wants no optional messages of this conference." in html


def test_an_organiser_says_that_it_works_again_and_the_log_keeps_why(conference: Conference, message: Message) -> None:
    client = client_of(conference)

    page = client.post(address("lift_address", message), {"reason": "Rappelée : la boîte est réparée"}, follow=True)

    assert "The address is written to again." in page.content.decode()
    assert not Suppression.objects.exists()
    event = Event.objects.get(verb="message.address_lifted")
    assert (event.reason, event.object_id) == ("Rappelée : la boîte est réparée", str(message.pk))
    assert "camille" not in str(event.data)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_changes(conference: Conference, message: Message, reason: str) -> None:
    page = client_of(conference).post(address("lift_address", message), {"reason": reason}, follow=True)

    assert "Write how you know that the address works again" in page.content.decode()
    assert Suppression.objects.count() == 1
    assert not Event.objects.exists()


def test_a_second_time_there_is_nothing_to_lift(conference: Conference, message: Message) -> None:
    client = client_of(conference)
    for _time in range(2):
        page = client.post(address("lift_address", message), {"reason": "x"}, follow=True)

    assert "This address is written to already." in page.content.decode()
    assert Event.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ORGANISER}))
def test_nobody_else_lifts(conference: Conference, message: Message, role: Role) -> None:
    assert client_of(conference, role).post(address("lift_address", message), {"reason": "x"}).status_code == 404
    assert Suppression.objects.count() == 1


def test_a_neighbour_and_a_stranger_find_nothing(message: Message) -> None:
    neighbour = client_of(make_conference())
    stranger = Client()
    stranger.force_login(make_user())

    for client in (neighbour, stranger):
        assert client.post(address("lift_address", message), {"reason": "x"}).status_code == 404
    assert Client().post(address("lift_address", message), {"reason": "x"}).status_code == 302  # to the sign-in page
    assert Suppression.objects.count() == 1


def test_reading_lifts_nothing(conference: Conference, message: Message) -> None:
    assert client_of(conference).get(address("lift_address", message)).status_code == 405
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("back", "is_followed"),
    [("/desk/", True), ("https://elsewhere.example.org/", False), ("//elsewhere.example.org/", False), ("", False)],
)
def test_the_way_back_stays_on_this_site(
    conference: Conference, message: Message, back: str, is_followed: bool
) -> None:
    answer = client_of(conference).post(address("lift_address", message), {"reason": "x", "next": back})

    assert answer["Location"] == (back if is_followed else address("message", message))
