"""What is said before a draw, and when there can be none."""

import pytest
from hypothesis import HealthCheck, given, settings

from panels import lottery
from panels.lottery import Change, Person, Problem, Quota
from panels.lottery.before import outlook
from tests.panels.lottery.definition import all_panels
from tests.panels.lottery.pools import gap_problems


def people(*kinds: tuple[int, dict[str, str]]) -> tuple[Person, ...]:
    found: list[Person] = []
    for number, values in kinds:
        found += [Person(f"p{len(found) + i}", values) for i in range(number)]
    return tuple(found)


def test_each_feature_is_told_with_its_numbers() -> None:
    pool = people((5, {"a": "x", "b": "u"}), (1, {"a": "y", "b": "v"}))
    quotas = (Quota("a", "x", 3, 3), Quota("a", "y", 2, 3), Quota("b", "u", 0, 1), Quota("b", "v", 0, 2))
    found = lottery.check(Problem(4, quotas, pool))
    assert not found.feasible
    assert [(r.kind, r.feature, r.value, r.needed, r.available) for r in found.reasons] == [
        ("minimums_exceed_size", "a", "", 5, 4),
        ("maximums_below_size", "b", "", 4, 3),
        ("too_few_with_value", "a", "y", 2, 1),
    ]


def test_too_few_people_cannot_be_relaxed_away() -> None:
    found = lottery.check(Problem(3, (Quota("a", "x", 0, 3),), people((2, {"a": "x"}))))
    assert [reason.kind for reason in found.reasons] == ["few_people"]
    assert found.relaxation is None


def test_quotas_that_only_jointly_fail_get_the_smallest_change() -> None:
    pool = people((5, {"a": "x", "b": "u"}), (5, {"a": "y", "b": "v"}))
    quotas = (Quota("a", "x", 2, 2), Quota("a", "y", 2, 2), Quota("b", "u", 1, 3), Quota("b", "v", 3, 3))
    problem = Problem(4, quotas, pool)
    found = lottery.check(problem)
    assert [reason.kind for reason in found.reasons] == ["joint"]
    assert found.relaxation == (Change("b", "v", "min", 3, 2),)
    with pytest.raises(lottery.Infeasible) as refusal:
        lottery.draw(problem, seed="a")
    assert refusal.value.feasibility.relaxation == found.relaxation


def test_one_of_a_household_counts_once() -> None:
    pool = tuple(Person(f"p{i}", {"a": "x"}, household=" 12 rue Verte" if i % 2 else "12 RUE VERTE ") for i in range(4))
    found = lottery.check(Problem(2, (Quota("a", "x", 0, 2),), pool))
    assert [(reason.kind, reason.available) for reason in found.reasons] == [("few_people", 1)]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(gap_problems())
def test_who_has_no_chance_and_who_no_choice(problem: Problem) -> None:
    panels = all_panels(problem)
    found = lottery.check(problem)
    assert found.feasible == bool(panels)
    if panels:
        ids = [person.id for person in problem.people]
        seated: list[set[str]] = [{ids[i] for i in panel} for panel in panels]
        assert set(found.shut_out or ()) == set(ids) - set[str]().union(*seated)
        assert set(found.certain or ()) == set.intersection(*seated)


def test_the_outlook_names_the_quotas_behind_it() -> None:
    pool = people(
        (6, {"a": "x", "b": "u"}), (1, {"a": "x", "b": "v"}), (2, {"a": "y", "b": "u"}), (1, {"a": "z", "b": "u"})
    )
    quotas = (
        Quota("a", "x", 1, 3), Quota("a", "y", 1, 1), Quota("a", "z", 0, 0), Quota("b", "u", 2, 4), Quota("b", "v", 1, 1),
    )  # fmt: skip
    view = outlook(Problem(4, quotas, pool))
    assert [(group.people, group.quotas) for group in view.shut_out] == [(("p9",), ("a / z: max 0 → 1",))]
    assert [(group.people, group.quotas) for group in view.certain] == [(("p6",), ("b / v: min 1",))]
    assert view.minimum == 0.0
