from tests.faults import trials
from tests.faults.people import acceptances
from tests.faults.stack import FaultStack


def test_a_broker_that_is_emptied_and_stopped_costs_waiting_only(stack: FaultStack) -> None:
    act = acceptances(stack.web())

    found = trials.broker_lost(stack, messages=200, outage=5.0, act=act, requests=4)

    assert set(found["states"]) <= {"sent", "cancelled", "scheduled"}
    assert (found["due"], found["lost"], found["repeated"], found["strangers"]) == (0, 0, 0, 0)
    assert found["slowest_request"] < 2.0
