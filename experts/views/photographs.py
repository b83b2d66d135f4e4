"""Portraits, served by a view to those who may see them."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from conference.enums import Capability
from experts.access import expert_for, public_expert
from experts.models import Expert


def picture(expert: Expert) -> HttpResponse:
    if not expert.photograph:
        raise Http404
    with expert.photograph.open("rb") as file:  # some 50 kB: see experts.photographs
        response = HttpResponse(file.read(), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response.setdefault("Cache-Control", "private, no-cache")
    return response


@login_required
@require_safe
def desk(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return picture(expert_for(request, slug, pk, Capability.VIEW))


@require_safe
@cache_control(public=True, max_age=3600)
def public(request: HttpRequest, slug: str, expert_uuid: uuid.UUID) -> HttpResponse:
    """Of those who have accepted, on a page that everybody sees. An hour later a new picture is seen everywhere."""
    response = picture(public_expert(slug, expert_uuid))
    del response["Cache-Control"]
    return response
