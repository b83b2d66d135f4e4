import time

from conference.mail.domain import drill
from conference.mail.enums import State
from conference.mail.models import Message
from tests.faults import trials
from tests.faults.stack import FaultStack, wait_for


def test_killed_workers_lose_nothing_and_repeat_one_message_at_most_each(stack: FaultStack) -> None:
    found = trials.worker_killed(stack, messages=300, kills=4, hasten=True)

    assert found["states"] == {"sent": 300}
    assert (found["lost"], found["strangers"], found["kills"]) == (0, 0, 4)
    assert found["repeated"] <= found["kills"]


def test_a_worker_that_is_told_to_end_ends_between_two_messages(stack: FaultStack) -> None:
    sink = stack.sink(seconds=0.3)
    worker = stack.worker()
    drill.start(count=40, address=trials.HERE)
    wait_for(lambda: sink.total() >= 4, 30, "some have gone")

    began = time.monotonic()
    worker.end()

    assert time.monotonic() - began < 5
    assert Message.objects.filter(state=State.SENT).count() == sink.total() < 40
    assert Message.objects.filter(state=State.SENDING).count() == 0
