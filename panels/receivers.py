"""What the panel does when a session changes: tell those who come, and reckon their reminders anew."""

from typing import Any

from django.dispatch import receiver

from conference.domain.sessions import Change, session_changed
from conference.models import Session
from panels.domain import notices


@receiver(session_changed)
def follow_session(session: Session, change: Change, **kwargs: Any) -> None:
    if change == Change.ADDED:
        notices.session_added(session)
    else:
        notices.session_changed(session, change=change)
