"""The page of the running order."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.desk import render_desk
from conference.enums import Capability, ItemKind
from conference.models import ProgrammeVersion
from conference.programme import RunningOrder, conflicts_of
from experts.views.running_order.sheet import days_of
from experts.views.running_order.undo import what_can_be_undone


@login_required
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    order = RunningOrder(conference)
    found = conflicts_of(order)
    context = {
        "days": days_of(order, found),
        "conflicts": [one for one in found if not one.is_mild],
        "items": len(order.items),
        "kinds": ItemKind.choices,
        "undo": what_can_be_undone(request, conference),
        "latest": ProgrammeVersion.objects.latest_of(conference),
    }
    return render_desk(request, "conference/programme/programme.html", conference, context, current="programme")
