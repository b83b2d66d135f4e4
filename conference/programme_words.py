"""The published programme and what changed in it, in sentences, in the reader's language and on the conference's clock."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from conference.models import Conference
from conference.published import Change, Meeting, Programme, Slot, What, slots_of
from conference.words import day, hour, moment


def slot_when(conference: Conference, slot: Slot, language: str | None = None) -> str:
    """ "9.30 am to 10 am" """
    first, last = (hour(conference, at, language) for at in (slot.starts_at, slot.ends_at))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def sentence(conference: Conference, change: Change, language: str | None = None) -> str:
    """What changed, as a sentence without its full stop; Markdown's signs are not used."""
    slot = change.slot
    if slot is None or change.what.startswith("session"):
        return _of_session(conference, change, language)
    if change.what == What.ADDED:
        return _("New: %(item)s") % {"item": slot_line(conference, slot, language)}
    if change.what == What.REMOVED:
        return _("Taken out: “%(title)s”, %(when)s") % {
            "title": slot.title,
            "when": moment(conference, slot.starts_at, language),
        }
    was, now = change.slot_before or slot, change.slot_after or slot
    if change.what == What.MOVED:
        return _moved(conference, was, now, language)
    return _people(was, now) if change.what == What.PEOPLE else _changed(was, now)


def _of_session(conference: Conference, change: Change, language: str | None) -> str:
    meeting = change.meeting
    values = {"title": meeting.title, "when": _meeting_when(conference, meeting, language), "place": meeting.place}
    if change.what == What.SESSION_ADDED:
        return _("New session: “%(title)s”, %(when)s") % values
    if change.what in {What.SESSION_CANCELLED, What.SESSION_REMOVED}:
        return _("Session “%(title)s” (%(when)s) is cancelled") % values
    if change.concerned:
        names = ", ".join(person.name for person in meeting.facilitators) or _("nobody yet")
        return _("Session “%(title)s” (%(when)s) is facilitated by: %(names)s") % {**values, "names": names}
    if meeting.place:
        return _("Session “%(title)s” now stands so: %(when)s, %(place)s") % values
    return _("Session “%(title)s” now stands so: %(when)s") % values


def _meeting_when(conference: Conference, meeting: Meeting, language: str | None) -> str:
    first, last = conference.local(meeting.starts_at), conference.local(meeting.ends_at)
    if first.date() != last.date():
        both = {
            "first": moment(conference, meeting.starts_at, language),
            "last": moment(conference, meeting.ends_at, language),
        }
        return _("%(first)s to %(last)s") % both
    hours = {
        "first": hour(conference, meeting.starts_at, language),
        "last": hour(conference, meeting.ends_at, language),
    }
    return f"{day(conference, meeting.starts_at, language)}, " + _("%(first)s to %(last)s") % hours


def _moved(conference: Conference, was: Slot, now: Slot, language: str | None) -> str:
    same_day = conference.local(was.starts_at).date() == conference.local(now.starts_at).date()
    values = {
        "title": now.title,
        "day": day(conference, now.starts_at, language),
        "now": hour(conference, now.starts_at, language),
        "was": hour(conference, was.starts_at, language),
        "minutes": _minutes(now.minutes),
        "minutes_before": _minutes(was.minutes),
    }
    if was.starts_at == now.starts_at:
        return _("“%(title)s” (%(day)s, %(now)s) lasts %(minutes)s, no longer %(minutes_before)s") % values
    if not same_day:
        values |= {
            "now": moment(conference, now.starts_at, language),
            "was": moment(conference, was.starts_at, language),
        }
        text = _("“%(title)s” is on %(now)s, no longer on %(was)s") % values
    else:
        text = _("“%(title)s” begins at %(now)s, no longer at %(was)s (%(day)s)") % values
    if was.minutes != now.minutes:
        text += _(", and lasts %(minutes)s") % values
    return text


def _minutes(number: int) -> str:
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", number) % {"minutes": number}


def _changed(was: Slot, now: Slot) -> str:
    parts = []
    if was.title != now.title:
        parts.append(_("is now called “%(title)s”") % {"title": now.title})
    if was.room != now.room:
        parts.append(_("is in %(room)s") % {"room": now.room} if now.room else _("has no room for now"))
    if (was.lead and was.lead.key) != (now.lead and now.lead.key):
        parts.append(_("is led by %(name)s") % {"name": now.lead.name} if now.lead else _("is led by nobody for now"))
    if was.kind != now.kind:
        parts.append(_("is of another kind"))
    return _("“%(title)s” %(what)s") % {"title": was.title, "what": ", ".join(parts)}


def _people(was: Slot, now: Slot) -> str:
    before, after = ({person.key for person in slot.speakers} for slot in (was, now))
    comes = ", ".join(person.name for person in now.speakers if person.key not in before)
    leaves = ", ".join(person.name for person in was.speakers if person.key not in after)
    values = {"title": now.title, "comes": comes, "leaves": leaves}
    if comes and leaves:
        return _("In “%(title)s”, %(comes)s will speak, and no longer %(leaves)s") % values
    if comes:
        return _("In “%(title)s”, %(comes)s will speak") % values
    if leaves:
        return _("In “%(title)s”, %(leaves)s will no longer speak") % values
    return _("In “%(title)s”, what is said of the speakers has changed") % values


def slot_line(conference: Conference, slot: Slot, language: str | None = None) -> str:
    """ "Saturday 13 March 2027, 10.15 am to 10.35 am: Opening, great hall" """
    line = _("%(day)s, %(hours)s: %(title)s") % {
        "day": day(conference, slot.starts_at, language),
        "hours": slot_when(conference, slot, language),
        "title": slot.title,
    }
    return f"{line}, {slot.room}" if slot.room else line


def changes_list(conference: Conference, changes: Iterable[Change], language: str) -> str:
    """The changes as a Markdown list, for a letter."""
    with override(language):
        return "\n".join(f"- {sentence(conference, change, language)}" for change in changes)


def slots_list(conference: Conference, programme: Programme, key: str, language: str) -> str:
    """What one person speaks in or leads, as a Markdown list, for a letter."""
    with override(language):
        lines = [f"- {slot_line(conference, slot, language)}" for _meeting, slot in slots_of(programme, key)]
        return "\n".join(lines) or _("Nothing for now.")
