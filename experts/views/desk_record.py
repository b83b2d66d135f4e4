"""The rest of an expert's record on the desk: photograph, positions, availability, documents; and the scale."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.domain.errors import DomainError
from conference.enums import Capability, DocumentAudience
from conference.views.acts import attempt, status_of
from conference.views.desk_documents import file_response
from experts.access import expert_for, paper_for
from experts.domain import availability as when
from experts.domain import papers, photographs
from experts.domain import stances as standing
from experts.forms import AvailabilityForm, PaperForm, PhotographForm, ScaleForm, StancesForm
from experts.models import Availability, KeyQuestion, ScaleStep, Stance
from experts.views.desk_experts import page


@login_required
def scale(request: HttpRequest, slug: str) -> HttpResponse:
    """The words of this conference for the steps between for and against."""
    conference = conference_for(request, slug, Capability.MANAGE)
    stored = dict(ScaleStep.objects.filter(conference=conference).values_list("position", "label"))
    form = ScaleForm(request.POST or None, labels=stored)
    if request.method == "POST" and form.is_valid():
        try:
            standing.set_scale(conference=conference, actor=signed_in(request), labels=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The scale is saved. Every page shows positions in these words."))
            return redirect("experts_desk:experts", slug)
    return page(request, "scale.html", conference, {"form": form}, status=status_of(form))


@login_required
def stances(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    form = StancesForm(
        request.POST or None,
        conference=found.conference,
        questions=KeyQuestion.objects.filter(conference=found.conference),
        stances={stance.question_id: stance for stance in Stance.objects.filter(expert=found)},
    )
    if request.method == "POST" and form.is_valid():
        standing.set_stances(expert_id=pk, stances=form.stances(), actor=signed_in(request))
        messages.success(request, _("The positions of %(name)s are noted.") % {"name": found})
        return redirect("experts_desk:expert", slug, pk)
    return page(request, "stances.html", found.conference, {"form": form, "expert": found}, status=status_of(form))


@login_required
def availability(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """By an organiser, for an expert who said it by telephone. No tick: they have not said."""
    found = expert_for(request, slug, pk, Capability.MANAGE)
    form = AvailabilityForm(
        request.POST if request.method == "POST" else None,
        conference=found.conference,
        half_days=when.half_days(found.conference),
        stretches=Availability.objects.filter(expert=found),
    )
    if request.method == "POST" and form.is_valid():
        when.set_availability(expert_id=pk, stretches=form.stretches(), actor=signed_in(request))
        messages.success(request, _("It is noted when %(name)s can come.") % {"name": found})
        return redirect("experts_desk:expert", slug, pk)
    return page(request, "availability.html", found.conference, {"form": form, "expert": found}, status=status_of(form))


@login_required
def photograph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    posted = request.method == "POST"
    form = PhotographForm(request.POST, request.FILES) if posted else PhotographForm()
    if posted and form.is_valid():
        file = form.cleaned_data["photograph"]
        try:
            photographs.set_photograph(expert_id=pk, file=file, actor=signed_in(request))
        except DomainError as error:
            form.add_error("photograph", error.message)
        else:
            messages.success(request, _("The photograph is there."))
            return redirect("experts_desk:expert", slug, pk)
    return page(request, "photograph.html", found.conference, {"form": form, "expert": found}, status=status_of(form))


@login_required
@require_POST
def remove_photograph(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    expert_for(request, slug, pk, Capability.MANAGE)
    act = lambda: photographs.remove_photograph(expert_id=pk, actor=signed_in(request))  # noqa: E731
    attempt(request, act, _("The photograph is removed."))
    return redirect("experts_desk:expert", slug, pk)


# -- Documents ---------------------------------------------------------------------------------------------------------
@login_required
def add_paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A document of the organisers for this expert: a contract, a plan of the room."""
    found = expert_for(request, slug, pk, Capability.MANAGE)
    posted = request.method == "POST"
    form = PaperForm(request.POST, request.FILES) if posted else PaperForm()
    if posted and form.is_valid():
        try:
            papers.hand_in(expert_id=pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("The document stands on the expert’s page."))
            return redirect("experts_desk:expert", slug, pk)
    return page(request, "paper_form.html", found.conference, {"form": form, "expert": found}, status=status_of(form))


@login_required
@require_safe
def paper(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    return file_response(paper_for(request, slug, pk, Capability.VIEW).document)


@login_required
@require_POST
def open_paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = paper_for(request, slug, pk, Capability.MANAGE)
    wanted = request.POST.get("audience", "")
    if wanted not in DocumentAudience.values:
        messages.error(request, _("Choose who may read it."))
    else:
        audience = DocumentAudience(wanted)
        act = lambda: papers.open_to(paper=found, audience=audience, actor=signed_in(request))  # noqa: E731
        attempt(request, act, _("It is set who may read “%(title)s”.") % {"title": found.document.title})
    return redirect("experts_desk:expert", slug, found.expert_id)


@login_required
@require_POST
def remove_paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = paper_for(request, slug, pk, Capability.MANAGE)
    act = lambda: papers.take_back(paper=found, actor=signed_in(request))  # noqa: E731
    attempt(request, act, _("The document is removed."))
    return redirect("experts_desk:expert", slug, found.expert_id)
