"""What the engine found before a draw, in the reader's words: why not, what would help, who has no chance."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from panels.lottery import Change, Feasibility
from panels.lottery.before import Relaxation


@dataclass(frozen=True)
class Explanation:
    reasons: tuple[str, ...]
    changes: tuple[str, ...]  # together the smallest change of the quotas that lets a panel exist
    hopeless: bool  # no change of quotas helps: the pool is too small
    shut_out: tuple[str, ...]  # references of volunteers whom no panel can hold
    certain: tuple[str, ...]  # references of volunteers whom every panel holds


def explain(found: Feasibility, labels: Mapping[tuple[str, str], str]) -> Explanation:
    """``labels`` translate (feature, value), and the feature itself under (feature, "")."""

    def named(feature: str, value: str) -> dict[str, str]:
        return {"feature": labels.get((feature, ""), feature), "value": labels.get((feature, value), value)}

    sentences = {
        "few_people": _(
            "The pool can fill %(available)s seats at most, and the panel has %(needed)s. More volunteers are needed."
        ),
        "minimums_exceed_size": _("%(feature)s: the minimums add up to %(needed)s, more than the %(available)s seats."),
        "maximums_below_size": _("%(feature)s: the maximums add up to %(available)s, fewer than the %(needed)s seats."),
        "too_few_with_value": _(
            "%(feature)s, %(value)s: at least %(needed)s are asked for, and %(available)s can sit on the panel."
        ),
        "joint": _("Each quota can be met by itself, but not all of them together."),
    }
    reasons = tuple(
        sentences[reason.kind]
        % {**named(reason.feature, reason.value), "needed": reason.needed, "available": reason.available}
        for reason in found.reasons
    )
    changes = tuple(change_in_words(change, labels) for change in found.relaxation or ())
    return Explanation(reasons, changes, not found.feasible and not changes, found.shut_out or (), found.certain or ())


def change_in_words(change: Change, labels: Mapping[tuple[str, str], str]) -> str:
    names = {
        "feature": labels.get((change.feature, ""), change.feature),
        "value": labels.get((change.feature, change.value), change.value),
        "before": change.before,
        "after": change.after,
    }
    if change.bound == "min":
        return _("%(feature)s, %(value)s: at least %(after)s instead of %(before)s") % names
    return _("%(feature)s, %(value)s: at most %(after)s instead of %(before)s") % names


@dataclass(frozen=True)
class Way:
    """Changes of quotas, in words, that let a panel exist, and the smallest chance under them, per cent."""

    changes: tuple[str, ...]
    least: float


def ways_in_words(found: Iterable[Relaxation], labels: Mapping[tuple[str, str], str]) -> list[Way]:
    return [Way(tuple(change_in_words(change, labels) for change in way.changes), way.minimum * 100) for way in found]


@dataclass(frozen=True)
class Lot:
    """People who share a fate before any ticket is drawn, by reference, and the quotas that cause it, in words."""

    people: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """A bound, in words, and the chance of the least likely without it, per cent."""

    bound: str
    without: float


def lots_in_words(
    groups: Iterable[Mapping[str, Any]],
    references: Mapping[str, str],
    quotas: Sequence[Mapping[str, Any]],
    labels: Mapping[tuple[str, str], str],
) -> list[Lot]:
    """``groups`` as ``lottery.before.outlook`` keeps them; ``references``: by pseudonym."""
    return [
        Lot(
            tuple(sorted(references.get(name, name) for name in group["people"])),
            tuple(_cause(text, quotas, labels) for text in group["quotas"]),
        )
        for group in groups
    ]


_BOUND = re.compile(r"(min|max) (\d+)(?: → (\d+))?")


def _cause(text: str, quotas: Sequence[Mapping[str, Any]], labels: Mapping[tuple[str, str], str]) -> str:
    """The engine names a bound as "Sex / woman: min 7", or a change of it, whose end counts, as "Sex / woman: max 0 → 1"."""
    for quota in quotas:
        cell = (quota["feature"], quota["value"])
        found = _BOUND.fullmatch(text.removeprefix(f"{cell[0]} / {cell[1]}: "))
        if found:
            return bound_in_words(*cell, found[1], int(found[3] or found[2]), labels)
    return text


def bound_in_words(feature: str, value: str, bound: str, number: int, labels: Mapping[tuple[str, str], str]) -> str:
    names = {
        "feature": labels.get((feature, ""), feature),
        "value": labels.get((feature, value), value),
        "number": number,
    }
    if bound == "min":
        return _("%(feature)s, %(value)s: at least %(number)s") % names
    return _("%(feature)s, %(value)s: at most %(number)s") % names


def costs_in_words(costs: Iterable[Mapping[str, Any]], labels: Mapping[tuple[str, str], str]) -> list[Cost]:
    """What each quota costs the least likely; the dearest first."""
    return [
        Cost(
            bound_in_words(cost["feature"], cost["value"], cost["bound"], cost["number"], labels),
            cost["minimum_without"] * 100,
        )
        for cost in costs
    ]
