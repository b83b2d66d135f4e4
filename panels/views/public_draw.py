"""What everybody may see of the draws of a conference: the announcement, the result, the tickets, the bundle."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from conference.access import public_conference
from panels import access
from panels.models import DrawBundle
from panels.publication import ShownDraw, announcement_of, outcome_of
from panels.ticket_list import search, tickets_a_page
from panels.ticket_list import tickets as tickets_of

A_YEAR = 365 * 24 * 3600


@require_safe
def draw(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The latest draw that was announced, or the one asked for, with all the others below."""
    conference = public_conference(slug)
    found = [ShownDraw(draw, conference) for draw in access.published_draws(conference)]
    asked = [shown for shown in found if number in {None, shown.draw.number}]
    if number is not None and not asked:
        raise Http404
    shown = asked[0] if asked else None
    context = {
        "conference": conference,
        "shown": shown,
        "latest": number is None or shown == found[0],
        "others": [other for other in found if other is not shown],
        **(_parts(shown) if shown and not shown.before_fingerprints else {}),
    }
    return render(request, "panels/public_draw.html", context)


def _parts(shown: ShownDraw) -> dict[str, object]:
    language = get_language() or shown.conference.language
    if shown.sealed:
        return {"announcement": announcement_of(shown, language)}
    return {"outcome": outcome_of(shown, language)}


@require_safe
def tickets(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The list of tickets, once one of them was drawn."""
    conference, found = access.published_draw(slug, number)
    shown = ShownDraw(found, conference)
    if shown.sealed:
        return render(request, "panels/public_tickets.html", {"conference": conference, "shown": shown})
    asked = search(found, request.GET.get("q", ""))
    numbers = asked.numbers if asked.asked else range(found.tickets)
    seats = len(found.result["panel"])
    page = Paginator(numbers, tickets_a_page(seats)).get_page(request.GET.get("page"))
    context = {
        "conference": conference,
        "shown": shown,
        "search": asked,
        "page": page,
        "query": urlencode({"q": asked.asked}) if asked.asked else "",
        "tickets": tickets_of(found, page.object_list),
    }
    return render(request, "panels/public_tickets.html", context)


def _fingerprint(request: HttpRequest, slug: str, number: int) -> str | None:
    """The bundle's ETag: what is hashed cannot change under it."""
    _conference, found = access.published_draw(slug, number)
    return None if found.ticket is None else f'"{found.fingerprint}"'


@require_safe
@condition(etag_func=_fingerprint)
def bundle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The bundle, byte for byte as it was hashed, once the ticket was drawn."""
    conference, found = access.published_draw(slug, number)
    shown = ShownDraw(found, conference)
    if shown.sealed:
        return render(request, "panels/public_tickets.html", {"conference": conference, "shown": shown}, status=404)
    kept = get_object_or_404(DrawBundle, draw=found)
    response = HttpResponse(bytes(kept.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{shown.bundle_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
