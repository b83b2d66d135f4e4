"""What everybody may see of the draws of a conference: the announcement, the result, the tickets, the bundle."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference.access import public_conference
from panels.models import Draw


@require_safe
def draw(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The latest draw that was announced, or the one asked for, with all the others below."""
    conference = public_conference(slug)
    found = Draw.objects.light().public().filter(conference=conference)
    return render(request, "panels/public_draw.html", {"conference": conference, "draws": found})


@require_safe
def tickets(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise Http404


@require_safe
def bundle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise Http404
