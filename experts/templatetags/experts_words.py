"""Sessions in words, in the reader's language, for the templates of this room."""

from datetime import datetime

from django import template

from conference import words
from conference.models import Conference, Session

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
