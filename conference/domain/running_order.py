"""The running order of sessions: items added, changed, moved, taken out, and the rooms in which they take place.

Every verb locks the conference's row first (docs/locking.md). Nothing is told to anybody here: people hear of a programme
when it is published (``publication``).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.dispatch import Signal, receiver
from django.utils.translation import gettext as _

from conference.domain.changes import changed_fields
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.domain.sessions import change_session, session_carried
from conference.models import Conference, Item, Room, Session, User

# Sent in the transaction of the change with ``session`` and ``item`` (None: several of its items): the room above keeps
# the parts of those who speak in step.
item_changed = Signal()


class DoesNotFitError(DomainError):
    """It would lie outside its session. ``ends_at``: until when the session would have to last; None where that is no help."""

    def __init__(self, message: str, ends_at: datetime | None = None) -> None:
        super().__init__(message)
        self.ends_at = ends_at


def _session(session_id: int) -> Session:
    conference_id = Session.objects.values_list("conference_id", flat=True).get(pk=session_id)
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    session = Session.objects.get(pk=session_id)
    session.conference = conference
    return session


def _item(item_id: int) -> Item:
    session_id = Item.objects.values_list("session_id", flat=True).get(pk=item_id)
    session = _session(session_id)
    item = Item.objects.select_for_update().get(pk=item_id)
    item.session = session
    return item


def check_place(item: Item) -> None:
    """DomainError where the item may not stand: outside its session, in a cancelled one, in a room of others."""
    session = item.session
    if session.cancelled_at:
        raise DomainError(_("This session is cancelled."))
    if item.room and item.room.conference_id != session.conference_id:
        raise DomainError(_("This room belongs to another conference."))
    if item.starts_at < session.starts_at or item.ends_at > session.ends_at:
        helps = session.starts_at <= item.starts_at and item.ends_at > session.ends_at
        raise DoesNotFitError(
            _("“%(title)s” would lie outside the session. Lengthen the session first, or choose another hour.")
            % {"title": item.title},
            item.ends_at if helps else None,
        )


def _settle(item: Item, others: Sequence[Item], actor: User, *, lengthen: bool) -> None:
    """Store the item and those that made way for it; the session first, where it may last longer for them."""
    last = max([item, *others], key=lambda one: one.ends_at)
    session = item.session
    if lengthen and last.ends_at > session.ends_at and not session.cancelled_at:
        longer = change_session(session_id=session.pk, actor=actor, fields={"ends_at": last.ends_at})
        longer.conference = session.conference
        item.session = longer
    for one in (*others, item):
        one.session = item.session
        try:
            check_place(one)
        except DoesNotFitError as error:
            raise DoesNotFitError(error.message, last.ends_at if error.ends_at else None) from error
        one.save()


def _beside(item: Item) -> list[Item]:
    """The other items of its session, room and day, in order."""
    return [other for other in _row_of(item) if other.pk != item.pk]


def _making_way(item: Item) -> list[Item]:
    """What the item would overlap begins when it ends, and so on until a gap is long enough."""
    moved, free_from = [], item.ends_at
    for other in _beside(item):
        if other.ends_at <= item.starts_at:
            continue
        if other.starts_at >= free_from:
            break
        other.starts_at = free_from
        free_from = other.ends_at
        moved.append(other)
    return moved


def _following(item: Item, ended: datetime) -> list[Item]:
    """What came after the item, by as much later or earlier as it now ends."""
    by = item.ends_at - ended
    later = [other for other in _beside(item) if other.starts_at >= ended] if by else []
    for other in later:
        other.starts_at += by
    return later


def _log(verb: str, item: Item, actor: User, **data: Any) -> None:
    record(
        verb,
        conference=item.session.conference,
        actor=actor,
        obj=item,
        title=item.title,
        session=item.session.title,
        **data,
    )


@transaction.atomic
def add_item(
    *, session_id: int, actor: User, fields: Mapping[str, Any], later_follow: bool = False, lengthen: bool = False
) -> Item:
    """Put an item into the running order. Raises DoesNotFitError where the session is too short and may not be lengthened.

    ``later_follow``: what it would overlap makes way.
    """
    item = Item(session=_session(session_id), **fields)
    others = _making_way(item) if later_follow else []
    _settle(item, others, actor, lengthen=lengthen)
    _log("item.added", item, actor)
    item_changed.send(Item, session=item.session, item=None if others else item)
    return item


@transaction.atomic
def change_item(
    *, item_id: int, actor: User, fields: Mapping[str, Any], later_follow: bool = False, lengthen: bool = False
) -> Item:
    """Another title, hour, length, room or leader; ``session`` among the fields moves it to another session.

    ``later_follow``: what came after it in its room moves by as much as it now ends later or earlier; in another session
    or room, what it would overlap makes way.
    """
    item = _item(item_id)
    changed = changed_fields(item, fields)
    if not changed:
        return item
    before, room, ended = item.session, item.room_id, item.ends_at
    for name in changed:
        setattr(item, name, fields[name])
    if item.session.conference_id != before.conference_id:
        raise DomainError(_("This session belongs to another conference."))
    item.session.conference = before.conference
    others: list[Item] = []
    if later_follow:
        stays = item.session_id == before.pk and item.room_id == room
        others = _following(item, ended) if stays else _making_way(item)
    _settle(item, others, actor, lengthen=lengthen)
    _log("item.changed", item, actor, fields=changed)
    item_changed.send(Item, session=item.session, item=None if others else item)
    return item


@transaction.atomic
def place_item(
    *,
    item_id: int,
    actor: User,
    starts_at: datetime,
    session_id: int,
    room_id: int | None,
    later_follow: bool = True,
    lengthen: bool = False,
    seen: datetime | None = None,
) -> Item:
    """Take it to an hour, of another session or room if need be.

    ``later_follow``: what it would overlap there makes way; nothing closes up where it came from. ``seen`` as in
    ``move_item``. Raises DoesNotFitError as ``add_item`` does.
    """
    item = _item(item_id)
    _is_where_seen(item, seen)
    target = _session(session_id)
    if target.conference_id != item.session.conference_id:
        raise DomainError(_("This session belongs to another conference."))
    if (item.starts_at, item.session_id, item.room_id) == (starts_at, session_id, room_id):
        return item
    item.session, item.starts_at, item.room_id = target, starts_at, room_id
    others = _making_way(item) if later_follow else []
    _settle(item, others, actor, lengthen=lengthen)
    _log("item.moved", item, actor)
    item_changed.send(Item, session=item.session, item=None if others else item)
    return item


def _is_where_seen(item: Item, seen: datetime | None) -> None:
    if seen is not None and item.starts_at != seen:
        raise DomainError(_("Somebody else has moved this item meanwhile. Look once more where it stands now."))


@transaction.atomic
def move_item(*, item_id: int, actor: User, places: int, starts_at: datetime | None = None) -> Item:
    """So many places later (earlier where negative) among the items of its day and room.

    Those it passes change places with it and all stay as long as they were; gaps between them stay where they are, by
    order. ``starts_at``: where the caller saw the item; DomainError where it has moved since.
    """
    item = _item(item_id)
    _is_where_seen(item, starts_at)
    row = _row_of(item)
    here = next(at for at, other in enumerate(row) if other.pk == item.pk)
    there = max(0, min(len(row) - 1, here + places))
    if there == here:
        return item
    gaps = [later.starts_at - earlier.ends_at for earlier, later in pairwise(row)]
    start = row[0].starts_at
    row.insert(there, row.pop(here))
    _lay(row, start, gaps)
    _log("item.moved", item, actor)
    item_changed.send(Item, session=item.session, item=None)
    return next(other for other in row if other.pk == item.pk)


def _row_of(item: Item) -> list[Item]:
    """The items of the same session, day and room, in order."""
    zone = item.session.conference.zone
    day = item.starts_at.astimezone(zone).date()
    items = Item.objects.select_for_update(of=("self",)).filter(session=item.session, room=item.room_id)
    return [other for other in items.order_by("starts_at", "id") if other.starts_at.astimezone(zone).date() == day]


def _lay(row: Sequence[Item], start: datetime, gaps: Sequence[timedelta]) -> None:
    at = start
    """One after the other; those that overlapped no longer do. DomainError where one would lie outside the session."""
    for number, item in enumerate(row):
        item.starts_at = at
        check_place(item)
        item.save(update_fields=["starts_at"])
        at = item.ends_at + max(gaps[number] if number < len(gaps) else timedelta(), timedelta())


@receiver(session_carried)
def carry_items(session: Session, by: timedelta, **_kwargs: Any) -> None:
    """Items go with their session: at the same hours after its beginning, by the clocks of the place."""
    zone = session.conference.zone
    items = list(Item.objects.select_for_update(of=("self",)).filter(session=session))
    for item in items:
        shown = item.starts_at.astimezone(zone).replace(tzinfo=None) + by
        item.starts_at = shown.replace(tzinfo=zone).astimezone(UTC)
    Item.objects.bulk_update(items, ["starts_at"])
    item_changed.send(Item, session=session, item=None)


@transaction.atomic
def remove_item(*, item_id: int, actor: User) -> None:
    """Take it out of the running order; calendars show it as cancelled after the next publication."""
    item = _item(item_id)
    _log("item.removed", item, actor)
    session = item.session
    item.delete()
    item_changed.send(Item, session=session, item=None)


@transaction.atomic
def add_room(*, conference_id: int, actor: User, name: str) -> Room:
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    room, made = Room.objects.get_or_create(conference=conference, name=name.strip())
    if made:
        record("room.added", conference=conference, actor=actor, obj=room, name=room.name)
    return room


@transaction.atomic
def rename_room(*, room_id: int, actor: User, name: str) -> Room:
    room = _room(room_id)
    if not name.strip():
        raise DomainError(_("A room needs a name."))
    if room.name == name.strip():
        return room
    if Room.objects.filter(conference=room.conference, name=name.strip()).exists():
        raise DomainError(_("There is a room of this name already."))
    before, room.name = room.name, name.strip()
    room.save(update_fields=["name"])
    record("room.renamed", conference=room.conference, actor=actor, obj=room, before=before, name=room.name)
    return room


@transaction.atomic
def remove_room(*, room_id: int, actor: User) -> None:
    """Its items stay, without a room."""
    room = _room(room_id)
    record("room.removed", conference=room.conference, actor=actor, obj=room, name=room.name)
    room.delete()


def _room(room_id: int) -> Room:
    conference_id = Room.objects.values_list("conference_id", flat=True).get(pk=room_id)
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    room = Room.objects.select_for_update(of=("self",)).get(pk=room_id)
    room.conference = conference
    return room
