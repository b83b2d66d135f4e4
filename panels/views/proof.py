"""The file by which a volunteer proves that they were in the list of an announced draw; both of their pages offer it."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from panels.access import within_limit
from panels.models import Volunteer
from panels.own_draw import proof_of

TIMES, SECONDS = 20, 3600  # each reads the whole bundle and hashes the whole pool


def proof_file(volunteer: Volunteer | None, number: int) -> HttpResponse:
    """For the volunteer whom a personal link has opened; None and a draw that is not theirs are not found."""
    if volunteer is None:
        raise Http404
    if not within_limit("proof", volunteer.pk, times=TIMES, seconds=SECONDS):
        told = _("This file has been fetched many times. Wait an hour and try again.")
        return HttpResponse(told, content_type="text/plain; charset=utf-8", status=429)
    content = proof_of(volunteer, number)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="proof-{number}.json"'
    return response
