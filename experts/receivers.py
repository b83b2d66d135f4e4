"""What experts are told when the core changes something."""

from typing import Any

from django.dispatch import receiver

from conference.domain.sessions import Change, session_changed
from conference.models import Session
from experts.domain import notices


@receiver(session_changed)
def follow_session(session: Session, change: Change, **kwargs: Any) -> None:
    if change != Change.ADDED:
        notices.session_changed(session)
