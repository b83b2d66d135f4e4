"""The last move of whoever moved, taken back with one press as long as nobody has moved the same items since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.access import conference_for, signed_in
from conference.domain.undone_moves import Spot, undo_move
from conference.enums import Capability
from conference.models import Conference
from conference.views.acts import attempt

KEY = "moved"


def remember(
    request: HttpRequest, conference: Conference, title: str, before: Mapping[int, Spot], after: Mapping[int, Spot]
) -> None:
    """What a move has changed, in the session of the person: where each of the items stood and stands."""
    changed = [pk for pk, spot in after.items() if pk in before and before[pk] != spot]
    request.session[KEY] = {
        "conference": conference.pk,
        "title": title,
        "items": [[pk, _raw(before[pk]), _raw(after[pk])] for pk in changed],
    }


def _raw(spot: Spot) -> list[Any]:
    return [spot.session_id, spot.room_id, spot.starts_at.isoformat()]


def _spot(raw: list[Any]) -> Spot:
    return Spot(raw[0], raw[1], datetime.fromisoformat(raw[2]))


def what_can_be_undone(request: HttpRequest, conference: Conference) -> str:
    """The title of the item that was moved last. On the page that follows the move, and on no later one."""
    moved = request.session.get(KEY) if "moved" in request.GET else None
    return str(moved["title"]) if moved and moved["conference"] == conference.pk else ""


@login_required
@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    moved = request.session.pop(KEY, None)
    if moved and moved["conference"] == conference.pk:
        attempt(
            request,
            lambda: undo_move(
                conference_id=conference.pk,
                actor=signed_in(request),
                before={pk: _spot(before) for pk, before, _after in moved["items"]},
                after={pk: _spot(after) for pk, _before, after in moved["items"]},
            ),
            _("The move of “%(title)s” is undone.") % {"title": moved["title"]},
        )
    return redirect("programme:programme", slug)
