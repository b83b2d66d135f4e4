from conference.mail.enums import Kind
from conference.mail.models import Message
from tests.faults import trials
from tests.faults.people import PANEL, inviting
from tests.faults.stack import FaultStack


def test_two_of_everything_send_one_of_everything(stack: FaultStack) -> None:
    found = trials.doubled(stack, messages=150, act=inviting())

    assert Message.objects.filter(kind=Kind.INVITATION).count() == PANEL
    assert (found["lost"], found["repeated"], found["strangers"]) == (0, 0, 0)
    assert found["states"]["sent"] == 150 + PANEL
