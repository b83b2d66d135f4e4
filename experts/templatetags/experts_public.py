"""What this room puts on other rooms' pages: experts and the balance of views, in public and on the desk."""

from typing import Any

from django import template
from django.db.models import Prefetch

from conference.models import Conference, Session
from experts.domain.committee import committee_of
from experts.domain.programme import balance_of
from experts.enums import ExpertState
from experts.models import Contribution, Expert, Stance

register = template.Library()


@register.inclusion_tag("experts/public/experts.html")
def public_experts(conference: Conference) -> dict[str, Any]:
    """Those who have accepted, with their positions and interests. Four queries, and one for the scale."""
    stances = Prefetch("stances", Stance.objects.select_related("question").order_by("question__number"))
    experts = list(Expert.objects.filter(conference=conference).public().with_programme().prefetch_related(stances))
    return {
        "conference": conference,
        "experts": experts,
        "has_committee": bool(committee_of(conference)) if experts else False,
    }


@register.inclusion_tag("experts/public/session.html")
def session_experts(session: Session) -> dict[str, Any]:
    """Who speaks in a session, in order."""
    parts = Contribution.objects.filter(session=session, expert__state=ExpertState.ACCEPTED).select_related(
        "expert", "session"
    )
    return {
        "parts": list(parts.order_by("starts_at", "id")),
        "session": session,
        "conference": session.conference,
    }


@register.inclusion_tag("experts/desk/_summary.html")
def experts_summary(conference: Conference) -> dict[str, Any]:
    """One line for the overview: how many have accepted, how many are waited for, which view is missing."""
    states = list(Expert.objects.filter(conference=conference).values_list("state", flat=True))
    return {
        "conference": conference,
        "listed": len(states),
        "accepted": states.count(ExpertState.ACCEPTED),
        "waiting": states.count(ExpertState.INVITED),
        "balance": balance_of(conference),
    }
