"""The lottery as equal tickets, so that a few digits drawn in public decide.

First each panel (in counts) gets a whole number of tickets, such that the seats of every type come as near to its fair
share as swapping panels, and then single seats (``exchanges``), can bring them; then the seats of each ticket are dealt
to the people of the type, always to those who sit on the fewest tickets so far. In the end hardly anybody's chance has
moved by more than a ticket.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from panels.lottery.exchanges import exchanged
from panels.lottery.lots import generator, shuffled
from panels.lottery.types import Array, HouseholdClass, Ints, Types

_SWAPS = 4000
_FLATTENINGS = 300
_CANDIDATES = 14


@dataclass(frozen=True)
class Tickets:
    """``panels[n]`` holds the positions in the pool of the people of ticket n; ``times``: on how many tickets each
    person is.
    """

    panels: tuple[tuple[int, ...], ...]
    times: Ints


def tickets_for(types: Types, panels: Array, weights: Array, pool: Array, *, number: int, seed: str) -> Tickets:
    """``panels`` and ``weights`` are the lottery; ``pool`` more panels that may serve to round it well."""
    counts = _rounded(types, panels, weights, pool, number)
    order = shuffled([panel for panel, times in counts for _ in range(times)], "tickets", seed)
    return _dealt(types, order, generator("seats", seed))


def _rounded(types: Types, panels: Array, weights: Array, pool: Array, number: int) -> list[tuple[Array, int]]:
    """Whole numbers of tickets that add up to ``number``: floors first, the rest greedily, then swaps while they
    help.
    """
    choice = np.unique(np.vstack([panels, pool]), axis=0)
    place = {_key(row): i for i, row in enumerate(choice)}
    times = np.zeros(len(choice), dtype=np.int64)
    for panel, weight in zip(panels, weights, strict=True):
        times[place[_key(panel)]] += int(np.floor(weight * number + 1e-9))
    scaled = choice / types.count
    aim = number * (weights @ panels) / types.count
    error = times @ scaled - aim
    gram = scaled @ scaled.T
    norm = np.diag(gram)
    for _ in range(number - int(times.sum())):
        best = int(np.argmin(np.round(2.0 * (scaled @ error) + norm, 9)))
        times[best] += 1
        error += scaled[best]
    for _ in range(_SWAPS):
        used = np.nonzero(times)[0]
        slope = scaled @ error
        change = 2.0 * (slope[None, :] - slope[used][:, None]) + norm[None, :] + norm[used][:, None] - 2.0 * gram[used]
        at = int(np.argmin(np.round(change, 9)))  # equal on every machine, whatever its last bits
        if change.flat[at] > -1e-9:
            break
        out, into = int(used[at // len(choice)]), at % len(choice)
        times[out] -= 1
        times[into] += 1
        error += scaled[into] - scaled[out]
    _flatten(scaled, times, error)
    return exchanged(types, choice, times, error)


def _key(panel: Array) -> bytes:
    return panel.astype(np.int32).tobytes()  # a float zero may be negative


def _flatten(scaled: Array, times: Ints, error: Array) -> None:
    """Further exchanges, that lower the eighth powers of the errors: nearly the largest one alone counts."""
    for _ in range(_FLATTENINGS):
        top = float(np.abs(error).max())
        if top <= 0.5:
            return
        slope = scaled @ (error / top) ** 7
        used = np.nonzero(times)[0]
        givers = used[np.argsort(-np.round(slope[used], 9), kind="stable")[:_CANDIDATES]]
        takers = np.argsort(np.round(slope, 9), kind="stable")[:_CANDIDATES]
        moved = error + scaled[takers][None, :, :] - scaled[givers][:, None, :]
        value = np.round(((moved / top) ** 8).sum(axis=2), 9)
        at = int(np.argmin(value))
        if value.flat[at] >= round(float(((error / top) ** 8).sum()), 9) - 1e-9:
            return
        out, into = int(givers[at // len(takers)]), int(takers[at % len(takers)])
        times[out] -= 1
        times[into] += 1
        error += scaled[into] - scaled[out]


def _dealt(types: Types, order: Sequence[Array], rng: np.random.Generator) -> Tickets:
    times = np.zeros(len(types.of_person), dtype=np.int64)
    class_of = {t: group for group in types.classes for t in group.types}
    only = np.array([len(people) == 1 and t not in class_of for t, people in enumerate(types.people)])
    first = np.array([people[0] for people in types.people])
    members = [np.array(people) for people in types.people]
    dealt: list[list[int]] = []
    for panel in order:
        seated = panel > 0
        chosen: list[int] = first[seated & only].tolist()
        homes: dict[int, HouseholdClass] = {}
        for t in np.nonzero(seated & ~only)[0].tolist():
            if t in class_of:
                homes[class_of[t].types[0]] = class_of[t]
            else:
                chosen += _fewest(members[t], int(panel[t]), times, rng)
        for group in homes.values():
            chosen += _from_households(group, panel, times, rng)
        times[chosen] += 1
        dealt.append(chosen)
    _level(types, dealt, times)
    return Tickets(tuple(tuple(sorted(chosen)) for chosen in dealt), times)


def _fewest(people: Ints, seats: int, times: Ints, rng: np.random.Generator) -> list[int]:
    if seats == len(people):
        return [int(i) for i in people]
    order = np.lexsort((rng.random(len(people)), times[people]))
    return [int(i) for i in people[order[:seats]]]


def _from_households(group: HouseholdClass, panel: Array, times: Ints, rng: np.random.Generator) -> list[int]:
    seats = [int(panel[t]) for t in group.types]
    if len(group.households) == 1 and all(len(kind) == 1 for kind in group.households[0]):
        return [kind[0] for kind, wanted in zip(group.households[0], seats, strict=True) if wanted]
    free = list(range(len(group.households)))
    chosen: list[int] = []
    for kind, wanted in enumerate(seats):
        if not wanted:
            continue
        # Of each household, the member of this kind who sits on the fewest tickets.
        least = [min(group.households[h][kind], key=lambda i: (times[i], i)) for h in free]
        order = np.lexsort((rng.random(len(free)), times[least]))[:wanted]
        chosen += [least[i] for i in order]
        free = [h for position, h in enumerate(free) if position not in set(order.tolist())]
    return chosen


def _level(types: Types, dealt: list[list[int]], times: Ints) -> None:
    """Hand seats within a type from the one on most tickets to the one on fewest, while they differ by more than one."""
    home = {
        i: (c, h)
        for c, group in enumerate(types.classes)
        for h, kinds in enumerate(group.households)
        for k in kinds
        for i in k
    }
    for people in types.people:
        if len(people) < 2:
            continue
        for _ in range(len(dealt)):
            most = max(people, key=lambda i: (times[i], i))
            least = min(people, key=lambda i: (times[i], i))
            if times[most] - times[least] < 2 or not _handed(dealt, most, least, home):
                break
            times[most] -= 1
            times[least] += 1


def _handed(dealt: list[list[int]], giver: int, taker: int, home: dict[int, tuple[int, int]]) -> bool:
    for chosen in dealt:
        if giver in chosen and taker not in chosen:
            others = {home[i] for i in chosen if i != giver and i in home}
            if home.get(taker) not in others:
                chosen[chosen.index(giver)] = taker
                return True
    return False
