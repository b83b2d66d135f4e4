"""Sessions as an iCalendar file (RFC 5545) that calendar programs follow through changes and cancellations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from icalendar import Calendar, Event

from conference.calendar_zone import timezone_component
from conference.models import Conference, Session
from conference.published import Meeting, Programme, Slot

PRODUCT = "-//Concitoyen//Citizen conference//FR"


def _begun(conference: Conference, uid: object, sequence: int, starts_at: datetime, ends_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@concitoyen")  # stable for ever: it is how programs recognise the session
    event.add("sequence", sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _moment(conference, starts_at))
    event.add("dtend", _moment(conference, ends_at))
    return event


def _moment(conference: Conference, at: datetime) -> datetime:
    """On the conference's clock, so that programs show it so; in the hour that comes twice, the second time in UTC, since
    on the clock it would mean the first (RFC 5545, 3.3.5)."""
    local = conference.local(at)
    return at.astimezone(UTC) if local.fold else local


def _event(conference: Conference, session: Session, *, cancelled: bool, place: bool, changes: int) -> Event:
    event = _begun(conference, session.uid, session.sequence + changes, session.starts_at, session.ends_at)
    event.add("summary", f"{session.title} ({conference.title})")
    if session.place and place:
        event.add("location", session.place)
    if session.description:
        event.add("description", session.description)
    event.add("status", "CANCELLED" if cancelled or session.cancelled_at else "CONFIRMED")
    return event


@dataclass(frozen=True)
class Turn:
    """One item of the published programme in the calendar of somebody who speaks in it or leads it.

    ``sequence`` is the version that last changed it, so it only grows; one that was taken out stays, as cancelled, since
    calendar programs forget nothing by themselves.
    """

    slot: Slot
    meeting: Meeting
    sequence: int
    is_cancelled: bool


def turns_of(versions: Iterable[tuple[int, Programme]], key: str) -> list[Turn]:
    """Every turn that a person has or had, from all published versions (number, programme), the oldest first."""
    turns: dict[str, Turn] = {}
    for number, programme in versions:
        now = {slot.uid: (meeting, slot) for meeting in programme for slot in meeting.slots if key in slot.people}
        for uid, (meeting, slot) in now.items():
            turn, was = Turn(slot, meeting, number, meeting.is_cancelled), turns.get(uid)
            turns[uid] = was if was and _says(was) == _says(turn) else turn
        for uid, was in turns.items():
            if uid not in now and not was.is_cancelled:
                turns[uid] = Turn(was.slot, was.meeting, number, is_cancelled=True)
    return list(turns.values())


def _says(turn: Turn) -> tuple[object, ...]:
    slot, meeting = turn.slot, turn.meeting
    return (slot.title, slot.starts_at, slot.minutes, slot.room, meeting.place, meeting.title, turn.is_cancelled)


def _turn_event(conference: Conference, turn: Turn, *, gone: bool, changes: int) -> Event:
    event = _begun(conference, turn.slot.uid, turn.sequence + changes, turn.slot.starts_at, turn.slot.ends_at)
    event.add("summary", f"{turn.slot.title} ({conference.title})")
    where = ", ".join(part for part in (turn.slot.room, turn.meeting.place) if part)
    if where:
        event.add("location", where)
    event.add("description", turn.meeting.title)
    event.add("status", "CANCELLED" if gone or turn.is_cancelled else "CONFIRMED")
    return event


def calendar_for(
    conference: Conference,
    sessions: Iterable[Session],
    *,
    method: str = "PUBLISH",
    public: bool = False,
    turns: Sequence[Turn] = (),
    gone: bool = False,
    changes: int = 0,
) -> bytes:
    """The file, with the definition of the conference's time zone inside.

    ``method``: PUBLISH for a feed (a cancelled session stays in it, marked as such), CANCEL to take sessions out of the
    calendar of somebody who will not come. ``public``: for everybody, so without the places of closed sessions, where
    citizens deliberate undisturbed. ``gone``: of somebody who no longer comes, all of it cancelled, in a feed; ``changes``:
    how often they have come and gone, since a sequence that does not grow is not heard.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", conference.title)
    cancelled = method == "CANCEL" or gone
    events = [
        _event(conference, session, cancelled=cancelled, place=session.is_public or not public, changes=changes)
        for session in sessions
    ]
    events += [_turn_event(conference, turn, gone=gone, changes=changes) for turn in turns]
    moments = [event.decoded(name) for event in events for name in ("dtstart", "dtend")]
    if moments:
        calendar.add_component(timezone_component(conference.zone, min(moments), max(moments)))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
