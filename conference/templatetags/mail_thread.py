"""The messages to one person, with the fate of each and of their address, for the page of that person."""

from dataclasses import dataclass
from typing import Any

from django import template

from conference.mail.domain.suppression import suppression_of
from conference.mail.models import BounceReport, Message, OptOut, Suppression
from conference.message_rows import message_row
from conference.models import Conference
from conference.words import moment

register = template.Library()


@dataclass(frozen=True)
class Back:
    """One report, as an organiser reads it."""

    report: BounceReport
    when: str


@register.inclusion_tag("mail/desk/_thread.html", takes_context=True)
def messages_to(context: template.Context, conference: Conference, role: str, pk: int) -> dict[str, Any]:
    """All messages of this conference to a "volunteer", an "expert" or a "user" (a colleague); the last first."""
    found = list(Message.objects.filter(conference=conference, recipient_key=f"{role}:{pk}"))
    rows = [message_row(conference, message) for message in found]
    last = max(found, key=lambda message: message.pk, default=None)
    return {**_frame(context), "conference": conference, "rows": rows, "last": last}


@register.inclusion_tag("mail/desk/_address.html", takes_context=True)
def address_of(context: template.Context, conference: Conference, message: Message) -> dict[str, Any]:
    """Where the message's address takes no mail: why, and how to say that it works again. Else nothing."""
    held: Suppression | None = suppression_of(message) if message.recipient_email else None
    left = OptOut.objects.filter(conference=conference, recipient_key=message.recipient_key).first()
    return {
        **_frame(context),
        "conference": conference,
        "message": message,
        "held": held,
        "words": held.words if held and held.words != message.last_error else "",  # not twice on one page
        "since": moment(conference, held.created_at) if held else "",
        "left": left,
        "left_since": moment(conference, left.created_at) if left else "",
    }


@register.inclusion_tag("mail/desk/_reports.html")
def reports_on(conference: Conference, message: Message) -> dict[str, Any]:
    """What came back about one message, in the order in which it came."""
    found = BounceReport.objects.filter(message=message)
    return {"reports": [Back(report, moment(conference, report.received_at)) for report in found]}


def _frame(context: template.Context) -> dict[str, Any]:
    return {name: context.get(name) for name in ("request", "csrf_token", "may_manage")}
