"""The draw in the cockpit: whether it can be made, how far it is, what it gave."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from conference.words import moment
from panels import access
from panels.domain import draws
from panels.domain.seats import panel_state
from panels.enums import DrawState, Place
from panels.explanation import explain
from panels.figures import Bar, QuotaFeature, chance_bars, quota_groups
from panels.forms.panel import DrawForm
from panels.lottery import Phase
from panels.models import Criterion, Draw, DrawEntry, Invitation
from panels.overview import overview

LIVE = (DrawState.WAITING, DrawState.RUNNING)
NOTES: dict[str, str | Promise] = {
    Phase.CHECKING: gettext_lazy("The quotas are being checked."),
    Phase.BALANCING: gettext_lazy("The fairest chances are being computed."),
    Phase.COMPOSING: gettext_lazy("Panels that meet every quota are being composed."),
    Phase.TICKETS: gettext_lazy("The tickets are being written."),
    Phase.ALTERNATES: gettext_lazy("The alternates are being chosen."),
}
CLOSED_WITHOUT_RESULT = (DrawState.INFEASIBLE, DrawState.FAILED)


@dataclass(frozen=True)
class Figures:
    """What a finished draw shows."""

    features: list[QuotaFeature]
    bars: list[Bar]
    least: float
    most: float
    bound: float  # what no lottery can exceed for the least favoured
    pool: int
    panel: list[DrawEntry]
    alternates: list[DrawEntry]
    finished: str


@login_required
@never_cache
@require_safe
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = list(Draw.objects.filter(conference=conference).defer("problem").select_related("requested_by"))
    current = found[0] if found else None
    if current and current.state in LIVE:
        return render_desk(request, "panels/draw_running.html", conference, _progress(current), current="draw")
    earlier = [(old, _when(conference, old)) for old in found if old.state != DrawState.DONE]
    if current and current.state == DrawState.DONE:
        context = {
            "draw": current,
            "figures": _figures(conference, current),
            "earlier": earlier,
            "may_draw_again": not _is_used(current),
        }
        return render_desk(request, "panels/draw_done.html", conference, context, current="draw")
    readiness = draws.feasibility_for(conference)
    labels, _shares = _names_of_today(conference, get_language() or conference.language)
    context = {
        "readiness": readiness,
        "earlier": earlier,
        "next": None if readiness.feasibility else overview(conference, panel_state(conference)).act,
        "explanation": explain(readiness.feasibility, labels) if readiness.feasibility else None,
        "failed": current if current and current.state in CLOSED_WITHOUT_RESULT else None,
    }
    return render_desk(request, "panels/draw_before.html", conference, context, current="draw")


def _is_used(made: Draw) -> bool:
    """Whether invitations have been made from it: then no other draw can take its place."""
    return Invitation.objects.filter(seat__draw=made).exists()


def _progress(running: Draw) -> dict[str, object]:
    return {"draw": running, "live": running.state in LIVE, "note": _note(running)}


def _note(running: Draw) -> str:
    """What is being done, in words."""
    if running.state == DrawState.WAITING:
        return _("The draw waits for a free worker.")
    return str(NOTES.get(running.progress_note, _("The draw is being computed.")))


def _when(conference: Conference, made: Draw) -> str:
    return moment(conference, made.finished_at or made.requested_at)


def _figures(conference: Conference, made: Draw) -> Figures:
    """Read from the record of the draw, not from the criteria of today: those may have changed since."""
    entries = list(
        DrawEntry.objects.filter(draw=made).select_related("volunteer__identity").order_by("volunteer__reference")
    )
    panel = [entry for entry in entries if entry.place == Place.PANEL]
    alternates = sorted((entry for entry in entries if entry.place == Place.ALTERNATE), key=lambda entry: entry.rank)
    chances = [entry.probability for entry in entries]
    labels, shares = _names_of_today(conference, get_language() or conference.language)
    return Figures(
        features=quota_groups(
            made.problem, {entry.volunteer.reference for entry in panel}, labels=labels, shares=shares
        ),
        bars=chance_bars(chances),
        least=min(chances, default=0.0) * 100,
        most=max(chances, default=0.0) * 100,
        bound=float(made.result.get("upper_bound") or 0.0) * 100,
        pool=len(entries),
        panel=panel,
        alternates=alternates,
        finished=_when(conference, made),
    )


def _names_of_today(
    conference: Conference, language: str
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], float]]:
    labels: dict[tuple[str, str], str] = {}
    shares: dict[tuple[str, str], float] = {}
    for criterion in Criterion.objects.filter(conference=conference).prefetch_related("values"):
        labels[criterion.name, ""] = criterion.label(language)
        for value in criterion.values.all():
            labels[criterion.name, value.name] = value.label(language)
            if value.population_share is not None:
                shares[criterion.name, value.name] = float(value.population_share) / 100
    return labels, shares


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that asks once more, and the button that draws."""
    conference = conference_for(request, slug, Capability.MANAGE)
    before = Draw.objects.filter(conference=conference, state=DrawState.DONE).defer("problem").first()
    form = DrawForm(request.POST if request.method == "POST" else None, before=before)
    if form.is_valid():
        return _request(request, conference, form.cleaned_data.get("reason", ""))
    readiness = draws.feasibility_for(conference)
    if not readiness.ready or (before and _is_used(before)):
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
@never_cache
@require_safe
def progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The fragment by which the page follows a draw while it runs."""
    conference = conference_for(request, slug, Capability.VIEW)
    return render(request, "panels/_draw_progress.html", _progress(access.draw_of(conference, number)))


@login_required
@require_POST
def stop(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    try:
        draws.cancel_draw(draw=access.draw_of(conference, number), actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The draw was stopped. Nothing was kept of it."))
    return redirect("panels_desk:draw", conference.slug)
