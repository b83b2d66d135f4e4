"""The one place where a message changes state."""

from conference.mail.enums import TRANSITIONS, State
from conference.mail.models import Message


def move(message: Message, to: State) -> None:
    """Check the table of transitions; the caller holds the row's lock and saves."""
    if to not in TRANSITIONS[State(message.state)]:
        raise ValueError(f"A message cannot go from {message.state} to {to}.")
    message.state = to
