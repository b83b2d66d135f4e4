"""Which messages an act of the panel causes or cancels. The words and the moment of sending are the outbox's business.

All messages of an invitation bear it as their subject, so that one call cancels whatever has lost its reason. Reminders
are rows with a due time, reckoned on the conference's own clock.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import outbox
from conference.mail.enums import Kind
from conference.models import Conference, Session
from panels.models import Identity, Invitation, Volunteer

SUBJECT = "panels.invitation"
REMINDER_HOUR = time(10)  # late enough for a telephone to ring, early enough to call back the same day


def _identity(volunteer: Volunteer) -> Identity | None:
    return Identity.objects.filter(volunteer=volunteer).first()


def recipient_of(volunteer: Volunteer) -> outbox.Recipient | None:
    """Where to write to; None for an erased person or one without an e-mail address."""
    identity = _identity(volunteer)
    if identity is None or not identity.email:
        return None
    return outbox.Recipient(f"volunteer:{volunteer.pk}", identity.email, str(identity), identity.language)


def has_address(volunteer: Volunteer) -> bool:
    return recipient_of(volunteer) is not None


def _schedule(
    invitation: Invitation,
    kind: Kind,
    occurrence: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    data: dict[str, object] | None = None,
) -> None:
    recipient = recipient_of(invitation.volunteer)
    if recipient is None:
        return  # they are called or written to; the panel page shows who has no address
    outbox.schedule(
        kind=kind,
        recipient=recipient,
        conference_id=invitation.conference_id,
        subject_type=SUBJECT,
        subject_id=invitation.pk,
        occurrence=occurrence,
        due_at=due_at,
        expires_at=expires_at,
        data=data or {},
    )


def local_moment(conference: Conference, base: datetime, days: int) -> datetime:
    """So many days after (or before) a moment, at the hour of reminders, on the conference's clock."""
    day = conference.local(base).date() + timedelta(days=days)
    return datetime.combine(day, REMINDER_HOUR, conference.zone)


def invite(invitation: Invitation) -> None:
    """The invitation now, and its reminders, as far as they come before the deadline."""
    _schedule(invitation, Kind.INVITATION, "1", expires_at=invitation.deadline)
    for days in sorted(set(invitation.conference.reminder_days)):
        due = local_moment(invitation.conference, invitation.created_at, days)
        if timezone.now() < due < invitation.deadline:
            _schedule(invitation, Kind.INVITATION_REMINDER, f"day{days}", due_at=due, expires_at=invitation.deadline)


def send_link(invitation: Invitation, *, asked_at: datetime | None = None) -> None:
    """The link once more: each version, and each time that the citizen asks, is a message of its own."""
    asked = f"-{asked_at:%Y%m%dT%H%M%S%f}" if asked_at else ""
    _schedule(invitation, Kind.INVITATION, f"{invitation.version}{asked}")


def _answer_number(invitation: Invitation) -> str:
    """Tells one answer from the next, so that a change of mind is confirmed too and a double click is not."""
    moment = invitation.answered_at or timezone.now()
    return moment.strftime("%Y%m%dT%H%M%S%f")


def accepted(invitation: Invitation) -> None:
    cancel_all(invitation, reason=_("An answer came"))
    number = _answer_number(invitation)
    _schedule(invitation, Kind.ACCEPTED, number)
    for session in Session.objects.filter(conference=invitation.conference).upcoming(timezone.now()):
        _remind_of_session(invitation, session, number)


def _remind_of_session(invitation: Invitation, session: Session, number: str) -> None:
    for days in sorted(set(invitation.conference.session_reminder_days)):
        due = local_moment(invitation.conference, session.starts_at, -days)
        if due > timezone.now():  # who joins after a reminder was due is not sent it
            _schedule(
                invitation,
                Kind.SESSION_REMINDER,
                f"{session.pk}-{days}-{number}",
                due_at=due,
                expires_at=session.starts_at,
                data={"session": session.pk},
            )


def declined(invitation: Invitation) -> None:
    cancel_all(invitation, reason=_("An answer came"))
    _schedule(invitation, Kind.DECLINED, _answer_number(invitation))


def cancel_all(invitation: Invitation, *, reason: str) -> None:
    """Nothing more goes out about this invitation."""
    outbox.cancel(subject_type=SUBJECT, subject_id=invitation.pk, reason=reason)


def session_changed(session: Session, *, change: str) -> None:
    """Tell those who have accepted, and reckon their reminders anew. ``change``: "moved" or "cancelled"."""
    from conference.mail.models import Message  # noqa: PLC0415 - only this act looks into the outbox

    old = Message.objects.open().filter(
        conference=session.conference, kind=Kind.SESSION_REMINDER, data__session=session.pk
    )
    for subject_id in set(old.values_list("subject_id", flat=True)):
        outbox.cancel(
            subject_type=SUBJECT,
            subject_id=subject_id,
            kinds={Kind.SESSION_REMINDER},
            reason=_("The session changed"),
            data={"session": session.pk},
        )
    for invitation in _accepted(session.conference):
        _schedule(
            invitation,
            Kind.SESSION_CHANGED,
            f"{session.pk}-{session.sequence}",
            expires_at=session.ends_at,
            data={"session": session.pk, "change": change},
        )
        if session.cancelled_at is None:
            _remind_of_session(invitation, session, f"{_answer_number(invitation)}-{session.sequence}")


def session_added(session: Session) -> None:
    """Those who have accepted are reminded of it like of the others."""
    for invitation in _accepted(session.conference):
        _remind_of_session(invitation, session, _answer_number(invitation))


def _accepted(conference: Conference) -> Iterable[Invitation]:
    return Invitation.objects.filter(conference=conference).accepted().select_related("conference", "volunteer")
