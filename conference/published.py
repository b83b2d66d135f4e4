"""The programme as people are told it: what it holds, as JSON and back, and what differs between two of them.

Pure but for ``programme_now``. Moments are aware; in JSON they are ISO 8601 in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from conference.models import Conference, Item, Membership, Session
from conference.programme import Speaker, speakers_of


@dataclass(frozen=True)
class Person:
    """A speaker, a leader, a facilitator. ``key`` ("expert:<uuid>", "member:<number>") tells whom a change concerns.

    ``is_sure``: the public may read the name, of an expert who has accepted, of a colleague who is named in public.
    """

    key: str
    name: str
    about: str = ""
    is_sure: bool = True


@dataclass(frozen=True)
class Slot:
    """One item of the running order."""

    uid: str
    kind: str
    title: str
    starts_at: datetime
    minutes: int
    room: str = ""
    lead: Person | None = None
    speakers: tuple[Person, ...] = ()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def people(self) -> frozenset[str]:
        """The keys of those whom it concerns."""
        return frozenset(person.key for person in (*self.speakers, *((self.lead,) if self.lead else ())))


@dataclass(frozen=True)
class Meeting:
    """One session with its running order."""

    uid: str
    sequence: int
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    link: str = ""
    is_public: bool = False
    is_cancelled: bool = False
    facilitators: tuple[Person, ...] = ()
    slots: tuple[Slot, ...] = ()


type Programme = tuple[Meeting, ...]


# -- From the database -------------------------------------------------------------------------------------------------
def programme_now(conference: Conference) -> Programme:
    """The programme as it stands in the cockpit, in a constant number of queries."""
    sessions = list(
        Session.objects.filter(conference=conference).prefetch_related("facilitators__user").order_by("starts_at", "id")
    )
    items = Item.objects.filter(session__conference=conference).select_related("room", "lead__user")
    speakers = speakers_of(conference)
    slots: dict[int, list[Slot]] = {}
    for item in items.order_by("starts_at", "id"):
        slots.setdefault(item.session_id, []).append(_slot(item, speakers.get(item.pk, [])))
    return tuple(_meeting(session, slots.get(session.pk, [])) for session in sessions)


def _slot(item: Item, speakers: Iterable[Speaker]) -> Slot:
    return Slot(
        uid=str(item.uuid),
        kind=item.kind,
        title=item.title,
        starts_at=item.starts_at,
        minutes=item.minutes,
        room=item.room.name if item.room else "",
        lead=_member(item.lead) if item.lead else None,
        speakers=tuple(Person(one.key, one.name, one.about, one.is_sure) for one in speakers),
    )


def _meeting(session: Session, slots: Iterable[Slot]) -> Meeting:
    return Meeting(
        uid=str(session.uid),
        sequence=session.sequence,
        kind=session.kind,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        link=session.link,
        is_public=session.is_public,
        is_cancelled=session.cancelled_at is not None,
        facilitators=tuple(_member(member) for member in session.facilitators.all()),
        slots=tuple(slots),
    )


def _member(member: Membership) -> Person:
    return Person(member_key(member.pk), str(member.user), member.public_title, member.is_public)


def member_key(pk: int) -> str:
    return f"member:{pk}"


# -- As JSON -----------------------------------------------------------------------------------------------------------
def to_json(programme: Programme) -> list[dict[str, Any]]:
    return [_plain(asdict(meeting)) for meeting in programme]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def from_json(content: list[dict[str, Any]]) -> Programme:
    return tuple(_read_meeting(meeting) for meeting in content)


def _read_meeting(raw: dict[str, Any]) -> Meeting:
    facts = {**raw, "starts_at": _moment(raw["starts_at"]), "ends_at": _moment(raw["ends_at"])}
    facts["facilitators"] = tuple(Person(**person) for person in raw["facilitators"])
    facts["slots"] = tuple(_read_slot(slot) for slot in raw["slots"])
    return Meeting(**facts)


def _read_slot(raw: dict[str, Any]) -> Slot:
    lead = Person(**raw["lead"]) if raw["lead"] else None
    speakers = tuple(Person(**person) for person in raw["speakers"])
    return Slot(**{**raw, "starts_at": _moment(raw["starts_at"]), "lead": lead, "speakers": speakers})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# -- Differences -------------------------------------------------------------------------------------------------------
class What(StrEnum):
    """What became of a session or of an item."""

    SESSION_ADDED = "session_added"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_REMOVED = "session_removed"
    ADDED = "added"
    MOVED = "moved"  # another hour or length
    CHANGED = "changed"  # title, kind, room, who leads
    PEOPLE = "people"  # who speaks
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One difference. ``concerned``: the keys of the people who must know; empty for what concerns all who come."""

    what: What
    before: Meeting | None
    after: Meeting | None
    slot_before: Slot | None = None
    slot_after: Slot | None = None
    concerned: frozenset[str] = frozenset()

    @property
    def meeting(self) -> Meeting:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def slot(self) -> Slot | None:
        return self.slot_after or self.slot_before


