"""The one way to get hold of what lies on the balance board: fetch and authorise in one step."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from conference.access import conference_for
from conference.enums import Capability
from experts.models import BoardSnapshot, Wish


def wish_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Wish:
    conference = conference_for(request, slug, capability)
    found = get_object_or_404(Wish.objects.select_related("expert", "question"), pk=pk, conference=conference)
    found.conference = conference
    return found


def snapshot_for(request: HttpRequest, slug: str, number: int) -> BoardSnapshot:
    conference = conference_for(request, slug, Capability.VIEW)
    found = get_object_or_404(BoardSnapshot, number=number, conference=conference)
    found.conference = conference
    return found
