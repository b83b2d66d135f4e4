"""The thread of the method: the steps of a conference as a line, in full for those who work, in short for the public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django import template
from django.utils.translation import gettext

register = template.Library()

State = Literal["done", "current", "next"]


@dataclass(frozen=True)
class Step:
    label: str
    state: State
    date: str
    who: str
    hint: str
    url: str


def _state(value: object) -> State:
    name = str(getattr(value, "value", value) or "")
    if name == "done":
        return "done"
    return "current" if name == "current" else "next"


def _step(entry: object) -> Step:
    def part(*names: str) -> Any:
        for name in names:
            value = entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)
            if value:
                return value
        return ""

    return Step(
        str(part("label")),
        _state(part("state")),
        str(part("date", "date_text")),
        str(part("who")),
        str(part("hint")),
        str(part("url")),
    )


def sentence(steps: list[Step]) -> str:
    """Where the conference stands, in one sentence: what a phone shows before the line itself."""
    total = len(steps)
    for position, step in enumerate(steps, start=1):
        if step.state == "current":
            return gettext("Step %(position)d of %(total)d: %(label)s") % {
                "position": position,
                "total": total,
                "label": step.label,
            }
    if steps and all(step.state == "done" for step in steps):
        return gettext("All %(total)d steps are done") % {"total": total}
    return gettext("%(total)d steps, none of them begun") % {"total": total} if steps else ""


@register.inclusion_tag("components/thread.html")
def thread(steps: Iterable[object], compact: bool = False) -> dict[str, object]:
    """Steps are objects or mappings with label, state (done, current, next) and optionally date, who, hint and url."""
    read = [_step(entry) for entry in steps]
    return {"steps": read, "compact": compact, "sentence": sentence(read)}
