"""The table, our sign: a panel drawn as seats around a round table, with a list beside it for those who do not see it.

``{% round_table seats size="card" %}`` and ``{% round_table_list seats %}`` take any iterable of objects or mappings with
``number`` and ``state``, and optionally ``label``. A state is told by colour, by the form of the seat and by a sign in it.
Numbers inside the drawing are made into text here: the template's own formatting would put French commas into coordinates.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy, npgettext, pgettext_lazy

register = template.Library()


class Look(StrEnum):
    """What a seat shows. The order is the order of the legend."""

    PRESENT = "present"
    ACCEPTED = "accepted"
    INVITED = "invited"
    DECLINED = "declined"
    FREE = "free"
    ABSENT = "absent"
    NOT_YET = "not-yet"


WORDS: dict[Look, str | Promise] = {
    Look.PRESENT: pgettext_lazy("seat", "present today"),
    Look.ACCEPTED: pgettext_lazy("seat", "accepted"),
    Look.INVITED: pgettext_lazy("seat", "waiting for an answer"),
    Look.DECLINED: pgettext_lazy("seat", "declined, being replaced"),
    Look.FREE: pgettext_lazy("seat", "free"),
    Look.ABSENT: pgettext_lazy("seat", "absent today"),
    Look.NOT_YET: pgettext_lazy("seat", "not invited yet"),
}
COUNTS = {
    Look.PRESENT: ngettext_lazy("%(count)d present today", "%(count)d present today", "count"),
    Look.ACCEPTED: ngettext_lazy("%(count)d accepted", "%(count)d accepted", "count"),
    Look.INVITED: ngettext_lazy("%(count)d waiting for an answer", "%(count)d waiting for an answer", "count"),
    Look.DECLINED: ngettext_lazy("%(count)d declined, being replaced", "%(count)d declined, being replaced", "count"),
    Look.FREE: ngettext_lazy("%(count)d free", "%(count)d free", "count"),
    Look.ABSENT: ngettext_lazy("%(count)d absent today", "%(count)d absent today", "count"),
    Look.NOT_YET: ngettext_lazy("%(count)d not invited yet", "%(count)d not invited yet", "count"),
}
# The words that rooms use for their own states, so that none has to translate before drawing.
SYNONYMS = {
    "waiting": Look.INVITED,
    "sent": Look.INVITED,
    "replaced": Look.DECLINED,
    "expired": Look.FREE,
    "withdrawn": Look.FREE,
    "pending": Look.NOT_YET,
    "not_yet": Look.NOT_YET,
    "none": Look.NOT_YET,
    "": Look.NOT_YET,
}
SIZES = frozenset({"mini", "small", "card", "full", "projector"})
CENTRE = 200.0
RING = 158.0  # the seats' centres stand on this circle of a square of 400


def look_of(state: object) -> Look:
    """The look of a state given as text or enum; a state that is not known is drawn as not yet, never as a false yes."""
    name = str(getattr(state, "value", state) or "")
    if name in Look:
        return Look(name)
    return SYNONYMS.get(name, Look.NOT_YET)


@dataclass(frozen=True)
class Seat:
    number: int
    look: Look
    label: str
    detail: str = ""

    @property
    def word(self) -> str:
        return str(WORDS[self.look])


def _read(entry: object, position: int) -> Seat:
    def part(name: str) -> Any:
        return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)

    number = part("number")
    return Seat(position if number is None else int(number), look_of(part("state")), str(part("label") or ""))


def read_seats(seats: Iterable[object]) -> list[Seat]:
    return [_read(entry, position) for position, entry in enumerate(seats, start=1)]


@dataclass(frozen=True)
class Drawn:
    """A seat with its place in the drawing, as text."""

    seat: Seat
    x: str
    y: str
    chair: str
    number_x: str
    number_y: str


@dataclass(frozen=True)
class Drawing:
    seats: list[Drawn]
    radius: str
    scale: str
    table: str
    plate: str
    number_size: str


def _text(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _chair(angle: float, radius: float) -> str:
    """The back of a chair: an arc behind the seat, on the side away from the table."""
    x, y = CENTRE + RING * math.cos(angle), CENTRE + RING * math.sin(angle)
    reach, half = radius + 6.5, 0.95
    ends = [(x + reach * math.cos(a), y + reach * math.sin(a)) for a in (angle - half, angle + half)]
    (x1, y1), (x2, y2) = ends
    return f"M{_text(x1)} {_text(y1)}A{_text(reach)} {_text(reach)} 0 0 1 {_text(x2)} {_text(y2)}"


def draw(seats: list[Seat]) -> Drawing:
    """Places the seats from the top, clockwise. The first stands at the top: a table has no head, but a list has a start."""
    count = max(len(seats), 1)
    radius = min(24.0, 0.74 * math.pi * RING / count)
    number_ring = RING - radius - 15
    drawn = []
    for position, seat in enumerate(seats):
        angle = 2 * math.pi * position / count - math.pi / 2
        cos, sin = math.cos(angle), math.sin(angle)
        drawn.append(
            Drawn(
                seat,
                _text(CENTRE + RING * cos),
                _text(CENTRE + RING * sin),
                _chair(angle, radius),
                _text(CENTRE + number_ring * cos),
                _text(CENTRE + number_ring * sin),
            )
        )
    table = RING - radius - 4
    return Drawing(
        drawn, _text(radius), _text(radius / 24), _text(table), _text(table - 24), _text(min(13.0, 4.5 + radius * 0.4))
    )


def summary(seats: list[Seat]) -> str:
    """How many seats are in which state, in words: what the drawing says to those who do not see it."""
    counts = Counter(seat.look for seat in seats)
    parts = [str(COUNTS[look] % {"count": counts[look]}) for look in Look if counts[look]]
    total = ngettext("%(count)d seat", "%(count)d seats", len(seats)) % {"count": len(seats)}
    return gettext("%(total)s: %(parts)s.") % {"total": total, "parts": ", ".join(parts)} if parts else f"{total}."


def _next_id(context: Context) -> str:
    """An id that no other table of this page has, and that is the same at every rendering of the page."""
    state = context.render_context.dicts[0]  # the lowest: an included template sees the same count
    number = int(state.get("round_table_count", "0")) + 1
    state["round_table_count"] = str(number)
    return f"round-table-{number}"


def _figure(seats: list[Seat]) -> tuple[int, Look]:
    """The number in the middle: who is present at a roll call, else who accepted, else who is waited for."""
    counts = Counter(seat.look for seat in seats)
    if counts[Look.PRESENT] or counts[Look.ABSENT]:
        return counts[Look.PRESENT], Look.PRESENT
    return counts[Look.ACCEPTED], Look.ACCEPTED


@register.inclusion_tag("components/round_table.html", takes_context=True)
def round_table(
    context: Context, seats: Iterable[object], size: str = "card", title: str = "", legend: bool | None = None
) -> dict[str, object]:
    """The drawing. ``mini`` is a sign without words beside text that says the same; the larger sizes have numbers and a legend."""
    if size not in SIZES:
        raise template.TemplateSyntaxError(f"round_table knows the sizes {', '.join(sorted(SIZES))}, not {size!r}.")
    read = read_seats(seats)
    figure, figure_look = _figure(read)
    present = {seat.look for seat in read}
    return {
        "id": _next_id(context),
        "size": size,
        "title": title or gettext("The panel around the table"),
        "summary": summary(read),
        "drawing": draw(read),
        "total": len(read),
        "figure": figure,
        "figure_look": figure_look,
        "figure_word": npgettext("seats", "present", "present", figure)
        if figure_look is Look.PRESENT
        else npgettext("seats", "accepted", "accepted", figure),
        "complete": bool(read) and figure == len(read),
        "show_numbers": size in {"card", "full", "projector"},
        "legend": [(look, WORDS[look]) for look in Look if look in present]
        if (legend if legend is not None else size in {"full", "projector"})
        else [],
    }


@register.inclusion_tag("components/round_table_list.html")
def round_table_list(seats: Iterable[object], open: bool = False) -> dict[str, object]:  # noqa: A002 - the word of HTML
    """The same as a list, folded unless ``open``."""
    return {"seats": read_seats(seats), "open": open}
