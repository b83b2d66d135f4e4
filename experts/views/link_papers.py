"""What an expert hands in: slides, a sheet, a contract."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.domain.errors import DomainError
from conference.views.desk_documents import file_response
from experts.access import is_unlocked, paper_of
from experts.domain import papers as domain
from experts.enums import ExpertState
from experts.forms import PaperForm
from experts.models import Expert
from experts.views.link_code import to_code
from experts.views.link_frame import for_expert, no_link, render_link


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def papers(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state != ExpertState.ACCEPTED:
        return no_link(request, expert.conference)
    posted = request.method == "POST"
    form = PaperForm(request.POST, request.FILES) if posted else PaperForm()
    if posted and form.is_valid():
        try:
            domain.hand_in(expert_id=expert.pk, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("Thank you. The organisers have it."))
            return redirect("experts:papers")
    context = {"form": form, "papers": domain.papers_of(expert), "unlocked": is_unlocked(request, expert)}
    status = 422 if form.errors else 200
    return render_link(request, "experts/link/papers.html", expert, context, current="papers", status=status)


@require_safe
@for_expert
def paper(request: HttpRequest, expert: Expert, pk: int) -> HttpResponseBase:
    found = paper_of(request, expert, pk)
    return file_response(found.document) if found else to_code("experts:papers")


@require_POST
@for_expert
def take_back(request: HttpRequest, expert: Expert, pk: int) -> HttpResponseBase:
    found = paper_of(request, expert, pk)
    if found is None:
        return to_code("experts:papers")
    try:
        domain.take_back(paper=found)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The document is removed."))
    return redirect("experts:papers")
