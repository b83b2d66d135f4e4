"""The balance of views as a drawing: one bar for each side, as long as it speaks."""

from typing import Any

from django import template

from experts.rules import Balance

register = template.Library()
WIDTH = 320  # of the longest bar, in the drawing's own units


@register.inclusion_tag("experts/_balance_chart.html")
def balance_chart(balance: Balance) -> dict[str, Any]:
    longest = max((side.minutes for side in balance.sides), default=0)
    return {
        "bars": [
            {"side": side, "width": round(WIDTH * side.minutes / longest) if longest else 0, "y": 26 + index * 56}
            for index, side in enumerate(balance.sides)
        ],
        "has_minutes": bool(longest),
    }
