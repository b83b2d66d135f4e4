"""Dates and times in words, on the conference's own clock: "samedi 16 janvier 2027, de 9 h 30 à 17 h"."""

from datetime import date, datetime, time

from django.utils import translation
from django.utils.formats import date_format

from conference.models import Conference, Session

NBSP = "\N{NO-BREAK SPACE}"


def _hour(moment: datetime, language: str) -> str:
    """ "9 h 30", "17 h"; "9.30 am", "5 pm"."""
    if language == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")
    half = "am" if moment.hour < 12 else "pm"
    hour = moment.hour % 12 or 12
    return f"{hour}" + (f".{moment.minute:02d}" if moment.minute else "") + f"{NBSP}{half}"


def _day(moment: date, language: str) -> str:
    """ "samedi 16 janvier 2027" (the first of a month is "1er"); "Saturday 16 January 2027"."""
    with translation.override(language):
        weekday, month = date_format(moment, "l"), date_format(moment, "F")
    number = f"{moment.day}er" if language == "fr" and moment.day == 1 else str(moment.day)
    return f"{weekday} {number}{NBSP}{month} {moment.year}"


def _language(language: str | None) -> str:
    return (language or translation.get_language() or "fr")[:2]


def day(conference: Conference, at: datetime, language: str | None = None) -> str:
    """The day of a moment, in words."""
    return _day(conference.local(at), _language(language))


def plain_day(of: date, language: str | None = None) -> str:
    """A date that has no hour and no zone, in words: the day of a deadline, of an erasure."""
    return _day(of, _language(language))


def hour(conference: Conference, at: datetime, language: str | None = None) -> str:
    """The hour of a moment, in words: "9 h 30"; "9.30 am"."""
    return _hour(conference.local(at), _language(language))


def clock(at: time, language: str | None = None) -> str:
    """A time of day that was noted, always with its minutes: "10 h 15", "10 h 00"; "10:15"."""
    if _language(language) == "fr":
        return f"{at.hour}{NBSP}h{NBSP}{at.minute:02d}"
    return at.strftime("%H:%M")


def moment(conference: Conference, at: datetime, language: str | None = None) -> str:
    """ "vendredi 4 décembre 2026 à 18 h"; "Friday 4 December 2026 at 6 pm"."""
    language = _language(language)
    local = conference.local(at)
    return f"{_day(local, language)} {'à' if language == 'fr' else 'at'}{NBSP}{_hour(local, language)}"


def session_when(session: Session, language: str | None = None) -> str:
    """When a session takes place, in words; over several days, from the first moment to the last."""
    language = _language(language)
    start, end = session.conference.local(session.starts_at), session.conference.local(session.ends_at)
    if start.date() != end.date():
        first, last = (moment(session.conference, at, language) for at in (start, end))
        return f"du {first} au {last}" if language == "fr" else f"from {first} to {last}"
    if language == "fr":
        return f"{_day(start, language)}, de{NBSP}{_hour(start, language)} à{NBSP}{_hour(end, language)}"
    return f"{_day(start, language)}, {_hour(start, language)} to {_hour(end, language)}"


def sessions_list(conference: Conference, language: str | None = None) -> str:
    """The sessions that are held, as a Markdown list: title, when, where."""
    lines = []
    for session in Session.objects.filter(conference=conference).held().select_related("conference"):
        place = f", {session.place}" if session.place else ""
        colon = f"{NBSP}:" if _language(language) == "fr" else ":"
        lines.append(f"- **{session.title}**{colon} {session_when(session, language)}{place}")
    return "\n".join(lines)
