"""Have the lottery computed, or stop it. Nothing becomes public by this."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from panels import access
from panels.domain import draws
from panels.enums import DrawState
from panels.forms.draw import DrawForm
from panels.models import Draw
from panels.views.draw.state import is_used


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Prepare a draw. A page of its own is needed only to replace a draw whose ticket was drawn: it asks why."""
    conference = conference_for(request, slug, Capability.MANAGE)
    before = Draw.objects.filter(conference=conference, state=DrawState.DONE).light().first()
    form = DrawForm(request.POST if request.method == "POST" else None, before=before)
    if form.is_valid():
        return _request(request, conference, form.cleaned_data.get("reason", ""))
    if before is None or is_used(before):
        return redirect("panels_desk:draw", conference.slug)
    readiness = draws.feasibility_for(conference)
    if not readiness.ready:
        return redirect("panels_desk:draw", conference.slug)
    context = {"form": form, "before": before, "readiness": readiness}
    return render_desk(
        request, "panels/draw_start.html", conference, context, current="draw", status=422 if form.errors else 200
    )


def _request(request: HttpRequest, conference: Conference, reason: str) -> HttpResponse:
    try:
        draws.prepare_draw(conference=conference, actor=signed_in(request), reason=reason)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("panels_desk:draw", conference.slug)


@login_required
@require_POST
def stop(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Stop the computing, or discard what was prepared."""
    conference = conference_for(request, slug, Capability.MANAGE)
    found = access.draw_of(conference, number)
    try:
        draws.cancel_draw(draw=found, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        prepared = found.state == DrawState.PREPARED
        told = _("The prepared draw was discarded.") if prepared else _("The draw was stopped.")
        messages.success(request, told + " " + _("Nothing was kept of it."))
    return redirect("panels_desk:draw", conference.slug)
