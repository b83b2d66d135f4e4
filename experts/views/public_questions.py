"""What everybody reads of the questions: who was asked what, the written answers once published, and the verdicts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference.access import public_conference
from conference.models import Event
from conference.words import moment
from experts.domain.questions import state_of
from experts.markdown import to_html
from experts.matrix import matrix_of
from experts.matrix_file import csv_response, matrix_csv


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    conference = public_conference(slug)
    state = state_of(conference)
    wanted = request.GET.get("expert", "")
    matrix = matrix_of(conference, state, public=True)
    shown = matrix
    only = next((expert.pk for expert in matrix.experts if str(expert.pk) == wanted), None)
    if only is not None:
        shown = matrix_of(conference, state, public=True, only=only)
    if request.GET.get("as") == "csv":
        content = matrix_csv(matrix, with_answers=state.answers_published_at is not None)
        return csv_response(content, f"{slug}-questions.csv")
    reopened = None
    if not state.frozen_at:
        reopened = Event.objects.filter(conference=conference, verb="questions.reopened").order_by("-pk").first()
    answers = {}
    if state.answers_published_at:
        cells = [cell for line in shown.lines for cell in line.filled]
        answers = {cell.ask.pk: to_html(cell.ask.answer) for cell in cells if cell.ask and cell.ask.answer}
    context = {
        "conference": conference,
        "state": state,
        "matrix": shown,
        "experts": matrix.experts,
        "wanted": wanted,
        "answers": answers,
        "published": moment(conference, state.answers_published_at) if state.answers_published_at else "",
        "due": moment(conference, state.answers_due_at) if state.answers_due_at else "",
        "reopened": reopened,
    }
    return render(request, "experts/questions/public.html", context)
