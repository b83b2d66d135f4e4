"""The page for the room: the announcement, the digits, and then the panel under pseudonyms. Nobody's name stands on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from panels import access
from panels.domain import draws
from panels.enums import DrawState
from panels.figures import quota_groups
from panels.forms.draw import TicketForm, WitnessForm
from panels.models import Draw
from panels.publication import NamesOfToday, ShownDraw


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Typed digits come back large, by GET, to be compared with those that were drawn; the ticket is drawn by POST."""
    capability = Capability.MANAGE if request.method == "POST" else Capability.VIEW
    conference = conference_for(request, slug, capability)
    found = access.draw_of(conference, number)
    shown = ShownDraw(found, conference)
    if found.state == DrawState.DONE and found.ticket is not None and request.method != "POST":
        return _page(request, shown, _outcome(shown))
    if found.state not in {DrawState.COMMITTED, DrawState.DONE}:
        return redirect("panels_desk:draw", conference.slug)
    return _post(request, shown) if request.method == "POST" else _page(request, shown, _asked(request, shown))


def _asked(request: HttpRequest, shown: ShownDraw) -> dict[str, Any]:
    """The digits typed, if they are a ticket; otherwise what is wrong with them."""
    may_manage = request.membership.may(Capability.MANAGE)  # type: ignore[attr-defined]
    typable = _is_due(shown.draw) and not shown.by_program
    if "ticket" not in request.GET or not typable or not may_manage:
        return {"witness_form": WitnessForm()}
    typed = TicketForm(request.GET, draw=shown.draw)
    asked = f"{typed.cleaned_data['ticket']:0{shown.draw.digits}d}" if typed.is_valid() else ""
    return {"typed": typed, "asked": asked, "witness_form": WitnessForm()}


def _post(request: HttpRequest, shown: ShownDraw) -> HttpResponse:
    typed, witness_form = TicketForm(request.POST, draw=shown.draw), WitnessForm(request.POST)
    right = shown.by_program or typed.is_valid()
    if not (right and witness_form.is_valid()):
        asked = "" if shown.by_program or not right else f"{typed.cleaned_data['ticket']:0{shown.draw.digits}d}"
        return _page(request, shown, {"typed": typed, "asked": asked, "witness_form": witness_form}, status=422)
    ticket = None if shown.by_program else typed.cleaned_data["ticket"]
    return _draw(request, shown.draw, ticket, witness_form.cleaned_data["witnesses"])


def _draw(request: HttpRequest, found: Draw, ticket: int | None, witnesses: str) -> HttpResponseRedirect:
    try:
        draws.reveal_draw(draw=found, actor=signed_in(request), ticket=ticket, witnesses=witnesses)
    except DomainError as error:
        found.refresh_from_db(fields=["ticket"])
        if found.ticket is None or ticket not in {None, found.ticket}:  # a second click on the same is harmless
            messages.error(request, error.message)
    return redirect("panels_desk:draw_reveal", found.conference.slug, found.number)


def _is_due(found: Draw) -> bool:
    return found.reveal_at is not None and found.reveal_at <= timezone.now()


def _outcome(shown: ShownDraw) -> dict[str, Any]:
    names = NamesOfToday(shown.conference, get_language() or shown.conference.language)
    panel = sorted(shown.draw.result["panel"])
    features = quota_groups(shown.draw.problem, set(panel), labels=names.labels, shares={}, show_pool=False)
    return {"panel": panel, "features": features, **_alternates(shown.draw)}


def _alternates(found: Draw) -> dict[str, Any]:
    """None while they are being computed."""
    known = found.result.get("alternates")
    return {"draw": found, "alternates": known, "awaited": known is None}


def _page(request: HttpRequest, shown: ShownDraw, context: dict[str, Any], status: int = 200) -> HttpResponse:
    facts = {
        "draw": shown.draw,
        "shown": shown,
        "pool": len(shown.draw.pseudonyms),
        "due": _is_due(shown.draw),
        "title": _title(shown, context),
    }
    return render_desk(
        request, "panels/draw_reveal.html", shown.conference, {**facts, **context}, current="draw", status=status
    )


def _title(shown: ShownDraw, context: dict[str, Any]) -> str:
    if shown.draw.ticket is not None:
        return _("Ticket %(ticket)s") % {"ticket": shown.draw.ticket_name}
    return _("Is that what was drawn?") if context.get("asked") else _("The draw")


@login_required
@never_cache
@require_safe
def alternates(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The fragment by which the page waits for the alternates."""
    conference = conference_for(request, slug, Capability.VIEW)
    return render(request, "panels/_draw_alternates.html", _alternates(access.draw_of(conference, number)))
