"""How plain a text is: the margin of an editor asks here while somebody writes, and without script a page shows the same.

Nothing is kept. GET gives the page with an empty field.
"""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.access import conference_for
from conference.desk import render_desk
from conference.enums import Capability
from conference.models import Conference
from conference.models.conference import LANGUAGE_CHOICES
from conference.plain import LANGUAGES
from conference.plain.glossaries import Glossary, glossary_of
from conference.plain_pages import LONGEST_TEXT, shown

FRAGMENT = "X-Fragment"


class Answer(NamedTuple):
    context: dict[str, Any]
    status: int


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    glossary = glossary_of(conference)
    if not request.membership.may(Capability.MANAGE):  # type: ignore[attr-defined]
        glossary = Glossary(glossary.terms)  # no link to a closed door
    answer = answer_for(request, conference, glossary)
    if is_fragment(request):
        return fragment(request, answer)
    return render_desk(
        request, "conference/desk/plain.html", conference, answer.context, current="", status=answer.status
    )


def is_fragment(request: HttpRequest) -> bool:
    return request.method == "POST" and FRAGMENT in request.headers


def fragment(request: HttpRequest, answer: Answer) -> HttpResponse:
    return render(request, "components/plain_reading.html", answer.context, status=answer.status)


def answer_for(request: HttpRequest, conference: Conference, glossary: Glossary) -> Answer:
    """What was posted, read; the field that holds the text is named by ``plain_field``, as forms prefix theirs."""
    language = request.GET.get("language") or conference.language
    language = request.POST.get("plain_language", language)
    if language not in LANGUAGES:
        language = conference.language
    text = request.POST.get(request.POST.get("plain_field", "text"), "")
    frame = {"text": text, "text_language": language, "languages": LANGUAGE_CHOICES, "asked": request.method == "POST"}
    if len(text) > LONGEST_TEXT:
        return Answer({**frame, "too_long": LONGEST_TEXT}, 413)
    found = shown(text, language, glossary) if text.strip() else None
    return Answer({**frame, "shown": found}, 200)
