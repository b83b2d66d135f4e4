"""The pages that an expert reaches through their personal link. No account; nothing here changes by GET or HEAD.

The link is checked once and leaves the address at once: from /e/<token>/ one is sent on to /briefing/, where nothing
in the address gives the page away.
"""

import uuid
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, Concatenate

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.calendar import calendar_for
from conference.domain.errors import DomainError
from conference.links import read_token
from conference.models import Conference, Session
from conference.views.desk_documents import file_response
from experts.access import SESSION_KEY, document_for, enter, expert_behind, expert_of_token, may_manage
from experts.domain import briefings as writing
from experts.domain import experts as life
from experts.domain.letters import SCOPE, contact_of, programme_of, sessions_of
from experts.enums import CONCERNED, ExpertState
from experts.forms import DeclarationForm, ExpertAnswerForm, NewLinkForm
from experts.markdown import to_html
from experts.models import Briefing, BriefingRead, Contribution, Expert
from experts.words import citizens_sentence, speaks


def _speak(request: HttpRequest, expert: Expert) -> None:
    """The expert's language, unless they have chosen another one on the page."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(expert.language)
        request.LANGUAGE_CODE = expert.language


def _page(
    request: HttpRequest, template: str, conference: Conference | None, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    with timezone.override(conference.zone if conference else None):
        return render(request, f"experts/link/{template}", {"conference": conference, **context}, status=status)


def for_expert[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, Expert, P], R],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the expert behind this browser's session, or answer that the link is needed."""

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        expert = expert_behind(request)
        if expert is None:
            return _no_link(request)
        _speak(request, expert)
        return view(request, expert, *args, **kwargs)

    update_wrapper(inner, view)  # as a statement: its return type would lose the signature
    return never_cache(inner)


