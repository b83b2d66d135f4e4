"""The questions put to an expert, on their own pages: drafts, and the answer handed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.domain.errors import DomainError
from conference.words import moment
from experts.domain import questions as domain
from experts.enums import CONCERNED
from experts.forms.questions import AnswerForm
from experts.markdown import to_html
from experts.models import Ask, Expert
from experts.views.link_frame import for_expert, no_link, render_link


@require_safe
@for_expert
def questions(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state not in CONCERNED:
        return no_link(request, expert.conference)
    state = domain.state_of(expert.conference)
    asks = list(
        Ask.objects.filter(expert=expert).exclude(asked_at=None).select_related("question").order_by("question__number")
    )
    context = {
        "asks": asks,
        "left": sum(ask.answered_at is None for ask in asks),
        "due": moment(expert.conference, state.answers_due_at) if state.answers_due_at else "",
        "is_published": state.answers_published_at is not None,
    }
    return render_link(request, "experts/questions/link_questions.html", expert, context, current="questions")


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def answer(request: HttpRequest, expert: Expert, pk: int) -> HttpResponse:
    if expert.state not in CONCERNED:
        return no_link(request, expert.conference)
    asks = Ask.objects.select_related("question").exclude(asked_at=None)
    ask = get_object_or_404(asks, pk=pk, expert=expert)
    state = domain.state_of(expert.conference)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"text": ask.draft})
    if request.method == "POST" and "X-Fragment" in request.headers:
        return _saved_meanwhile(expert, ask, form)
    if form.is_bound and form.is_valid() and _act(request, expert, ask, form):
        return redirect("experts_questions:questions" if "hand_in" in request.POST else request.path)
    context = {
        "ask": ask,
        "form": form,
        "html": to_html(ask.answer) if ask.answer else "",
        "due": moment(expert.conference, state.answers_due_at) if state.answers_due_at else "",
        "is_published": state.answers_published_at is not None,
        "saved": moment(expert.conference, ask.draft_saved_at) if ask.draft and ask.draft_saved_at else "",
    }
    status = 422 if form.errors else 200
    return render_link(
        request, "experts/questions/link_answer.html", expert, context, current="questions", status=status
    )


def _saved_meanwhile(expert: Expert, ask: Ask, form: AnswerForm) -> HttpResponse:
    """The script saves while somebody writes: a line of text says whether it is kept."""
    try:
        if not form.is_valid():
            raise DomainError(" ".join(str(error) for error in form.errors["text"]))
        kept = domain.save_draft(ask_id=ask.pk, expert=expert, text=form.cleaned_data["text"])
    except DomainError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    saved = moment(expert.conference, kept.draft_saved_at) if kept.draft_saved_at else ""
    return HttpResponse(_("Draft saved on %(saved)s.") % {"saved": saved}, content_type="text/plain; charset=utf-8")


def _act(request: HttpRequest, expert: Expert, ask: Ask, form: AnswerForm) -> bool:
    text = form.cleaned_data["text"]
    try:
        if "take_back" in request.POST:
            domain.take_back(ask_id=ask.pk, expert=expert)
            messages.success(request, _("Your answer is a draft again. Hand it in when you are done."))
        elif "hand_in" in request.POST:
            domain.hand_in(ask_id=ask.pk, expert=expert, text=text)
            messages.success(
                request, _("Thank you. Your answer is handed in; the citizens read it when all are published.")
            )
        else:
            domain.save_draft(ask_id=ask.pk, expert=expert, text=text)
            messages.success(request, _("Your draft is saved. Nobody else reads it."))
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True
