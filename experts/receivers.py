"""What experts are told when the core changes something, and what a committee need not be asked any more."""

from typing import Any

from django.dispatch import receiver

from conference.domain.sessions import Change, session_changed
from conference.models import Membership, Session
from experts.domain import committee_asked, notices
from experts.domain.board import board_judged
from experts.domain.committee import opinion_given


@receiver(session_changed)
def follow_session(session: Session, change: Change, **kwargs: Any) -> None:
    if change != Change.ADDED:
        notices.session_changed(session)


@receiver([opinion_given, board_judged])
def need_not_ask(member: Membership, **kwargs: Any) -> None:
    committee_asked.acted(member)
