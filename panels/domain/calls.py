"""The telephone: whom to call, and what came of each call, in the same life of the same invitation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, User
from panels.domain import invitations
from panels.domain.locking import lock_conference
from panels.domain.notices import SUBJECT
from panels.enums import WAITING, CallOutcome, Channel, DeclineReason
from panels.models import CallAttempt, Identity, Invitation

DOUBLE_CLICK = timedelta(seconds=20)
SOON = timedelta(days=3)
_LOST = frozenset({State.FAILED, State.BOUNCED})


class Filter(TextChoices):
    """Which part of the list."""

    NO_MAIL = "no_mail", _lazy("Without e-mail")
    LOST = "lost", _lazy("E-mail does not arrive")
    REMINDED = "reminded", _lazy("Reminded already")
    SOON = "soon", _lazy("Deadline within three days")


@dataclass(frozen=True)
class ToCall:
    """Somebody who has not answered. ``undelivered``: their mail came back. The last attempt stands first."""

    invitation: Invitation
    identity: Identity
    attempts: tuple[CallAttempt, ...]
    undelivered: bool
    reminded: bool

    def fits(self, part: str, now: datetime) -> bool:
        """Whether this person belongs to a part of the list; everybody belongs to an unknown one."""
        belongs: dict[str, bool] = {
            Filter.NO_MAIL: not self.identity.email,
            Filter.LOST: self.undelivered,
            Filter.REMINDED: self.reminded,
            Filter.SOON: self.invitation.deadline < now + SOON,
        }
        return belongs.get(part, True)

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
    lost, reminded = _fates(waiting)
    found = [
        ToCall(
            one,
            one.volunteer.identity,
            tuple(attempts.get(one.pk, ())),
            undelivered=one.bounced_at is not None or str(one.pk) in lost,
            reminded=str(one.pk) in reminded,
        )
        for one in waiting
    ]
    today = conference.local(timezone.now()).date()
    return sorted(
        found,
        key=lambda one: (
            one.wrong_number,
            one.again_on is not None and one.again_on > today,
            bool(one.identity.email) and not one.undelivered,
        ),
    )


def _fates(waiting: list[Invitation]) -> tuple[set[str], set[str]]:
    """Whose last message did not arrive, and who was reminded; by the invitations' ids, in one query."""
    messages = Message.objects.filter(
        subject_type=SUBJECT,
        subject_id__in=[str(one.pk) for one in waiting],
        state__in=[State.SENT, *_LOST],
    )
    last: dict[str, str] = {}
    reminded = set()
    for subject, kind, state in messages.order_by("due_at", "pk").values_list("subject_id", "kind", "state"):
        last[subject] = state
        if kind == Kind.INVITATION_REMINDER and state == State.SENT:
            reminded.add(subject)
    return {subject for subject, state in last.items() if state in _LOST}, reminded


def _clicked_already(invitation: Invitation, actor: User, outcome: CallOutcome) -> CallAttempt | None:
    """The same click twice is one call."""
    since = timezone.now() - DOUBLE_CLICK
    return CallAttempt.objects.filter(invitation=invitation, by=actor, outcome=outcome, at__gt=since).first()


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
    earlier = _clicked_already(invitation, actor, result)
    if earlier:
        return earlier
    if invitation.state not in WAITING:
        raise DomainError(_("An answer has come in the meantime: nobody needs to be called any more."))
    if result == CallOutcome.AGAIN and (again_on is None or again_on < conference.local(timezone.now()).date()):
        raise DomainError(_("Write on which day to call again: today or later."))
    attempt = CallAttempt.objects.create(
        invitation=invitation, outcome=result, again_on=again_on if result == CallOutcome.AGAIN else None, by=actor
    )
    reference = invitation.volunteer.reference
    record(f"call.{result.value}", conference=conference, actor=actor, obj=invitation, reference=reference)
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
