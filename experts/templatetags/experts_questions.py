"""The citizens’ questions on the public page of the conference."""

from typing import Any

from django import template

from conference.models import Conference
from experts.domain.questions import state_of
from experts.models import KeyQuestion

register = template.Library()
SHOWN = 3


@register.inclusion_tag("experts/questions/public_summary.html")
def public_questions(conference: Conference) -> dict[str, Any]:
    """The first of them, and the way to all. Nothing as long as there is none."""
    found = list(KeyQuestion.objects.filter(conference=conference).order_by("number"))
    state = state_of(conference) if found else None
    return {
        "conference": conference,
        "questions": found[:SHOWN],
        "count": len(found),
        "is_frozen": state is not None and state.frozen_at is not None,
        "is_answered": state is not None and state.answers_published_at is not None,
    }
