"""The messages to one person, with the fate of each, for the page of that person."""

from typing import Any

from django import template

from conference.mail.models import Message
from conference.message_rows import message_row
from conference.models import Conference

register = template.Library()


@register.inclusion_tag("mail/desk/_thread.html")
def messages_to(conference: Conference, role: str, pk: int) -> dict[str, Any]:
    """All messages of this conference to a "volunteer", an "expert" or a "user" (a colleague); the last first."""
    found = list(Message.objects.filter(conference=conference, recipient_key=f"{role}:{pk}"))
    rows = [message_row(conference, message) for message in found]
    return {"conference": conference, "rows": rows}
