"""How plain an expert's text is, for the margin beside their answers and sheets; nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from conference.plain.glossaries import Glossary, Term, glossary_of
from conference.views.plain import answer_for, fragment, is_fragment
from experts.models import Expert
from experts.views.link_frame import for_expert, render_link


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def check(request: HttpRequest, expert: Expert) -> HttpResponse:
    # The glossary's own pages are the desk's: here its terms only count as explained.
    terms = tuple(Term(term.words) for term in glossary_of(expert.conference).terms)
    answer = answer_for(request, expert.conference, Glossary(terms))
    if is_fragment(request):
        return fragment(request, answer)
    return render_link(request, "experts/link/plain.html", expert, answer.context, current="", status=answer.status)
