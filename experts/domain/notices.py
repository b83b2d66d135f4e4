"""Which messages an act on an expert causes or cancels. What fills them stands in ``letters``.

All messages to an expert bear the expert as their subject, so that one call cancels whatever has lost its reason.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import outbox
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Session
from experts.enums import CONCERNED, ExpertState
from experts.models import AccessCode, BriefingVersion, Claim, Expert

SUBJECT = "experts.expert"


def _recipient(expert: Expert) -> outbox.Recipient:
    return outbox.Recipient(f"expert:{expert.pk}", expert.email, str(expert), expert.language)


def readdress(expert: Expert) -> None:
    """What has not gone out follows the expert's address, name and language."""
    outbox.recipient_changed(recipient=_recipient(expert))


def _schedule(
    expert: Expert, kind: Kind, occurrence: str, *, expires_at: datetime | None = None, **data: object
) -> None:
    outbox.schedule(
        kind=kind,
        recipient=_recipient(expert),
        conference_id=expert.conference_id,
        subject_type=SUBJECT,
        subject_id=expert.pk,
        occurrence=occurrence,
        expires_at=expires_at,
        data=data,
    )


def invite(expert: Expert) -> None:
    _schedule(expert, Kind.EXPERT_INVITATION, f"link-{expert.link_version}", version=expert.link_version)


def send_link(expert: Expert, *, once: str = "") -> None:
    """The personal link, in the letter that fits what the expert has answered. ``once`` names a span of time in which
    asking again sends nothing more."""
    kind = Kind.EXPERT_ACCEPTED if expert.state == ExpertState.ACCEPTED else Kind.EXPERT_INVITATION
    occurrence = f"link-{expert.link_version}" + (f"-{once}" if once else "")
    _schedule(expert, kind, occurrence, version=expert.link_version, asked=bool(once))


def answered(expert: Expert) -> None:
    """An acceptance is confirmed with the sessions as a calendar; letters for an earlier state no longer go out."""
    if expert.state not in CONCERNED:
        cancel_all(expert, _("An answer came"))
    cancel_links(expert, _("An answer came"))
    if expert.state == ExpertState.ACCEPTED:
        # The moment tells one answer from the next: a change of mind is confirmed too, a double click is not.
        moment = expert.answered_at or timezone.now()
        _schedule(expert, Kind.EXPERT_ACCEPTED, f"{moment:%Y%m%dT%H%M%S%f}", version=expert.link_version)


def briefing_published(version: BriefingVersion, expert: Expert) -> None:
    _schedule(expert, Kind.BRIEFING_CHANGED, f"briefing-version-{version.pk}", briefing_version=version.pk)


def remind_of_briefing(version: BriefingVersion, expert: Expert, at: datetime) -> None:
    """By itself, once for each version."""
    _reminder(version, expert, at, "first")


def remind_by_hand(version: BriefingVersion, expert: Expert) -> bool:
    """At once, and instead of the one that waits for its time. Whether it was done: once a day is enough."""
    now = timezone.now()
    today = f"{expert.conference.local(now):%Y-%m-%d}"
    sent = Message.objects.filter(
        kind=Kind.BRIEFING_REMINDER,
        subject_type=SUBJECT,
        subject_id=str(expert.pk),
        occurrence=_occasion(version, today),
    )
    if sent.exists():
        return False
    cancel_reminders(expert, version, _("Reminded earlier, by hand"))
    _reminder(version, expert, now, today)
    return True


def _occasion(version: BriefingVersion, once: str) -> str:
    return f"briefing-version-{version.pk}-{once}"


def _reminder(version: BriefingVersion, expert: Expert, at: datetime, once: str) -> None:
    outbox.schedule(
        kind=Kind.BRIEFING_REMINDER,
        recipient=_recipient(expert),
        conference_id=expert.conference_id,
        subject_type=SUBJECT,
        subject_id=expert.pk,
        occurrence=_occasion(version, once),
        due_at=at,
        data={"briefing_version": version.pk},
    )


def cancel_reminders(expert: Expert, version: BriefingVersion, reason: str) -> None:
    outbox.cancel(
        subject_type=SUBJECT,
        subject_id=expert.pk,
        kinds={Kind.BRIEFING_REMINDER},
        data={"briefing_version": version.pk},
        reason=reason,
    )


def session_changed(session: Session) -> None:
    """Those who speak in it are told, once for each change; the invited too, who may be about to accept."""
    speakers = Expert.objects.concerned().filter(contributions__session=session).distinct()
    for expert in speakers:
        occurrence = f"session-{session.pk}-{session.sequence}"
        _schedule(expert, Kind.EXPERT_SESSION_CHANGED, occurrence, expires_at=session.ends_at, session=session.pk)


def send_code(code: AccessCode) -> None:
    """The message names the code's row: the digits are reckoned when it leaves."""
    _schedule(code.expert, Kind.EXPERT_CODE, f"code-{code.pk}", expires_at=code.expires_at, code=code.pk)


def claim_decided(claim: Claim) -> None:
    moment = claim.decided_at or timezone.now()
    _schedule(claim.expert, Kind.EXPERT_CLAIM, f"{moment:%Y%m%dT%H%M%S%f}", claim=claim.pk, state=claim.state)


def cancel_links(expert: Expert, reason: str) -> None:
    """Letters about an older link or answer. News of a briefing stays: its link is made when it leaves."""
    outbox.cancel(
        subject_type=SUBJECT, subject_id=expert.pk, kinds={Kind.EXPERT_INVITATION, Kind.EXPERT_ACCEPTED}, reason=reason
    )


def cancel_all(expert: Expert, reason: str) -> None:
    outbox.cancel(subject_type=SUBJECT, subject_id=expert.pk, reason=reason)
