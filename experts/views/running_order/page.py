"""The page of the running order."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.desk import render_desk
from conference.enums import Capability, ItemKind
from conference.models import Conference, Item, ProgrammeVersion, Session
from conference.programme import conflicts_of, speakers_of
from experts.views.running_order.sheet import days_of


@login_required
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = conflicts_of(conference)
    items = _items(conference)
    sessions = list(Session.objects.filter(conference=conference).held().order_by("starts_at", "id"))
    context = {
        "days": days_of(conference, sessions, items, speakers_of(conference), found),
        "conflicts": [one for one in found if not one.is_mild],
        "items": sum(len(mine) for mine in items.values()),
        "kinds": ItemKind.choices,
        "latest": ProgrammeVersion.objects.latest_of(conference),
    }
    return render_desk(request, "conference/programme/programme.html", conference, context, current="programme")


def _items(conference: Conference) -> dict[int, list[Item]]:
    """By session, in order."""
    items = Item.objects.filter(session__conference=conference).select_related("room", "lead__user")
    found: dict[int, list[Item]] = {}
    for item in items.order_by("starts_at", "id"):
        found.setdefault(item.session_id, []).append(item)
    return found
