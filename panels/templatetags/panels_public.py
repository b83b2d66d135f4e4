"""What the public page shows of the panel: in aggregate, and no count by which anybody could be recognised."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Conference
from panels import access
from panels.disclosure import merge_small, rounded
from panels.domain.seats import ACCEPTED, PanelState, panel_state
from panels.enums import Standing
from panels.models import Criterion, Trait, Value
from panels.publication import ShownDraw

register = template.Library()

POOL_SHOWN_FROM = 50  # a smaller pool says too much about those who are in it


@dataclass(frozen=True)
class Share:
    """A value, or several merged: its share of the group and of the population, per cent."""

    label: str
    count: int
    share: float
    population: float | None


@dataclass(frozen=True)
class Feature:
    label: str
    rows: tuple[Share, ...]


@register.inclusion_tag("panels/_public_panel.html")
def public_panel(conference: Conference) -> dict[str, Any]:
    """The complete panel against the population; before it is complete, the pool, rounded."""
    state = panel_state(conference)
    panel = (
        [seat.holder.pk for seat in state.seats if seat.state == ACCEPTED and seat.holder] if state.complete else None
    )
    counts = Counter(_traits(conference, panel).values_list("value", flat=True))
    size = len(panel) if panel is not None else conference.volunteers.pool().count()
    if panel is None:
        counts = Counter({value: rounded(count) for value, count in counts.items()})
    shown = panel is not None or size >= POOL_SHOWN_FROM
    features = _features(conference, counts) if shown else []
    return {
        "conference": conference,
        "complete": state.complete,
        "state": state,
        "stage": _stage(state),
        "drawing": _drawing(conference),
        "size": size if panel is not None else rounded(size),
        "features": features,
        "has_population": any(row.population is not None for feature in features for row in feature.rows),
    }


def _drawing(conference: Conference) -> ShownDraw | None:
    """The draw that is announced, or made: not one that was set aside."""
    found = access.published_draws(conference).first()
    shown = ShownDraw(found, conference) if found else None
    return shown if shown and not shown.set_aside else None


@register.inclusion_tag("panels/_fingerprint.html")
def fingerprint(text: str) -> dict[str, Any]:
    """A long number in groups, to be compared by eye; copied, it is in one piece."""
    return {"parts": [text[start : start + 8] for start in range(0, len(text), 8)]}


def _traits(conference: Conference, volunteers: list[int] | None) -> Any:
    if volunteers is not None:
        return Trait.objects.filter(volunteer__in=volunteers)
    return Trait.objects.filter(volunteer__conference=conference, volunteer__standing=Standing.ELIGIBLE)


def _stage(state: PanelState) -> str:
    if state.complete:
        return "complete"
    if state.invited:
        return "invited"
    return "drawn" if state.draw else "pool"


def _features(conference: Conference, counts: Counter[int]) -> list[Feature]:
    language = get_language() or conference.language
    found = []
    for criterion in Criterion.objects.filter(conference=conference).prefetch_related("values"):
        values = list(criterion.values.all())
        numbers = [counts[value.pk] for value in values]
        groups = merge_small(numbers)
        if groups:
            total = sum(numbers)
            rows = tuple(
                _share([values[i] for i in group], sum(numbers[i] for i in group), total, language) for group in groups
            )
            found.append(Feature(criterion.label(language), rows))
    return found


def _share(values: list[Value], count: int, total: int, language: str) -> Share:
    *first, last = [value.label(language) for value in values]
    label = _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    shares = [value.population_share for value in values]
    population = float(sum(share for share in shares if share is not None)) if None not in shares else None
    return Share(label, count, round(100 * count / total, 1), population)
