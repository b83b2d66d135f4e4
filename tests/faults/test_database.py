from tests.faults import trials
from tests.faults.stack import FaultStack


def test_a_database_that_restarts_loses_nothing(stack: FaultStack) -> None:
    found = trials.database_restarted(stack, messages=200, restarts=2, hasten=True)

    assert found["states"] == {"sent": 200}
    assert (found["lost"], found["strangers"]) == (0, 0)
    assert found["repeated"] <= 1
