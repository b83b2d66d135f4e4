"""Announce a prepared draw, after a page that says what freezes; withdraw the announcement, with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from conference.words import moment
from panels import access
from panels.domain import draws
from panels.enums import Choosing, DrawState, Standing
from panels.forms.draw import AnnounceForm, WithdrawForm
from panels.models import Draw, Volunteer
from panels.publication import ShownDraw


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The form, then the same page with what was typed and what will freeze, then the announcement."""
    conference = conference_for(request, slug, Capability.MANAGE)
    found = access.draw_of(conference, number)
    if found.state != DrawState.PREPARED or draws.changes_since(found):
        return redirect("panels_desk:draw", conference.slug)  # which says where it stands, and what changed
    form = AnnounceForm(request.POST if request.method == "POST" else None, conference=conference)
    if form.is_valid() and "confirm" in request.POST:
        return _commit(request, found, form)
    context = {
        "draw": found,
        "shown": ShownDraw(found, conference),
        "form": form,
        "pool": len(found.pseudonyms),
        "waiting": Volunteer.objects.filter(conference=conference, standing=Standing.REVIEW).count(),
        **(_asked(conference, form) if form.is_valid() and "edit" not in request.POST else {}),
    }
    status = 422 if form.errors else 200
    return render_desk(request, "panels/draw_announce.html", conference, context, current="draw", status=status)


def _asked(conference: Conference, form: AnnounceForm) -> dict[str, object]:
    typed = form.cleaned_data
    return {
        "asked": typed,
        "when": moment(conference, typed["reveal_at"]),
        "choosing": Choosing(typed["choosing"]).label,
        "by_program": typed["choosing"] == Choosing.PROGRAM,
    }


def _commit(request: HttpRequest, found: Draw, form: AnnounceForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        draws.commit_draw(
            draw=found,
            actor=signed_in(request),
            choosing=typed["choosing"],
            reveal_at=typed["reveal_at"],
            place=typed["reveal_place"],
            note=typed["choosing_note"],
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The draw is announced: its fingerprint is on the public page."))
    return redirect("panels_desk:draw", found.conference.slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    found = access.draw_of(conference, number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _withdraw(request, found, form.cleaned_data["reason"])
    if found.state != DrawState.COMMITTED:
        return redirect("panels_desk:draw", conference.slug)
    context = {"draw": found, "shown": ShownDraw(found, conference), "form": form}
    status = 422 if form.errors else 200
    return render_desk(request, "panels/draw_withdraw.html", conference, context, current="draw", status=status)


def _withdraw(request: HttpRequest, found: Draw, reason: str) -> HttpResponse:
    try:
        draws.withdraw_draw(draw=found, actor=signed_in(request), reason=reason)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The announcement is withdrawn. It stays visible, with your reason."))
    return redirect("panels_desk:draw", found.conference.slug)
