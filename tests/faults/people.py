"""What people do on the web while something breaks."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from panels.domain import invitations
from panels.mail_kinds import invitation_link
from tests.factories import make_drawn, make_session, make_user
from tests.faults.trials import Browser

PANEL = 15


def acceptances(site: str) -> Callable[[], None]:
    """Each call: another citizen opens the letter's link and accepts, which writes messages."""
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=PANEL)
    make_session(conference)
    waiting = iter(invitations.invite_panel(conference=conference, actor=organiser))

    def accept() -> None:
        link = invitation_link(next(waiting)).removeprefix("http://testserver")
        browser = Browser(site).get(link)
        assert browser.post("/invitation/accept/") == 200

    return accept


def inviting() -> Callable[[], None]:
    """Each call: the organiser clicks on the button that invites the panel."""
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=PANEL)
    make_session(conference)
    page = reverse("panels_desk:invite", args=[conference.slug])

    def invite() -> None:
        client = Client()
        client.force_login(organiser)
        assert client.post(page, {"deadline": "2099-01-01T18:00"}).status_code == 302

    return invite
