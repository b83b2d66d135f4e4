"""What the core app stores."""

from conference.models.conference import Conference, Membership
from conference.models.document import Document
from conference.models.event import Event
from conference.models.programme import Item, Room
from conference.models.publication import ProgrammeVersion
from conference.models.session import Session, Step
from conference.models.user import User

__all__ = [
    "Conference",
    "Document",
    "Event",
    "Item",
    "Membership",
    "ProgrammeVersion",
    "Room",
    "Session",
    "Step",
    "User",
]
