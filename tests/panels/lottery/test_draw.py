"""A draw end to end, seen from outside: an independent look at panels, chances, tickets, alternates and refusals."""

from collections import Counter

import pytest

from panels import lottery
from panels.lottery import Person, Problem, Quota
from tests.panels.lottery.pools import made_up


def breaks(problem: Problem, ids: tuple[str, ...]) -> list[str]:
    """What a panel breaks, counted from the problem itself."""
    people = {person.id: person for person in problem.people}
    found = [] if len(set(ids)) == problem.size else ["size"]
    for quota in problem.quotas:
        seats = sum(people[name].values[quota.feature] == quota.value for name in ids)
        if not quota.minimum <= seats <= quota.maximum:
            found.append(f"{quota.feature} {quota.value} {seats}")
    homes = Counter(people[name].household or "" for name in ids if people[name].household)
    return found + [home for home, times in homes.items() if times > 1]


@pytest.mark.parametrize("method", lottery.METHODS)
@pytest.mark.parametrize("households", [False, True])
def test_every_ticket_is_a_panel_and_chances_add_up(method: str, households: bool) -> None:
    problem = made_up(60, 12, features=3, seed=3, households=households)
    result = lottery.draw(problem, method=method, seed="s", tickets=200, alternates=3)
    assert [breaks(problem, ticket) for ticket in result.tickets] == [[]] * 200
    assert sum(result.probabilities.values()) == pytest.approx(12)
    times = Counter(name for ticket in result.tickets for name in ticket)
    assert result.ticket_probabilities == {person.id: times[person.id] / 200 for person in problem.people}
    change = max(abs(result.ticket_probabilities[name] - chance) for name, chance in result.probabilities.items())
    assert result.largest_change == pytest.approx(change)
    assert change < 3 / 200
    assert result.exact
    assert result.minimum == min(result.probabilities.values())
    assert result.upper_bound >= result.minimum - 1e-6
    assert result.panel == result.tickets[result.ticket]


def test_the_minimum_of_each_method_stands_as_it_should() -> None:
    problem = made_up(80, 14, features=4, seed=2)
    least = {method: lottery.draw(problem, method=method, seed="s", tickets=50).minimum for method in lottery.METHODS}
    assert least["leximin"] == pytest.approx(least["maximin"], abs=1e-6)
    assert least["nash"] <= least["leximin"] + 1e-6
    assert least["goldilocks"] <= least["leximin"] + 1e-6


def test_nash_has_the_largest_product_and_goldilocks_the_smallest_sum() -> None:
    problem = made_up(40, 8, features=3, seed=5)
    product, total = {}, {}
    for method in lottery.METHODS:
        chances = lottery.draw(problem, method=method, seed="s", tickets=50).probabilities.values()
        value = 1.0
        for chance in chances:
            value *= chance / 0.2
        product[method] = value
        total[method] = 5 * max(chances) + 1 / (5 * min(chances))
    assert max(product.values()) <= product["nash"] * (1 + 1e-4)
    assert min(total.values()) >= total["goldilocks"] * (1 - 1e-6)


def test_the_same_seed_gives_the_same_result_and_the_order_of_the_files_does_not_matter() -> None:
    problem = made_up(50, 10, seed=4, households=True)
    turned = Problem(problem.size, problem.quotas, tuple(reversed(problem.people)))
    first, second = lottery.draw(problem, seed="a"), lottery.draw(turned, seed="a")
    assert first.commitment == second.commitment
    assert first.tickets == second.tickets
    assert first.alternates == second.alternates
    other = lottery.draw(problem, seed="b")
    assert other.tickets != first.tickets
    assert other.probabilities == first.probabilities


def test_a_ticket_drawn_in_public_decides() -> None:
    problem = made_up(40, 8, seed=6)
    result = lottery.draw(problem, seed="a", ticket=417)
    assert result.ticket == 417
    assert result.panel == result.tickets[417]
    with pytest.raises(lottery.UnusableInput):
        lottery.draw(problem, seed="a", ticket=1000)


def test_alternates_are_not_on_the_panel_nor_of_its_households() -> None:
    problem = made_up(60, 12, features=3, seed=7, households=True)
    result = lottery.draw(problem, seed="a", alternates=6)
    home = {person.id: person.household for person in problem.people}
    assert len(set(result.alternates)) == 6
    assert not set(result.alternates) & set(result.panel)
    assert not {home[name] for name in result.alternates} & {home[name] for name in result.panel}
    assert len({home[name] for name in result.alternates}) == 6


def test_names_are_compared_without_case_and_outer_spaces() -> None:
    people = tuple(Person(f"p{i}", {" SEXE ": " femme" if i % 2 else "HOMME "}) for i in range(10))
    problem = Problem(4, (Quota("Sexe", "Femme", 2, 2), Quota("Sexe", "Homme", 2, 2)), people)
    assert lottery.draw(problem, seed="a").minimum == pytest.approx(0.4)


def test_progress_rises_and_can_stop_the_draw() -> None:
    problem = made_up(60, 12, features=3, seed=3)
    told: list[tuple[float, str]] = []

    def listen(fraction: float, phrase: str) -> bool:
        told.append((fraction, phrase))
        return True

    lottery.draw(problem, seed="a", progress=listen)
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert told[-1] == (1.0, "done")
    assert {phrase for _, phrase in told} <= {phase.value for phase in lottery.Phase}
    with pytest.raises(lottery.Cancelled):
        lottery.draw(problem, seed="a", progress=lambda fraction, _: fraction < 0.02)


def test_a_time_limit_gives_an_honest_gap() -> None:
    problem = made_up(120, 20, features=5, seed=8, households=True)
    hurried = lottery.draw(problem, seed="a", time_limit=0.0, tickets=100)
    fair = lottery.draw(problem, seed="a", tickets=100)
    assert not hurried.exact
    assert hurried.minimum < hurried.upper_bound
    assert hurried.upper_bound >= fair.minimum - 1e-6
    assert [breaks(problem, ticket) for ticket in hurried.tickets] == [[]] * 100


@pytest.mark.parametrize(
    ("size", "quotas", "people", "words"),
    [
        (0, (), (), "at least one seat"),
        (2, (Quota("a", "x", 0, 2), Quota("A ", "X", 0, 2)), (), "twice"),
        (1, (Quota("a", "x", 0, 2),), (Person("p", {"a": "y"}),), "has no quota"),
        (1, (Quota("a", "x", 0, 2),), (Person("p", {}),), "has no value"),
        (1, (), (Person("p", {}), Person("p", {})), "twice"),
    ],
)
def test_senseless_problems_are_refused(
    size: int, quotas: tuple[Quota, ...], people: tuple[Person, ...], words: str
) -> None:
    with pytest.raises(lottery.UnusableInput, match=words):
        Problem(size, quotas, people)
