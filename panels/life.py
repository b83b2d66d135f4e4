"""The life of a seat, invitation by invitation: what happened, when, by which way, and what stands in the way now.

Read from what is kept anyway (the log, the outbox, the invitations), in two queries whatever the length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.events import sentence
from conference.mail.enums import OPEN, State
from conference.mail.models import Message
from conference.models import Conference, Event
from conference.words import moment
from panels.domain.notices import SUBJECT
from panels.enums import HOLDING, Channel, InvitationState
from panels.models import Invitation

_TOLD_BY_THE_MESSAGE = {"invitation.sent"}
_TONES = {
    InvitationState.PENDING: "waiting",
    InvitationState.SENT: "waiting",
    InvitationState.ACCEPTED: "accepted",
}


@dataclass(frozen=True)
class Step:
    """One thing that happened, or is to come. ``message``: the outbox's row, to be read there."""

    at: datetime
    when: str
    words: str
    how: str = ""  # by which way, through whom, and why
    message: Message | None = None
    to_come: bool = False
    failed: bool = False


@dataclass(frozen=True)
class Life:
    invitation: Invitation
    label: str
    tone: str
    steps: tuple[Step, ...]  # the latest first
    replaced: bool  # somebody else was invited to the seat since


def lives(conference: Conference, invitations: Sequence[Invitation]) -> list[Life]:
    """``invitations``: all of one seat, the latest first."""
    steps: dict[str, list[Step]] = {str(one.pk): [] for one in invitations}
    events = Event.objects.filter(object_type=Invitation._meta.label_lower, object_id__in=steps).select_related("actor")
    for event in events.exclude(verb__in=_TOLD_BY_THE_MESSAGE):
        steps[event.object_id].append(_of_event(conference, event))
    for message in Message.objects.filter(subject_type=SUBJECT, subject_id__in=steps).exclude(state=State.CANCELLED):
        steps[message.subject_id].append(_of_message(conference, message))
    return [
        Life(one, *_standing(one, replaced=number > 0), _sorted(steps[str(one.pk)]), replaced=number > 0)
        for number, one in enumerate(invitations)
    ]


def _sorted(steps: list[Step]) -> tuple[Step, ...]:
    """The latest first; of what is to come the next only, since a page of its own tells all that goes out when."""
    to_come = sorted((step for step in steps if step.to_come), key=lambda step: step.at)[:1]
    return (*to_come, *sorted((step for step in steps if not step.to_come), key=lambda step: step.at, reverse=True))


def _standing(invitation: Invitation, *, replaced: bool) -> tuple[str, str]:
    """The state in words, and its colour."""
    label = invitation.get_state_display()
    if invitation.is_unreached:
        return _("%(state)s; not reached yet") % {"state": label}, "gone"
    if invitation.state in HOLDING:
        return label, _TONES[InvitationState(invitation.state)]
    return (_("%(state)s; replaced") % {"state": label}, "replaced") if replaced else (label, "gone")


def _of_event(conference: Conference, event: Event) -> Step:
    way = event.data.get("channel", "")
    parts = [
        str(Channel(way).label) if way in Channel.values and way != Channel.PROGRAM else "",
        str(event.actor or event.actor_label),
        event.reason,
    ]
    how = " · ".join(part for part in parts if part)
    return Step(event.at, moment(conference, event.at), sentence(event), how, failed=event.verb == "invitation.bounced")


def _of_message(conference: Conference, message: Message) -> Step:
    at = message.sent_at or message.due_at
    return Step(
        at,
        moment(conference, at),
        _("E-mail: %(kind)s") % {"kind": message.get_kind_display()},
        str(message.get_state_display()),
        message,
        to_come=message.state in OPEN and at > timezone.now(),
        failed=message.state in {State.FAILED, State.BOUNCED},
    )
