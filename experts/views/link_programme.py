"""When and where an expert speaks, who speaks before and after them, and when they can come."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.calendar import calendar_for
from conference.models import Session
from experts.domain import availability
from experts.domain.letters import programme_of, sessions_of
from experts.enums import CONCERNED
from experts.forms import AvailabilityForm
from experts.models import Availability, Contribution, Expert
from experts.views.link_frame import for_expert, no_link, render_link
from experts.words import speaks


def programme_items(expert: Expert) -> list[dict[str, Any]]:
    """Each part of the expert with its session, and who speaks before and after them in it. Two queries."""
    mine = programme_of(expert)
    together = Contribution.objects.filter(session__in={part.session_id for part in mine}, expert__state__in=CONCERNED)
    running = list(together.select_related("expert", "session", "item__room").order_by("session_id", "starts_at", "id"))
    places = {part.pk: part.item for part in running}
    return [
        {
            "part": part,
            "session": part.session,
            "item": places.get(part.pk),
            "speaks": speaks(part),
            **_neighbours(part, running),
        }
        for part in mine
    ]


def _neighbours(part: Contribution, running: list[Contribution]) -> dict[str, Any]:
    """Only where the running order is fixed: without an hour nobody is before or after anybody.

    Whoever shares the item speaks with them, neither before nor after; their own question time is no neighbour.
    """
    order = [other for other in running if other.session_id == part.session_id and other.starts_at and other.hour_holds]
    places = [index for index, other in enumerate(order) if other.pk == part.pk]
    if not places:
        return {"before": None, "after": None, "beside": []}
    place = places[0]
    shared = [other for other in order if part.item_id and other.item_id == part.item_id]
    apart = [
        other for other in order if other not in shared and not (part.item_id and other.expert_id == part.expert_id)
    ]
    before = [other for other in apart if order.index(other) < place]
    after = [other for other in apart if order.index(other) > place]
    return {
        "before": before[-1] if before else None,
        "after": after[0] if after else None,
        "beside": [other for other in shared if other.expert_id != part.expert_id],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def speaking(request: HttpRequest, expert: Expert) -> HttpResponse:
    """The programme above, the half-days to tick below."""
    if expert.state not in CONCERNED:
        return no_link(request, expert.conference)
    form = _form(request, expert)
    if request.method == "POST" and form.is_valid():
        if not form.ticked() and form.half_days:
            words = _("Tick one half-day at least. If none suits you, tell us under “My answer”.")
            form.add_error(None, words)
        else:
            availability.set_availability(expert_id=expert.pk, stretches=form.stretches(), actor=None)
            messages.success(request, _("Thank you. It is noted when you can come."))
            return redirect("experts:speaking")
    context = {
        "programme": programme_items(expert),
        "form": form,
        "has_said": Availability.objects.filter(expert=expert).exists(),
    }
    template = "experts/link/speaking.html"
    status = 422 if form.errors else 200
    return render_link(request, template, expert, context, current="speaking", status=status)


def _form(request: HttpRequest, expert: Expert) -> AvailabilityForm:
    return AvailabilityForm(
        request.POST if request.method == "POST" else None,
        conference=expert.conference,
        half_days=availability.half_days(expert.conference),
        stretches=Availability.objects.filter(expert=expert),
    )


@require_safe
@for_expert
def calendar(request: HttpRequest, expert: Expert) -> HttpResponse:
    """The expert's sessions for their calendar, cancelled ones included so that these disappear from it."""
    parts = Contribution.objects.filter(expert=expert).select_related("session__conference")
    sessions: list[Session] = sessions_of(list(parts))
    content = calendar_for(expert.conference, sessions)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="sessions.ics"'},
    )
