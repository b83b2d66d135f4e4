"""The table as it fills at a roll call."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from conference import words
from conference.templatetags.table import draw, read_seats
from panels import allowance_words
from panels.models import Rate
from panels.roll_rows import Row

register = template.Library()


@register.inclusion_tag("components/round_table.html")
def roll_table(rows: Sequence[Row]) -> dict[str, Any]:
    """The drawing with the words of a roll call. One seat stands for each person on the roll."""
    seats = read_seats(rows)
    here = sum(row.presence.is_here for row in rows)
    return {
        "id": "roll-table",
        "size": "card",
        "title": _("Who is present"),
        "summary": _("%(here)s present of %(all)s.") % {"here": here, "all": len(rows)},
        "drawing": draw(seats),
        "total": len(rows),
        "figure": here,
        "figure_word": npgettext("seats", "present", "present", here),
        "complete": bool(rows) and here == len(rows),
        "show_numbers": True,
        "legend": [],
    }


@register.filter
def money(amount: Decimal) -> str:
    return allowance_words.money(amount)


@register.filter
def rate_words(rate: Rate) -> str:
    """ "12,57 € each; at most 100,00 €"."""
    parts = []
    if rate.amount is not None:
        parts.append(_("%(amount)s each") % {"amount": allowance_words.unit_price(str(rate.amount))})
    if rate.by_receipt:
        parts.append(_("never more than the receipt"))
    if rate.cap is not None:
        parts.append(_("at most %(amount)s") % {"amount": allowance_words.money(rate.cap)})
    return ", ".join(parts)


@register.filter
def clock(at: time) -> str:
    return words.clock(at)
