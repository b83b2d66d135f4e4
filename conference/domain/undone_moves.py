"""A move in the running order taken back, with everything that made way for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.domain.running_order import check_place, item_changed
from conference.models import Conference, Item, Session, User


@dataclass(frozen=True)
class Spot:
    """Where an item stands."""

    session_id: int
    room_id: int | None
    starts_at: datetime


def spots_of(conference: Conference) -> dict[int, Spot]:
    """Where everything stands, by item: what a move has changed is the difference between before and after."""
    rows = Item.objects.filter(session__conference=conference).values_list("pk", "session_id", "room_id", "starts_at")
    return {pk: Spot(session_id, room_id, starts_at) for pk, session_id, room_id, starts_at in rows}


@transaction.atomic
def undo_move(*, conference_id: int, actor: User, before: Mapping[int, Spot], after: Mapping[int, Spot]) -> None:
    """Put the items that a move has changed back to where they were. DomainError where one of them has moved since."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    items = Item.objects.select_for_update(of=("self",)).filter(session__conference=conference, pk__in=before)
    found = {item.pk: item for item in items.select_related("session", "room")}
    now = {pk: Spot(item.session_id, item.room_id, item.starts_at) for pk, item in found.items()}
    if not now or now != dict(after):
        raise DomainError(_("The running order has changed since: this move can no longer be undone."))
    left = {item.session_id: item.session for item in found.values()}
    sessions = {one.pk: one for one in Session.objects.filter(conference=conference)}
    for pk, item in found.items():
        spot = before[pk]
        item.session, item.room_id, item.starts_at = sessions[spot.session_id], spot.room_id, spot.starts_at
        item.session.conference = conference
        check_place(item)
        item.save(update_fields=["session", "room", "starts_at"])
    for session in {**left, **{item.session_id: item.session for item in found.values()}}.values():
        item_changed.send(Item, session=session, item=None)
    record("items.move_undone", conference=conference, actor=actor, items=len(found))
