"""The pages that an expert reaches through their personal link. No account; nothing here changes by GET or HEAD.

The link is checked once and leaves the address at once: from /e/<token>/ one is sent on to /briefing/, where nothing
in the address gives the page away.
"""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.domain.errors import DomainError
from conference.links import read_token
from conference.models import Conference
from conference.views.desk_documents import file_response
from experts.access import document_for, enter, expert_of_token, may_manage
from experts.access import leave as forget
from experts.domain import experts as life
from experts.domain.letters import SCOPE
from experts.enums import CONCERNED, ExpertState
from experts.forms import ExpertAnswerForm, NewLinkForm
from experts.link_pages import Todo, todos
from experts.models import Expert
from experts.views.link_expected import briefing_items
from experts.views.link_frame import for_expert, link_page, no_link, render_link, speak
from experts.views.link_programme import programme_items
from experts.words import citizens_sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail leads. Lets the browser in and sends it on to an address without the token."""
    expert = expert_of_token(token)
    if expert is None:
        return no_link(request, _conference_of_dead_link(token))
    speak(request, expert)
    if request.user.is_authenticated and request.method != "POST":
        # A colleague who tries the link is told what it is before they stand in somebody else's place.
        context = {"expert": expert, "is_colleague": may_manage(request, expert.conference)}
        return link_page(request, "signed_in.html", expert.conference, context)
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
        return link_page(
            request, "no_link.html", None, {"form": form, "contact": ""}, status=422 if form.errors else 200
        )
    life.send_link_again(email=form.cleaned_data["email"])
    return link_page(request, "link_asked.html", None, {})


# -- Inside ------------------------------------------------------------------------------------------------------------
@require_safe
@for_expert
def briefing(request: HttpRequest, expert: Expert) -> HttpResponse:
    """Before the answer: everything that one decides by. After it: what comes next, and when they speak."""
    conference, language = expert.conference, translation.get_language() or "fr"
    concerned = expert.state in CONCERNED
    context = {
        "concerned": concerned,
        "answer_form": ExpertAnswerForm(initial={"note": expert.answer_note}),
        "todos": _next_steps(expert),
        "citizens": citizens_sentence(conference, language),
        "programme": programme_items(expert),
        "briefings": briefing_items(expert) if expert.state == ExpertState.INVITED else [],
    }
    return render_link(request, "experts/link/briefing.html", expert, context, current="answer")


def _next_steps(expert: Expert) -> list[Todo]:
    return todos(expert) if expert.state == ExpertState.ACCEPTED else []


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on a shared computer; the link opens it again."""
    if request.method == "POST":
        forget(request)
        return redirect("experts:leave")
    return link_page(request, "left.html", None, {})


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


@require_safe
@for_expert
def document(request: HttpRequest, expert: Expert, document_uuid: uuid.UUID) -> HttpResponseBase:
    return file_response(document_for(expert, document_uuid))
