"""Sessions in words, in the reader's language, for the templates of this room."""

from django import template
from django.utils.translation import get_language

from conference import words
from conference.models import Session

register = template.Library()


@register.simple_tag
def session_when(session: Session) -> str:
    """ "Saturday 16 January 2027, from 9:30 to 17:00" """
    return words.session_when(session, get_language() or "fr")
