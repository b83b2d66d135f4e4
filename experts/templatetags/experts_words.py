"""Sessions in words, in the reader's language, for the templates of this room."""

from datetime import datetime

from django import template

from conference import words
from conference.models import Conference, Session
from experts.models import Availability
from experts.scale import position_label

register = template.Library()


@register.simple_tag
def session_when(session: Session) -> str:
    """ "Saturday 16 January 2027, from 9:30 to 17:00" """
    return words.session_when(session)


@register.simple_tag
def day(conference: Conference, at: datetime) -> str:
    """ "Saturday 16 January 2027", on the conference's clock."""
    return words.day(conference, at)


@register.simple_tag
def hour(session: Session, at: datetime) -> str:
    """ "9.30 am", on the clock of the session's conference."""
    return words.hour(session.conference, at)


@register.simple_tag
def hour_of(conference: Conference, at: datetime) -> str:
    """ "9.30 am" """
    return words.hour(conference, at)


@register.simple_tag
def position_words(conference: Conference, position: str) -> str:
    """A position on the scale, in the words of the conference."""
    return position_label(conference, position)


@register.simple_tag
def stretch_when(conference: Conference, stretch: Availability) -> str:
    """ "Saturday 16 January 2027, 9.30 am to 1 pm" """
    start, end = (conference.local(at) for at in (stretch.starts_at, stretch.ends_at))
    if start.date() == end.date():
        first = words.day(conference, start)
        return f"{first}, {words.hour(conference, start)} – {words.hour(conference, end)}"
    return f"{words.moment(conference, start)} – {words.moment(conference, end)}"
