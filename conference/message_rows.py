"""A message in a list: its colour, its moment in words, and why it failed, waits or was cancelled."""

from dataclasses import dataclass

from conference.mail.enums import State
from conference.mail.models import Message
from conference.models import Conference
from conference.words import moment

TONES = {
    State.SENT: "accepted",
    State.SENDING: "waiting",
    State.RETRY: "waiting",
    State.HELD: "waiting",
    State.FAILED: "gone",
    State.BOUNCED: "gone",
}


@dataclass(frozen=True)
class Row:
    message: Message
    tone: str
    when: str
    note: str  # why it failed, waits or was cancelled


def message_row(conference: Conference, message: Message) -> Row:
    when = moment(conference, message.sent_at or message.due_at)
    return Row(message, TONES.get(State(message.state), ""), when, message.state_reason or message.last_error)
