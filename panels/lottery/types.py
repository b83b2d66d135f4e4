"""People who are interchangeable, counted together.

People with the same values and no companion in the pool are of one **type**. Whole households that look alike (the same
values, member by member) are interchangeable too: they form a **class**, and each kind of member in it is a type. The
fair probabilities are equal within a type, since swapping two of its people changes nothing, so that a panel need
only say how many people of each type it holds. 2,000 people with two features are a handful of types.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from panels.lottery.problem import Problem, fold

type Array = npt.NDArray[np.floating[Any]]
type Ints = npt.NDArray[np.integer[Any]]
type Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """A linear condition on the counts: lower <= sum of the types in it <= upper."""

    kind: str  # "size", "quota" or "household"
    name: str
    members: tuple[int, ...]
    lower: int
    upper: int


@dataclass(frozen=True)
class HouseholdClass:
    """Households that look alike: for each, the people of each type (a tuple of people for each type in ``types``)."""

    types: tuple[int, ...]
    households: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, eq=False)
class Types:
    """The problem in counts: a panel is an integer vector x with 0 <= x <= cap that satisfies every row."""

    problem: Problem
    people: tuple[tuple[int, ...], ...]  # positions in problem.people, by type
    profiles: tuple[tuple[str, ...], ...]
    of_person: Ints
    count: Array
    cap: Array
    rows: tuple[Row, ...]
    matrix: Array  # rows x types, of 0 and 1
    lower: Array
    upper: Array
    classes: tuple[HouseholdClass, ...]

    @property
    def size(self) -> int:
        return len(self.people)


def types_of(problem: Problem) -> Types:
    """The types of a problem, in an order that depends on nothing but the problem's own names and values."""
    order = sorted(range(len(problem.people)), key=lambda i: problem.people[i].id)
    profile = {i: problem.profile(problem.people[i]) for i in order}
    homes: dict[str, list[int]] = defaultdict(list)
    for i in order:
        household = fold(problem.people[i].household or "")
        if household:
            homes[household].append(i)
    shared = {key: members for key, members in homes.items() if len(members) > 1}
    tied = {i for members in shared.values() for i in members}
    # Key of a type: the profile, and for people with companions the multiset of profiles of their household.
    signature = {key: tuple(sorted(profile[i] for i in members)) for key, members in shared.items()}
    groups: dict[tuple[tuple[tuple[str, ...], ...], tuple[str, ...]], list[int]] = defaultdict(list)
    home_of = {i: key for key, members in shared.items() for i in members}
    for i in order:
        groups[(signature[home_of[i]] if i in tied else (), profile[i])].append(i)
    keys = sorted(groups)
    number = {key: t for t, key in enumerate(keys)}
    people = tuple(tuple(groups[key]) for key in keys)
    of_person = np.zeros(len(problem.people), dtype=np.int64)
    for t, members in enumerate(people):
        of_person[list(members)] = t
    classes = _classes(shared, signature, profile, number)
    cap = np.array([len(members) for members in people], dtype=float)
    for group in classes:
        for t in group.types:
            cap[t] = len(group.households)
    rows = _rows(problem, [key[1] for key in keys], classes)
    matrix = np.zeros((len(rows), len(keys)))
    for r, row in enumerate(rows):
        matrix[r, list(row.members)] = 1.0
    return Types(
        problem=problem,
        people=people,
        profiles=tuple(key[1] for key in keys),
        of_person=of_person,
        count=np.array([len(members) for members in people], dtype=float),
        cap=cap,
        rows=rows,
        matrix=matrix,
        lower=np.array([row.lower for row in rows], dtype=float),
        upper=np.array([row.upper for row in rows], dtype=float),
        classes=classes,
    )


def _classes(
    shared: dict[str, list[int]],
    signature: dict[str, tuple[tuple[str, ...], ...]],
    profile: dict[int, tuple[str, ...]],
    number: dict[tuple[tuple[tuple[str, ...], ...], tuple[str, ...]], int],
) -> tuple[HouseholdClass, ...]:
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = defaultdict(list)
    for key in shared:
        alike[signature[key]].append(key)
    found = []
    for kind in sorted(alike):
        profiles = sorted(Counter(kind))
        homes = sorted(alike[kind], key=lambda key: shared[key])
        members = tuple(tuple(tuple(i for i in shared[key] if profile[i] == p) for p in profiles) for key in homes)
        found.append(HouseholdClass(tuple(number[(kind, p)] for p in profiles), members))
    return tuple(found)


def _rows(problem: Problem, profiles: list[tuple[str, ...]], classes: tuple[HouseholdClass, ...]) -> tuple[Row, ...]:
    everyone = tuple(range(len(profiles)))
    rows = [Row("size", "size", everyone, problem.size, problem.size)]
    position = {feature: f for f, feature in enumerate(problem.features)}
    for quota in problem.quotas:
        feature, value = quota.key
        members = tuple(t for t in everyone if profiles[t][position[feature]] == value)
        rows.append(Row("quota", f"{quota.feature} / {quota.value}", members, quota.minimum, quota.maximum))
    for h, group in enumerate(classes):
        if len(group.types) > 1:
            rows.append(Row("household", f"household {h + 1}", group.types, 0, len(group.households)))
    return tuple(rows)
