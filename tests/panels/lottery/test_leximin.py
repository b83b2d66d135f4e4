"""The engine against the definition: every panel listed, every level computed from scratch."""

from hypothesis import HealthCheck, event, given, settings

from panels import lottery
from tests.panels.lottery.definition import all_panels, leximin_by_definition
from tests.panels.lottery.pools import gap_problems, tiny_problems


def _compare(problem: lottery.Problem) -> None:
    panels = all_panels(problem)
    if not panels:
        event("no panel")
        assert not lottery.check(problem).feasible
        return
    expected = leximin_by_definition(problem)
    result = lottery.draw(problem, seed="tiny", tickets=10, alternates=0)
    got = [result.probabilities[person.id] for person in problem.people]
    event(f"cuts: {len(result.certificate['cuts'])}")
    assert max(abs(a - b) for a, b in zip(expected, got, strict=True)) < 1e-6
    assert result.exact
    ids = {tuple(sorted(problem.people[i].id for i in panel)) for panel in panels}
    assert set(result.tickets) <= ids


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(tiny_problems())
def test_leximin_is_what_the_definition_says(problem: lottery.Problem) -> None:
    _compare(problem)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(gap_problems())
def test_leximin_is_exact_where_fractions_of_people_do_better(problem: lottery.Problem) -> None:
    _compare(problem)
