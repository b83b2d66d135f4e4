"""Key questions in the cockpit: the list, who answers what, and the matrix with the panel's verdicts."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from conference.views.acts import attempt, status_of, typed
from conference.words import moment
from experts.domain import questions as domain
from experts.enums import ExpertState
from experts.forms.questions import PutForm, QuestionForm, ReopenForm, SpokenForm, VerdictForm
from experts.markdown import to_html
from experts.matrix import GONE, matrix_of
from experts.matrix_file import csv_response, matrix_csv
from experts.models import Ask, Expert, KeyQuestion

_PAIR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")  # a question and an expert; "²" is a digit too, and no number


def _question_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> KeyQuestion:
    conference = conference_for(request, slug, capability)
    return get_object_or_404(KeyQuestion.objects.select_related("conference"), pk=pk, conference=conference)


def _ask_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Ask:
    conference = conference_for(request, slug, capability)
    asks = Ask.objects.select_related("question__conference", "expert", "contradicted_by", "spoken_item")
    return get_object_or_404(asks, pk=pk, question__conference=conference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with a new question below it."""
    posted = request.method == "POST"
    conference = conference_for(request, slug, Capability.FACILITATE if posted else Capability.VIEW)
    form = QuestionForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            domain.add_question(conference_id=conference.pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The question is added."))
            return redirect("questions:questions", slug)
    return _list_page(request, conference, form, PutForm(conference=conference, initial=_due(conference)))


def _due(conference: Conference) -> dict[str, Any]:
    return {"due_at": domain.state_of(conference).answers_due_at}


def _list_page(request: HttpRequest, conference: Conference, form: QuestionForm, put_form: PutForm) -> HttpResponse:
    state = domain.state_of(conference)
    asks = list(Ask.objects.filter(question__conference=conference).select_related("expert"))
    context = {
        "form": form,
        "put_form": put_form,
        "reopen_form": ReopenForm(),
        "state": state,
        "frozen": moment(conference, state.frozen_at) if state.frozen_at else "",
        "due": moment(conference, state.answers_due_at) if state.answers_due_at else "",
        "published": moment(conference, state.answers_published_at) if state.answers_published_at else "",
        "rows": [
            (question, [ask.expert for ask in asks if ask.question_id == question.pk])
            for question in KeyQuestion.objects.filter(conference=conference).order_by("number")
        ],
        "asks": len(asks),
        "unasked": sum(ask.asked_at is None for ask in asks),
        "open": sum(ask.asked_at is not None and ask.answered_at is None for ask in asks),
        "may_facilitate": request.membership.may(Capability.FACILITATE),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors or put_form.errors else 200
    return render_desk(
        request, "experts/questions/questions.html", conference, context, current="questions", status=status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    question = _question_for(request, slug, pk, Capability.FACILITATE)
    number = question.number
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if form.is_bound and form.is_valid():
        try:
            domain.change_question(question_id=pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("questions:questions", slug)
    context = {"form": form, "number": number}
    template = "experts/questions/question.html"
    return render_desk(request, template, question.conference, context, current="questions", status=status_of(form))


@login_required
@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    question = _question_for(request, slug, pk, Capability.FACILITATE)
    places = {"-1": -1, "1": 1}.get(request.POST.get("places", ""), 0)
    done = _("Question %(number)s has changed places.") % {"number": question.number}
    attempt(request, lambda: domain.move_question(question_id=pk, actor=signed_in(request), places=places), done)
    return redirect("questions:questions", slug)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _question_for(request, slug, pk, Capability.FACILITATE)
    attempt(
        request, lambda: domain.remove_question(question_id=pk, actor=signed_in(request)), _("The question is removed.")
    )
    return redirect("questions:questions", slug)


@login_required
@require_POST
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.FACILITATE)
    done = _("The questions are frozen: they can now be put to experts.")
    attempt(request, lambda: domain.freeze(conference_id=conference.pk, actor=signed_in(request)), done)
    return redirect("questions:questions", slug)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    reason = typed(request, "reason", 500)
    done = _("The questions are open again.")
    attempt(request, lambda: domain.reopen(conference_id=conference.pk, actor=signed_in(request), reason=reason), done)
    return redirect("questions:questions", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid: a box for each question and expert; one button saves them all."""
    conference = conference_for(request, slug, Capability.MANAGE)
    if request.method == "POST":
        ticked = [_PAIR.fullmatch(value) for value in request.POST.getlist("pair")]
        pairs = {(int(pair[1]), int(pair[2])) for pair in ticked if pair}
        domain.assign(conference_id=conference.pk, actor=signed_in(request), pairs=pairs)
        messages.success(request, _("Nobody is told yet; the experts are written to when you put the questions."))
        return redirect("questions:questions", slug)
    there = {(ask.question_id, ask.expert_id): ask for ask in Ask.objects.filter(question__conference=conference)}
    experts = list(Expert.objects.filter(conference=conference).exclude(state__in=GONE))
    grid = [
        (question, [(expert, there.get((question.pk, expert.pk))) for expert in experts])
        for question in KeyQuestion.objects.filter(conference=conference).order_by("number")
    ]
    context = {"grid": grid, "experts": experts}
    return render_desk(request, "experts/questions/assign.html", conference, context, current="questions")


@login_required
@require_POST
def put(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = PutForm(request.POST, conference=conference)
    if form.is_valid():
        try:
            told = domain.put(conference_id=conference.pk, actor=signed_in(request), due_at=form.cleaned_data["due_at"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            words = ngettext("%(count)s expert is written to.", "%(count)s experts are written to.", len(told))
            moved = _("The day is moved; the reminders follow it.")
            messages.success(request, words % {"count": len(told)} if told else moved)
            return redirect("questions:questions", slug)
    return _list_page(request, conference, QuestionForm(), form)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    done = _("The written answers are published, all together.")
    attempt(request, lambda: domain.publish_answers(conference_id=conference.pk, actor=signed_in(request)), done)
    return redirect("questions:questions", slug)


@login_required
@require_safe
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    state = domain.state_of(conference)
    found = matrix_of(conference, state)
    if request.GET.get("as") == "csv":
        return csv_response(matrix_csv(found, with_answers=True), f"{slug}-questions.csv")
    context = {"matrix": found, "state": state}
    return render_desk(request, "experts/questions/matrix.html", conference, context, current="questions")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question to one expert: the answer, when it was spoken, and the panel's verdict."""
    ask = _ask_for(request, slug, pk, Capability.FACILITATE if request.method == "POST" else Capability.VIEW)
    form = _verdict_form(ask, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            domain.give_verdict(ask_id=pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The verdict is noted."))
            return redirect("questions:matrix", slug)
    return _cell_page(request, ask, form, SpokenForm(conference=ask.question.conference))


def _verdict_form(ask: Ask, data: QueryDict | None = None) -> VerdictForm:
    experts = Expert.objects.filter(conference=ask.question.conference, state=ExpertState.ACCEPTED)
    initial = {"verdict": ask.verdict, "contradicted_by": ask.contradicted_by_id, "note": ask.verdict_note}
    return VerdictForm(data, others=experts.exclude(pk=ask.expert_id), initial=initial)


def _cell_page(request: HttpRequest, ask: Ask, form: VerdictForm, spoken_form: SpokenForm) -> HttpResponse:
    conference = ask.question.conference
    context = {
        "ask": ask,
        "form": form,
        "spoken_form": spoken_form,
        "html": to_html(ask.answer) if ask.answer else "",
        "spoken": moment(conference, ask.spoken_at) if ask.spoken_at else "",
        "may_facilitate": request.membership.may(Capability.FACILITATE),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors or spoken_form.errors else 200
    return render_desk(request, "experts/questions/cell.html", conference, context, current="questions", status=status)


@login_required
@require_POST
def spoken(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One tap in the room: answered now; or at the hour that is typed; or taken back."""
    ask = _ask_for(request, slug, pk, Capability.FACILITATE)
    form = SpokenForm(request.POST, conference=ask.question.conference)
    at = timezone.now()
    if "typed" in request.POST:
        if not form.is_valid():
            return _cell_page(request, ask, _verdict_form(ask), form)
        at = form.cleaned_data["at"]
    taken_back = request.POST.get("spoken") == "no"
    done = _("Taken back.") if taken_back else _("Noted: answered in the room.")
    said = None if taken_back else at
    attempt(request, lambda: domain.note_spoken(ask_id=pk, actor=signed_in(request), at=said), done)
    return redirect("questions:cell", slug, pk)
