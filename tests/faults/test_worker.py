from tests.faults import trials
from tests.faults.stack import FaultStack


def test_killed_workers_lose_nothing_and_repeat_one_message_at_most_each(stack: FaultStack) -> None:
    found = trials.worker_killed(stack, messages=300, kills=4, hasten=True)

    assert found["states"] == {"sent": 300}
    assert (found["lost"], found["strangers"], found["kills"]) == (0, 0, 4)
    assert found["repeated"] <= found["kills"]
