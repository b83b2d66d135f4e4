"""What an expert declares: their position, interests and a few words, a photograph, a position on each key question."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.domain.errors import DomainError
from experts.domain import experts as life
from experts.domain import photographs, stances
from experts.enums import ExpertState
from experts.forms import DeclarationForm, PhotographForm, StancesForm
from experts.models import Expert, KeyQuestion, Stance
from experts.views.link_frame import for_expert, no_link, render_link
from experts.views.photographs import picture

DECLARED = ("position", "position_text", "interests", "phone", "employer", "speaks", "biography")


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def declare(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state != ExpertState.ACCEPTED:
        return redirect("experts:briefing")
    if request.method != "POST":
        return _page(request, expert)
    form = DeclarationForm(request.POST, conference=expert.conference, kept=expert.position)
    if not form.is_valid():
        return _page(request, expert, declaration=form, status=422)
    try:
        life.declare(expert_id=expert.pk, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Thank you. Your declaration is noted."))
    return redirect("experts:briefing")


@require_POST
@for_expert
def declare_stances(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state != ExpertState.ACCEPTED:
        return redirect("experts:briefing")
    form = _stances_form(expert, request.POST)
    if not form.is_valid():
        return _page(request, expert, stances_form=form, status=422)
    stances.set_stances(expert_id=expert.pk, stances=form.stances(), actor=None)
    messages.success(request, _("Thank you. Your positions are noted."))
    return redirect("experts:declare")


@require_POST
@for_expert
def set_photograph(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state != ExpertState.ACCEPTED:
        return redirect("experts:briefing")
    form = PhotographForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            photographs.set_photograph(expert_id=expert.pk, file=form.cleaned_data["photograph"], actor=None)
        except DomainError as error:
            form.add_error("photograph", error.message)
    if form.errors:
        return _page(request, expert, photograph_form=form, status=422)
    messages.success(request, _("Thank you. Your photograph is there."))
    return redirect("experts:declare")


@require_POST
@for_expert
def remove_photograph(request: HttpRequest, expert: Expert) -> HttpResponse:
    photographs.remove_photograph(expert_id=expert.pk, actor=None)
    messages.success(request, _("The photograph is removed."))
    return redirect("experts:declare")


@require_safe
@for_expert
def photograph(request: HttpRequest, expert: Expert) -> HttpResponse:
    return picture(expert) if expert.photograph else no_link(request)


def _stances_form(expert: Expert, data: Any = None) -> StancesForm:
    return StancesForm(
        data,
        conference=expert.conference,
        questions=KeyQuestion.objects.filter(conference=expert.conference_id),
        stances={stance.question_id: stance for stance in Stance.objects.filter(expert=expert)},
    )


def _page(
    request: HttpRequest,
    expert: Expert,
    *,
    declaration: DeclarationForm | None = None,
    stances_form: StancesForm | None = None,
    photograph_form: PhotographForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = {name: getattr(expert, name) for name in DECLARED}
    context = {
        "declaration": declaration
        or DeclarationForm(initial=stored, conference=expert.conference, kept=expert.position),
        "declared": bool(expert.position and expert.position_text and expert.interests),
        "stances_form": stances_form or _stances_form(expert),
        "photograph_form": photograph_form or PhotographForm(),
    }
    return render_link(
        request, "experts/link/declarations.html", expert, context, current="declarations", status=status
    )
