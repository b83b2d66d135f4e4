"""The telephone: whom to call, and what came of each call, in the same life of the same invitation."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.enums import State
from conference.mail.models import Message
from conference.models import Conference, User
from panels.domain import invitations
from panels.domain.locking import lock_conference
from panels.domain.notices import SUBJECT
from panels.enums import WAITING, CallOutcome, Channel, DeclineReason
from panels.models import CallAttempt, Identity, Invitation


@dataclass(frozen=True)
class ToCall:
    """Somebody who has not answered. ``undelivered``: their mail came back. The last attempt stands first."""

    invitation: Invitation
    identity: Identity
    attempts: tuple[CallAttempt, ...]
    undelivered: bool

    @property
    def wrong_number(self) -> bool:
        return bool(self.attempts) and self.attempts[0].outcome == CallOutcome.WRONG_NUMBER

    @property
    def again_on(self) -> date | None:
        return self.attempts[0].again_on if self.attempts else None


def to_call(conference: Conference) -> list[ToCall]:
    """Those who are awaited and have a telephone, in three queries: who has no e-mail or lost it first, then by deadline."""
    waiting = list(
        Invitation.objects.filter(
            conference=conference, state__in=WAITING, deadline__gt=timezone.now(), volunteer__identity__isnull=False
        )
        .exclude(volunteer__identity__phone="")
        .select_related("volunteer__identity", "seat", "conference")
        .order_by("deadline", "seat__number")
    )
    attempts: dict[int, list[CallAttempt]] = {}
    for attempt in CallAttempt.objects.filter(invitation__in=waiting).select_related("by"):
        attempts.setdefault(attempt.invitation_id, []).append(attempt)
    lost = set(
        Message.objects.filter(
            subject_type=SUBJECT,
            subject_id__in=[str(one.pk) for one in waiting],
            state__in=[State.FAILED, State.BOUNCED],
        ).values_list("subject_id", flat=True)
    )
    found = [
        ToCall(one, one.volunteer.identity, tuple(attempts.get(one.pk, ())), str(one.pk) in lost) for one in waiting
    ]
    return sorted(found, key=lambda one: (one.wrong_number, bool(one.identity.email) and not one.undelivered))


@transaction.atomic
def note_call(
    *,
    invitation: Invitation,
    actor: User,
    outcome: str,
    decline_reason: str = "",
    again_on: date | None = None,
) -> CallAttempt:
    """Keep what came of a call; a yes or a no is the person's answer, by the same rules as any other."""
    conference = lock_conference(invitation.conference_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("volunteer").get(pk=invitation.pk)
    result = CallOutcome(outcome)
    if invitation.state not in WAITING:
        raise DomainError(_("An answer has come in the meantime: nobody needs to be called any more."))
    if result == CallOutcome.AGAIN and again_on is None:
        raise DomainError(_("Write on which day to call again."))
    attempt = CallAttempt.objects.create(
        invitation=invitation, outcome=result, again_on=again_on if result == CallOutcome.AGAIN else None, by=actor
    )
    record(
        "call.made",
        conference=conference,
        actor=actor,
        obj=invitation,
        reference=invitation.volunteer.reference,
        outcome=result.value,
    )
    if result == CallOutcome.ACCEPTED:
        invitations.accept(
            invitation_id=invitation.pk, channel=Channel.TELEPHONE, actor=actor, reason=_("by telephone")
        )
    elif result == CallOutcome.DECLINED:
        reason = decline_reason if decline_reason in DeclineReason.values else DeclineReason.UNSAID
        invitations.decline(
            invitation_id=invitation.pk,
            channel=Channel.TELEPHONE,
            actor=actor,
            decline_reason=reason,
            reason=_("by telephone"),
        )
    return attempt
