"""Where the draw stands: one page, whose words follow the state."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.desk import render_desk
from conference.enums import Capability
from conference.models import Conference
from conference.words import moment
from panels import access
from panels.domain import draws
from panels.domain.draws.making import COMPARING, LOOKING
from panels.domain.seats import panel_state
from panels.enums import DrawState, Place
from panels.explanation import explain, ways_in_words
from panels.figures import QuotaFeature, quota_groups
from panels.lottery import Phase, before
from panels.models import Draw, DrawEntry, Invitation
from panels.overview import overview
from panels.preparation import preparation_of
from panels.publication import (
    Chances,
    Comparison,
    NamesOfToday,
    ShownDraw,
    announcement_of,
    chances_of,
    comparison_of,
)

LIVE = (DrawState.WAITING, DrawState.RUNNING)
NOTES: dict[str, str | Promise] = {
    Phase.CHECKING: gettext_lazy("The quotas are being checked."),
    Phase.BALANCING: gettext_lazy("The fairest chances are being computed."),
    Phase.COMPOSING: gettext_lazy("Panels that meet every quota are being composed."),
    Phase.TICKETS: gettext_lazy("The tickets are being written."),
    LOOKING: gettext_lazy("What each quota costs is being looked at."),
    COMPARING: gettext_lazy("The usual way of drawing is being tried, to compare."),
}
CLOSED_WITHOUT_RESULT = (DrawState.INFEASIBLE, DrawState.FAILED)
HEAVY = ("problem", "pseudonyms", "outlook", "greedy", "explanation", "result", "secret", "seed")


@dataclass(frozen=True)
class Figures:
    """What a draw shows once its ticket is drawn."""

    features: list[QuotaFeature]
    chances: Chances
    comparison: Comparison | None
    pool: int
    panel: list[DrawEntry]
    alternates: list[DrawEntry] | None  # None while they are being computed


@dataclass(frozen=True)
class EarlierDraw:
    """A draw that is not in force, with its dates in words."""

    draw: Draw
    when: str
    announced: bool


@login_required
@never_cache
@require_safe
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = list(Draw.objects.filter(conference=conference).defer(*HEAVY).select_related("requested_by"))
    current = found[0] if found else None
    state = current.state if current else None
    if current and state in LIVE:
        return render_desk(request, "panels/draw_running.html", conference, _progress(current), current="draw")
    pages = {DrawState.PREPARED: _prepared, DrawState.COMMITTED: _committed, DrawState.DONE: _done}
    page = pages.get(DrawState(state)) if state else None
    context: dict[str, Any] = {"earlier": _earlier(conference, found[1:] if page else found)}
    if current and page:
        full = Draw.objects.select_related("requested_by", "committed_by", "revealed_by").get(pk=current.pk)
        full.conference = conference
        template, more = page(full, conference, get_language() or conference.language)
    else:
        template, more = _before(current, conference, get_language() or conference.language)
    return render_desk(request, template, conference, {**context, **more}, current="draw")


def _before(last: Draw | None, conference: Conference, language: str) -> tuple[str, dict[str, Any]]:
    readiness = draws.feasibility_for(conference)
    names = NamesOfToday(conference, language)
    frozen, _incomplete = draws.snapshot(conference)
    impossible = readiness.feasibility is not None and not readiness.feasibility.feasible
    ways = before.relaxations(draws.problem_from(frozen)) if impossible else ()
    return "panels/draw_before.html", {
        "readiness": readiness,
        "features": quota_groups(frozen, None, labels=names.labels, shares=names.shares),
        "next": None if readiness.feasibility else overview(conference, panel_state(conference)).act,
        "explanation": explain(readiness.feasibility, names.labels) if readiness.feasibility else None,
        "ways": ways_in_words(ways, names.labels),
        "failed": last if last and last.state in CLOSED_WITHOUT_RESULT else None,
    }


def _prepared(made: Draw, conference: Conference, language: str) -> tuple[str, dict[str, Any]]:
    return "panels/draw_prepared.html", {
        "draw": made,
        "finished": _when(conference, made),
        "preparation": preparation_of(made, conference, language),
    }


def _committed(made: Draw, conference: Conference, language: str) -> tuple[str, dict[str, Any]]:
    shown = ShownDraw(made, conference)
    return "panels/draw_committed.html", {
        "draw": made,
        "shown": shown,
        "announcement": announcement_of(shown, language),
        "due": made.reveal_at is not None and made.reveal_at <= timezone.now(),
    }


def _done(made: Draw, conference: Conference, language: str) -> tuple[str, dict[str, Any]]:
    shown = ShownDraw(made, conference)
    return "panels/draw_done.html", {
        "draw": made,
        "shown": shown,
        "drawn": shown.drawn or _when(conference, made),
        "figures": _figures(conference, made, language),
        "may_draw_again": not is_used(made),
    }


def is_used(made: Draw) -> bool:
    """Whether invitations have been made from it: then no other draw can take its place."""
    return Invitation.objects.filter(seat__draw=made).exists()


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The fragment by which the page follows a draw while it is prepared."""
    conference = conference_for(request, slug, Capability.VIEW)
    return render(request, "panels/_draw_progress.html", _progress(access.draw_of(conference, number)))


def _progress(running: Draw) -> dict[str, object]:
    return {"draw": running, "live": running.state in LIVE, "note": _note(running)}


def _note(running: Draw) -> str:
    """What is being done, in words."""
    if running.state == DrawState.WAITING:
        return _("The draw waits for a free worker.")
    return str(NOTES.get(running.progress_note, _("The draw is being prepared.")))


def _earlier(conference: Conference, others: list[Draw]) -> list[EarlierDraw]:
    return [EarlierDraw(old, _when(conference, old), old.committed_at is not None) for old in others]


def _when(conference: Conference, made: Draw) -> str:
    """When the latest thing happened to it."""
    return moment(conference, made.set_aside_at or made.revealed_at or made.finished_at or made.requested_at)


def _figures(conference: Conference, made: Draw, language: str) -> Figures:
    """Read from the record of the draw, not from the criteria of today: those may have changed since."""
    entries = DrawEntry.objects.filter(draw=made)
    places = list(
        entries.exclude(place=Place.NOT_DRAWN)
        .defer("tickets")
        .select_related("volunteer__identity")
        .order_by("rank", "pseudonym")
    )
    panel = [entry for entry in places if entry.place == Place.PANEL]
    alternates = [entry for entry in places if entry.place == Place.ALTERNATE]
    chances = list(entries.order_by().values_list("probability", flat=True))
    names = NamesOfToday(conference, language)
    awaited = made.ticket is not None and "alternates" not in made.result
    return Figures(
        features=quota_groups(
            made.problem, {entry.pseudonym for entry in panel}, labels=names.labels, shares=names.shares
        ),
        chances=chances_of(made, chances),
        comparison=comparison_of(made.greedy, chances),
        pool=len(chances),
        panel=panel,
        alternates=None if awaited else alternates,
    )
