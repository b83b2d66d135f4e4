"""The balance board for everybody: who speaks, who has signed, what was done without a signature, what citizens wish."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.access import public_conference
from experts.balance.scene import Scope
from experts.board_pages import committee_page, page_of, public_name
from experts.domain.board import board_of, committee_of
from experts.models import Expert, Wish
from experts.views.board import scope_of

SHOWN = [Scope.INVITED, Scope.ACCEPTED]  # the long list is nobody's business until somebody on it is asked


@require_safe
def public_board(request: HttpRequest, slug: str) -> HttpResponse:
    conference = public_conference(slug)
    found = board_of(conference)
    name_of = public_name(found)
    context = {
        "conference": conference,
        "board": page_of(found, scope_of(request, found, SHOWN), name_of),
        "scopes": [(scope, len(found.scene.of(scope).voices)) for scope in SHOWN],
        "committee": committee_page(found, committee_of(conference, found.facts), name_of),
        "wishes": list(Wish.objects.filter(conference=conference).select_related("expert", "question")),
        "exceptions": list(Expert.objects.filter(conference=conference).exclude(bypassed="")),
    }
    with timezone.override(conference.zone):
        return render(request, "experts/board/public.html", context)
