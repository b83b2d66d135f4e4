from collections.abc import Callable

from panels.domain import invitations
from panels.mail_kinds import invitation_link
from tests.factories import make_drawn, make_session, make_user
from tests.faults import trials
from tests.faults.stack import FaultStack


def acceptances(site: str) -> Callable[[], object]:
    """Each call: another citizen opens the letter's link and accepts. A page that writes messages."""
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=15)
    make_session(conference)
    waiting = iter(invitations.invite_panel(conference=conference, actor=organiser))

    def accept() -> None:
        link = invitation_link(next(waiting)).removeprefix("http://testserver")
        browser = trials.Browser(site).get(link)
        assert browser.post("/invitation/accept/") == 200

    return accept


def test_a_broker_that_is_emptied_and_stopped_costs_waiting_only(stack: FaultStack) -> None:
    act = acceptances(stack.web())

    found = trials.broker_lost(stack, messages=200, outage=5.0, act=act, requests=4)

    assert set(found["states"]) <= {"sent", "cancelled", "scheduled"}
    assert (found["due"], found["lost"], found["repeated"], found["strangers"]) == (0, 0, 0, 0)
    assert found["slowest_request"] < 2.0
