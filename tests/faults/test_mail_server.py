from tests.faults import trials
from tests.faults.stack import FaultStack


def test_every_message_ends_as_the_class_of_its_refusals_says(stack: FaultStack) -> None:
    found = trials.server_misbehaves(stack, messages=150, silences=3, line=0.02, seed=4)

    assert found["wrong"] == []
    assert (found["lost"], found["strangers"]) == (0, 0)
    assert found["sent_after_permanent_refusal"] == 0
    assert found["repeated_otherwise"] == 0
    assert found["line_faults"] > 0
