"""Sessions as an iCalendar file (RFC 5545) that calendar programs follow through changes and cancellations."""

from collections.abc import Iterable

from django.utils import timezone
from icalendar import Calendar, Event

from conference.models import Conference, Session

PRODUCT = "-//Concitoyen//Citizen conference//FR"


def _event(conference: Conference, session: Session, *, cancelled: bool, place: bool) -> Event:
    event = Event()
    event.add("uid", f"{session.uid}@concitoyen")  # stable for ever: it is how programs recognise the session
    event.add("sequence", session.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.starts_at.astimezone(conference.zone))
    event.add("dtend", session.ends_at.astimezone(conference.zone))
    event.add("summary", f"{session.title} ({conference.title})")
    if session.place and place:
        event.add("location", session.place)
    if session.description:
        event.add("description", session.description)
    event.add("status", "CANCELLED" if cancelled or session.cancelled_at else "CONFIRMED")
    return event


def calendar_for(
    conference: Conference, sessions: Iterable[Session], *, method: str = "PUBLISH", public: bool = False
) -> bytes:
    """The file, with the definition of the conference's time zone inside.

    ``method``: PUBLISH for a feed (a cancelled session stays in it, marked as such), CANCEL to take sessions out of the
    calendar of somebody who will not come. ``public``: for everybody, so without the places of closed sessions, where
    citizens deliberate undisturbed.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", conference.title)
    for session in sessions:
        place = session.is_public or not public
        calendar.add_component(_event(conference, session, cancelled=method == "CANCEL", place=place))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
