"""A programme as a page shows it: days, sessions and hours in words. Made of a published version or of what is now."""

from dataclasses import dataclass
from itertools import groupby

from conference.enums import ItemKind, SessionKind
from conference.models import Conference
from conference.programme_words import sentence
from conference.published import Change, Meeting, Person, Programme, Slot
from conference.words import day, hour


@dataclass(frozen=True)
class Row:
    """One item. ``unnamed``: how many speakers have not accepted yet, whom the public does not read."""

    begins: str
    ends: str
    minutes: int
    kind: str
    kind_label: str
    title: str
    room: str
    lead: str
    speakers: tuple[Person, ...]
    unnamed: int


@dataclass(frozen=True)
class Part:
    """One session. ``rows`` is empty where the public may not read what happens inside."""

    title: str
    kind_label: str
    begins: str
    ends: str
    place: str
    link: str
    is_public: bool
    is_cancelled: bool
    facilitators: tuple[str, ...]
    rows: tuple[Row, ...]
    talk: int  # minutes
    questions: int  # minutes
    breaks: int  # minutes

    @property
    def room(self) -> str:
        """The one in which everything happens, so that it need not stand beside each item; none if there are several."""
        rooms = {row.room for row in self.rows if row.room}
        return rooms.pop() if len(rooms) == 1 else ""


@dataclass(frozen=True)
class Day:
    title: str
    parts: tuple[Part, ...]


def days_of(conference: Conference, programme: Programme, *, public: bool) -> list[Day]:
    """``public``: without what happens behind closed doors, and without names of people who have not agreed to them."""
    meetings = sorted(programme, key=lambda meeting: (meeting.starts_at, meeting.uid))
    shown: list[tuple[str, Part]] = []
    for meeting in meetings:
        shown += _parts(conference, meeting, public=public)
    return [
        Day(title, tuple(part for _day, part in parts)) for title, parts in groupby(shown, key=lambda pair: pair[0])
    ]


def _parts(conference: Conference, meeting: Meeting, *, public: bool) -> list[tuple[str, Part]]:
    """A session over several days is shown on each of its days."""
    closed = public and not meeting.is_public
    slots = () if closed or meeting.is_cancelled else meeting.slots
    first, last = (conference.local(at).date() for at in (meeting.starts_at, meeting.ends_at))
    if first == last or not slots:
        return [(day(conference, meeting.starts_at), _part(conference, meeting, slots, closed=closed, public=public))]
    dates = [
        (at, list(found)) for at, found in groupby(slots, key=lambda slot: conference.local(slot.starts_at).date())
    ]
    return [
        (
            day(conference, found[0].starts_at),
            _part(conference, meeting, tuple(found), closed=closed, public=public, of_day=True),
        )
        for _at, found in dates
    ]


def _part(
    conference: Conference,
    meeting: Meeting,
    slots: tuple[Slot, ...],
    *,
    closed: bool,
    public: bool,
    of_day: bool = False,
) -> Part:
    starts = slots[0].starts_at if of_day else meeting.starts_at
    ends = max(slot.ends_at for slot in slots) if of_day else meeting.ends_at
    return Part(
        title=meeting.title,
        kind_label=_kind(meeting),
        begins=hour(conference, starts),
        ends=hour(conference, ends),
        place="" if closed else meeting.place,
        link="" if closed else meeting.link,
        is_public=meeting.is_public,
        is_cancelled=meeting.is_cancelled,
        facilitators=tuple(person.name for person in meeting.facilitators if person.is_sure or not public),
        rows=tuple(_row(conference, slot, public=public) for slot in slots),
        talk=sum(slot.minutes for slot in slots if slot.kind == ItemKind.TALK),
        questions=sum(slot.minutes for slot in slots if slot.kind == ItemKind.QUESTIONS),
        breaks=sum(slot.minutes for slot in slots if slot.kind == ItemKind.BREAK),
    )


def _kind(meeting: Meeting) -> str:
    label = str(SessionKind(meeting.kind).label)
    return "" if label.casefold() == meeting.title.strip().casefold() else label


def _row(conference: Conference, slot: Slot, *, public: bool) -> Row:
    named = tuple(person for person in slot.speakers if person.is_sure or not public)
    return Row(
        begins=hour(conference, slot.starts_at),
        ends=hour(conference, slot.ends_at),
        minutes=slot.minutes,
        kind=slot.kind,
        kind_label=str(ItemKind(slot.kind).label),
        title=slot.title,
        room=slot.room,
        lead=slot.lead.name if slot.lead and (slot.lead.is_sure or not public) else "",
        speakers=named,
        unnamed=len(slot.speakers) - len(named),
    )


def public_changes(conference: Conference, changes: list[Change]) -> list[str]:
    """What everybody may read of the changes: nothing of closed sessions but their day, no name that is not sure."""
    return [sentence(conference, change) for change in changes if _is_public(change)]


def _is_public(change: Change) -> bool:
    if change.what.startswith("session"):
        return not change.concerned or change.after is None or change.after.is_cancelled
    people = (
        *(change.slot_before.speakers if change.slot_before else ()),
        *(change.slot.speakers if change.slot else ()),
    )
    return change.meeting.is_public and all(person.is_sure for person in people)
