"""Small and large problems that the tests make up."""

import random

from hypothesis import strategies as st

from panels.lottery import Person, Problem, Quota


@st.composite
def tiny_problems(draw: st.DrawFn) -> Problem:
    """Up to nine people; the quotas are drawn around one panel, so that most have a panel, often only just."""
    people = draw(st.integers(4, 9))
    size = draw(st.integers(2, min(5, people - 1)))
    features = draw(st.integers(1, 4))
    values = [draw(st.integers(2, 3)) for _ in range(features)]
    traits = [[draw(st.integers(0, values[f] - 1)) for f in range(features)] for _ in range(people)]
    homes = draw(st.one_of(st.none(), st.lists(st.integers(0, people), min_size=people, max_size=people)))
    seats = draw(st.permutations(range(people)))[:size]
    quotas = []
    for f in range(features):
        for v in range(values[f]):
            seated = sum(traits[i][f] == v for i in seats)
            low = max(0, seated - draw(st.sampled_from([0, 0, 0, 1])))
            high = seated + draw(st.sampled_from([0, 0, 1]))
            quotas.append(Quota(f"f{f}", f"v{v}", low, high))
    return Problem(
        size,
        tuple(quotas),
        tuple(
            Person(f"p{i}", {f"f{f}": f"v{traits[i][f]}" for f in range(features)}, f"h{homes[i]}" if homes else None)
            for i in range(people)
        ),
    )


def made_up(people: int, size: int, *, features: int = 4, seed: int = 1, households: bool = False) -> Problem:
    """A skewed pool with quotas at the floor and the ceiling of even shares of its own skew, halfway to equality."""
    rng = random.Random(seed)
    names = [[f"value {v}" for v in range(2 + (f + seed) % 4)] for f in range(features)]
    weights = [[1.0 / (1 + v) for v in range(len(row))] for row in names]
    pool = [[rng.choices(range(len(names[f])), weights[f])[0] for f in range(features)] for _ in range(people)]
    quotas = []
    for f, row in enumerate(names):
        for v, name in enumerate(row):
            share = sum(p[f] == v for p in pool) / people
            wanted = size * (share + 1 / len(row)) / 2
            quotas.append(Quota(f"Feature {f}", name, max(0, int(wanted) - 1), int(wanted) + 2))
    return Problem(
        size,
        tuple(quotas),
        tuple(
            Person(
                f"P{i:05d}",
                {f"Feature {f}": names[f][v] for f, v in enumerate(p)},
                f"H{rng.randrange(people * 2)}" if households else None,
            )
            for i, p in enumerate(pool)
        ),
    )


@st.composite
def gap_problems(draw: st.DrawFn) -> Problem:
    """Yes/no features that overlap like the edges of odd cycles: here fractions of people often do what no panel can."""
    people = draw(st.integers(5, 9))
    features = draw(st.integers(3, 6))
    traits = [draw(st.lists(st.booleans(), min_size=features, max_size=features)) for _ in range(people)]
    size = draw(st.integers(2, 4))
    quotas = []
    for f in range(features):
        most = draw(st.integers(1, 2))
        least = draw(st.integers(0, 1))
        quotas += [Quota(f"f{f}", "yes", least, most), Quota(f"f{f}", "no", 0, size)]
    homes = draw(st.one_of(st.none(), st.lists(st.integers(0, 4), min_size=people, max_size=people)))
    return Problem(
        size,
        tuple(quotas),
        tuple(
            Person(
                f"p{i}",
                {f"f{f}": "yes" if traits[i][f] else "no" for f in range(features)},
                f"h{homes[i]}" if homes else None,
            )
            for i in range(people)
        ),
    )
