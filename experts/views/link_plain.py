"""How plain an expert's text is, for the margin beside their answers and sheets; nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from conference.views.plain import answer_for, fragment, is_fragment
from experts.models import Expert
from experts.views.link_frame import for_expert, render_link


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def check(request: HttpRequest, expert: Expert) -> HttpResponse:
    answer = answer_for(request, expert.conference, may_add=False)
    if is_fragment(request):
        return fragment(request, answer)
    return render_link(request, "experts/link/plain.html", expert, answer.context, current="", status=answer.status)
