from django.test import Client
from django.urls import reverse

from conference.mail.enums import Kind
from conference.mail.models import Message
from tests.factories import make_drawn, make_session, make_user
from tests.faults import trials
from tests.faults.stack import FaultStack


def test_two_of_everything_send_one_of_everything(stack: FaultStack) -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=15)
    make_session(conference)
    page = reverse("panels_desk:invite", args=[conference.slug])

    def invite() -> None:
        client = Client()
        client.force_login(organiser)
        assert client.post(page, {"deadline": "2099-01-01T18:00"}).status_code == 302

    found = trials.doubled(stack, messages=150, act=invite)

    assert Message.objects.filter(kind=Kind.INVITATION).count() == 15
    assert (found["lost"], found["repeated"], found["strangers"]) == (0, 0, 0)
    assert found["states"]["sent"] == 150 + 15
