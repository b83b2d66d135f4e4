"""What all pages behind an expert's link share: who stands behind the browser, in which language, with which navigation."""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from conference.models import Conference
from experts.access import expert_behind
from experts.domain.letters import contact_of
from experts.forms import NewLinkForm
from experts.link_pages import navigation
from experts.models import Expert


def speak(request: HttpRequest, expert: Expert) -> None:
    """The expert's language, unless they have chosen another one on the page."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(expert.language)
        request.LANGUAGE_CODE = expert.language


def link_page(
    request: HttpRequest, template: str, conference: Conference | None, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the door: no navigation."""
    with timezone.override(conference.zone if conference else None):
        return render(request, f"experts/link/{template}", {"conference": conference, **context}, status=status)


def render_link(
    request: HttpRequest,
    template: str,
    expert: Expert,
    context: Mapping[str, Any] | None = None,
    *,
    current: str,
    status: int = 200,
) -> HttpResponse:
    """A page of the expert's own, with hours on the conference's clock. ``template`` extends experts/link/inside.html."""
    conference = expert.conference
    frame = {"conference": conference, "expert": expert, "link_nav": navigation(expert, current)}
    with timezone.override(conference.zone):
        return render(request, template, {**frame, **(context or {})}, status=status)


def for_expert[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, Expert, P], R],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the expert behind this browser's session, or answer that the link is needed."""

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        expert = expert_behind(request)
        if expert is None:
            return no_link(request)
        speak(request, expert)
        return view(request, expert, *args, **kwargs)

    update_wrapper(inner, view)  # as a statement: its return type would lose the signature
    return never_cache(inner)


def no_link(request: HttpRequest, conference: Conference | None = None) -> HttpResponse:
    """The same words for a link that is old, broken, forged or of somebody else."""
    context = {"form": NewLinkForm(), "contact": contact_of(conference) if conference else ""}
    return link_page(request, "no_link.html", conference, context, status=404)