def compare(before: Programme, after: Programme) -> list[Change]:
    """The differences, in the order of the programme; what was taken out comes last in its session."""
    old = {meeting.uid: meeting for meeting in before}
    new = {meeting.uid for meeting in after}
    changes: list[Change] = []
    for meeting in after:
        changes += _session_changes(old.get(meeting.uid), meeting)
    for meeting in before:
        if meeting.uid not in new and not meeting.is_cancelled:
            changes.append(Change(What.SESSION_REMOVED, meeting, None, concerned=_everybody(meeting)))
    return changes + _facilitators(before, after)


def _session_changes(before: Meeting | None, after: Meeting) -> list[Change]:
    if before is None:
        added = Change(What.SESSION_ADDED, None, after)
        return [added, *_slot_changes(replace(after, slots=()), after)] if not after.is_cancelled else []
    if after.is_cancelled:
        return (
            [] if before.is_cancelled else [Change(What.SESSION_CANCELLED, before, after, concerned=_everybody(before))]
        )
    changes = []
    if before.is_cancelled:  # those who had a part were told that it is off
        before = replace(before, slots=())
    if _facts(before) != _facts(after):
        changes.append(Change(What.SESSION_CHANGED, before, after))
    return changes + _slot_changes(before, after)


def _facts(meeting: Meeting) -> tuple[object, ...]:
    return (
        meeting.title,
        meeting.kind,
        meeting.starts_at,
        meeting.ends_at,
        meeting.place,
        meeting.link,
        meeting.is_public,
        meeting.is_cancelled,
    )


def _everybody(meeting: Meeting) -> frozenset[str]:
    keys = {person.key for person in meeting.facilitators}
    return frozenset(keys.union(*(slot.people for slot in meeting.slots)))


def _slot_changes(before: Meeting, after: Meeting) -> list[Change]:
    old, new = ({slot.uid: slot for slot in meeting.slots} for meeting in (before, after))
    changes = []
    for uid, slot in new.items():
        was = old.get(uid)
        if was is None:
            changes.append(Change(What.ADDED, before, after, None, slot, slot.people))
        else:
            changes += _one_slot(before, after, was, slot)
    gone = [slot for uid, slot in old.items() if uid not in new]
    return changes + [Change(What.REMOVED, before, after, slot, None, slot.people) for slot in gone]


def _one_slot(before: Meeting, after: Meeting, was: Slot, now: Slot) -> Iterator[Change]:
    both = was.people | now.people
    if (was.starts_at, was.minutes) != (now.starts_at, now.minutes):
        yield Change(What.MOVED, before, after, was, now, both)
    if (was.title, was.kind, was.room, _leader(was)) != (now.title, now.kind, now.room, _leader(now)):
        yield Change(What.CHANGED, before, after, was, now, both)
    if was.speakers != now.speakers:  # somebody who has accepted meanwhile is news for the public, not for the speakers
        yield Change(What.PEOPLE, before, after, was, now, both if _keys(was) != _keys(now) else frozenset())


def _leader(slot: Slot) -> str:
    return slot.lead.key if slot.lead else ""


def _keys(slot: Slot) -> frozenset[str]:
    return frozenset(person.key for person in slot.speakers)


def _facilitators(before: Programme, after: Programme) -> list[Change]:
    """Who facilitates a session, or no longer does, must know; the others need not."""
    old = {meeting.uid: meeting for meeting in before}
    changes = []
    for meeting in after:
        was = old.get(meeting.uid)
        earlier = {person.key for person in was.facilitators} if was else set()
        later = {person.key for person in meeting.facilitators}
        if earlier != later and not meeting.is_cancelled:
            changes.append(Change(What.SESSION_CHANGED, was, meeting, concerned=frozenset(earlier ^ later)))
    return changes


def concerning(changes: Iterable[Change], key: str) -> list[Change]:
    """What one person must know of these changes."""
    return [change for change in changes if key in change.concerned]


def slots_of(programme: Programme, key: str) -> list[tuple[Meeting, Slot]]:
    """Where one person speaks or leads, in order; nothing of what is cancelled."""
    return [
        (meeting, slot)
        for meeting in programme
        if not meeting.is_cancelled
        for slot in meeting.slots
        if key in slot.people
    ]
