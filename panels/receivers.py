"""What the panel does when the core changes something: it follows sessions, and keeps a drawn panel as it was drawn."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from conference.domain.conferences import conference_changed
from conference.domain.errors import DomainError
from conference.domain.sessions import Change, session_changed
from conference.models import Conference, Session
from panels.domain import notices
from panels.domain.volunteers import draw_is_live
from panels.models import Draw


@receiver(session_changed)
def follow_session(session: Session, change: Change, **kwargs: Any) -> None:
    if change == Change.ADDED:
        notices.session_added(session)
    else:
        notices.session_changed(session, change=change)


SENDING_RULES = {"reminder_days", "session_reminder_days", "reminder_hour", "weekend_messages", "timezone"}


@receiver(conference_changed)
def follow_sending_rules(conference: Conference, fields: Collection[str], **kwargs: Any) -> None:
    """Reminders that are still to come follow the rules at once."""
    if SENDING_RULES & set(fields):
        conference.sending_version += 1
        conference.save(update_fields=["sending_version"])
        notices.rules_changed(conference)


@receiver(conference_changed)
def keep_drawn_panel(conference: Conference, fields: Collection[str], **kwargs: Any) -> None:
    """The number of seats belongs to the draw: it cannot change once that is announced."""
    if "seats" in fields and draw_is_live(conference):
        raise DomainError(_("The panel is drawn: its number of seats can no longer change."))


@receiver(conference_changed)
def keep_announcements_visible(conference: Conference, fields: Collection[str], **kwargs: Any) -> None:
    """What was announced stays on the public page, also where it was withdrawn: a draw is not hidden with its page."""
    hidden = "is_published" in fields and not conference.is_published
    if hidden and Draw.objects.filter(conference=conference).public().exists():
        raise DomainError(_("A draw has been announced: the public page shows it, and can no longer be hidden."))
