"""What the cockpit's overview shows of the panel."""

from typing import Any

from django import template

from conference.models import Conference
from panels.domain.seats import panel_state
from panels.overview import overview

register = template.Library()


@register.inclusion_tag("panels/_panel_overview.html", takes_context=True)
def panel_overview(context: dict[str, Any], conference: Conference, may_view_people: bool) -> dict[str, Any]:
    """The sentence, the next act (for those who may do it) and the small round table."""
    state = panel_state(conference)
    return {
        "conference": conference,
        "state": state,
        "overview": overview(conference, state),
        "may_view_people": may_view_people,
        "may_manage": context.get("may_manage", False),
    }