def _no_link(request: HttpRequest, conference: Conference | None = None) -> HttpResponse:
    """The same words for a link that is old, broken, forged or of somebody else."""
    context = {"form": NewLinkForm(), "contact": contact_of(conference) if conference else ""}
    return _page(request, "no_link.html", conference, context, status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail leads. Lets the browser in and sends it on to an address without the token."""
    expert = expert_of_token(token)
    if expert is None:
        return _no_link(request, _conference_of_dead_link(token))
    _speak(request, expert)
    if request.user.is_authenticated and request.method != "POST":
        # A colleague who tries the link is told what it is before they stand in somebody else's place.
        context = {"expert": expert, "is_colleague": may_manage(request, expert.conference)}
        return _page(request, "signed_in.html", expert.conference, context)
    enter(request, expert)
    return redirect("experts:briefing")


@sensitive_variables("token")
def _conference_of_dead_link(token: str) -> Conference | None:
    """Whom to turn to with a link that was genuine once."""
    read = read_token(SCOPE, token)
    expert = Expert.objects.select_related("conference").filter(uuid=read.uuid).first() if read else None
    return expert.conference if expert else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """ "Send me a new link", to the address on file. The answer is the same whether or not it is known."""
    form = NewLinkForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "no_link.html", None, {"form": form, "contact": ""}, status=422 if form.errors else 200)
    life.send_link_again(email=form.cleaned_data["email"])
    return _page(request, "link_asked.html", None, {})


# -- Inside ------------------------------------------------------------------------------------------------------------
@require_safe
@for_expert
def briefing(request: HttpRequest, expert: Expert) -> HttpResponse:
    return _briefing_page(request, expert)


def _briefing_page(
    request: HttpRequest, expert: Expert, *, declaration: DeclarationForm | None = None, status: int = 200
) -> HttpResponse:
    conference, language = expert.conference, translation.get_language() or "fr"
    if expert.state == ExpertState.ACCEPTED and declaration is None:
        declaration = DeclarationForm(initial=_declared(expert))
    context = {
        "expert": expert,
        "concerned": expert.state in CONCERNED,
        "answer_form": ExpertAnswerForm(initial={"note": expert.answer_note}),
        "declaration": declaration,
        "declared": bool(expert.position and expert.position_text),
        "citizens": citizens_sentence(conference, language),
        "contact": contact_of(conference),
        "programme": _programme(expert),
        "briefings": _briefings(expert),
    }
    return _page(request, "briefing.html", conference, context, status=status)


def _declared(expert: Expert) -> dict[str, str]:
    names = ("position", "position_text", "interests", "phone")
    return {name: getattr(expert, name) for name in names}


def _programme(expert: Expert) -> list[dict[str, Any]]:
    """Each part of the expert with its session, and who speaks before and after them in it. Two queries."""
    mine = programme_of(expert)
    together = Contribution.objects.filter(session__in={part.session_id for part in mine}, expert__state__in=CONCERNED)
    running = list(together.select_related("expert", "session").order_by("session_id", "starts_at", "id"))
    return [
        {"part": part, "session": part.session, "speaks": speaks(part), **_neighbours(part, running)} for part in mine
    ]


def _neighbours(part: Contribution, running: list[Contribution]) -> dict[str, Contribution | None]:
    """Only where the running order is fixed: without an hour nobody is before or after anybody."""
    order = [other for other in running if other.session_id == part.session_id and other.starts_at and other.hour_holds]
    places = [index for index, other in enumerate(order) if other.pk == part.pk]
    if not places:
        return {"before": None, "after": None}
    place = places[0]
    return {
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }


def _briefings(expert: Expert) -> list[dict[str, Any]]:
    """What they are to read: the newest version of each, its documents, and the last version ticked as read."""
    found = list(Briefing.objects.for_expert(expert).with_versions().prefetch_related("documents"))
    ticked = dict(
        BriefingRead.objects.filter(expert=expert, version__briefing__in=found)
        .order_by("version__number")
        .values_list("version__briefing_id", "version__number")
    )
    result = []
    for item in found:
        version = item.published[0]  # type: ignore[attr-defined]
        result.append(
            {
                "briefing": item,
                "version": version,
                "html": to_html(version.text),
                "documents": item.documents.all(),
                "read": ticked.get(item.pk),
                "is_read": ticked.get(item.pk) == version.number,
            }
        )
    return result


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on a shared computer; the link opens it again."""
    if request.method == "POST":
        request.session.pop(SESSION_KEY, None)
        return redirect("experts:leave")
    return _page(request, "left.html", None, {})


@require_POST
@for_expert
def answer(request: HttpRequest, expert: Expert) -> HttpResponse:
    """The button says which answer: accept or decline. Pressing it twice is pressing it once."""
    form = ExpertAnswerForm(request.POST)
    if not form.is_valid() or request.POST.get("answer") not in {"accept", "decline"}:
        messages.error(request, _("Please choose one of the two buttons."))
        return redirect("experts:briefing")
    try:
        life.answer(expert_id=expert.pk, accepts=request.POST["answer"] == "accept", note=form.cleaned_data["note"])
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("experts:briefing")


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def declare(request: HttpRequest, expert: Expert) -> HttpResponse:
    if request.method != "POST":  # whoever reloads the page of a form that was not complete, or changes its language
        return redirect("experts:briefing")
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _briefing_page(request, expert, declaration=form, status=422)
    try:
        life.declare(expert_id=expert.pk, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Thank you. Your declaration is noted."))
    return redirect("experts:briefing")


@require_POST
@for_expert
def mark_read(request: HttpRequest, expert: Expert, pk: int, number: int) -> HttpResponse:
    found = Briefing.objects.for_expert(expert).filter(pk=pk).first()
    version = found.versions.filter(number=number).exclude(published_at=None).first() if found else None
    if version is None:
        return _no_link(request)
    writing.mark_read(expert=expert, version=version)
    messages.success(request, _("Thank you: it is noted that you have read version %(number)s.") % {"number": number})
    return redirect("experts:briefing")


@require_safe
@for_expert
def calendar(request: HttpRequest, expert: Expert) -> HttpResponse:
    """The expert's sessions for their calendar, cancelled ones included so that these disappear from it."""
    parts = Contribution.objects.filter(expert=expert).select_related("session__conference")
    sessions: list[Session] = sessions_of(list(parts))
    content = calendar_for(expert.conference, sessions)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="sessions.ics"'},
    )


@require_safe
@for_expert
def document(request: HttpRequest, expert: Expert, document_uuid: uuid.UUID) -> HttpResponseBase:
    return file_response(document_for(expert, document_uuid))
