"""Which messages an act of the panel causes or cancels. The words and the moment of sending are the outbox's business.

All messages of an invitation bear it as their subject, so that one call cancels whatever has lost its reason. Reminders
are rows with a due time, reckoned on the conference's own clock.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import outbox
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Session
from conference.timing import next_waking_moment, reminder_after, reminder_before
from panels.enums import WAITING
from panels.models import Identity, Invitation, Volunteer

SUBJECT = "panels.invitation"
Sent = tuple[
    int, int, int, int
]  # a reminder that went out: invitation, session (0: of the invitation), its sequence, days


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


def _occurrence(conference: Conference, name: str) -> str:
    """A reminder's number under the rules in force: rules that were changed, and changed back, make new rows."""
    return f"{name}-r{conference.sending_version}" if conference.sending_version else name


def _kind(invitation: Invitation) -> Kind:
    """Whoever is called up later reads that a seat has come free."""
    return Kind.CALL_UP if invitation.round else Kind.INVITATION


def invite(invitation: Invitation, *, at_once: bool = True) -> None:
    """The invitation, and its reminders. ``at_once``: a person clicked; the program itself waits for a waking hour."""
    due = None if at_once else next_waking_moment(invitation.conference, timezone.now())
    _schedule(invitation, _kind(invitation), "1", due_at=due, expires_at=invitation.deadline)
    _remind(invitation)


def _remind(invitation: Invitation, *, sent: Collection[Sent] = ()) -> None:
    """The reminders that are still to come before the deadline."""
    conference = invitation.conference
    invited_on = conference.local(invitation.created_at).date()
    moments = {days: reminder_after(conference, invited_on + timedelta(days=days)) for days in conference.reminder_days}
    for days, due, useless in _one_after_another(moments, end=invitation.deadline):
        if (invitation.pk, 0, 0, days) not in sent:
            _schedule(
                invitation,
                Kind.INVITATION_REMINDER,
                _occurrence(conference, f"day{days}"),
                due_at=due,
                expires_at=useless,
                data={"days": days},
            )


def _one_after_another(moments: Mapping[int, datetime], *, end: datetime) -> list[tuple[int, datetime, datetime]]:
    """Of reminders (by their days) those to come, each with the moment at which it is of no use any more: when the next one
    comes. So two never leave together, after an outage, or because a weekend puts both off to the same Monday."""
    days = {at: days for days, at in sorted(moments.items()) if timezone.now() < at < end}
    order = sorted(days)
    return [(days[at], at, following) for at, following in zip(order, [*order[1:], end], strict=False)]


def send_link(invitation: Invitation, *, asked_at: datetime | None = None) -> None:
    """The link once more: each version, and each time that the citizen asks, is a message of its own."""
    asked = f"-{asked_at:%Y%m%dT%H%M%S%f}" if asked_at else ""
    _schedule(invitation, _kind(invitation), f"{invitation.version}{asked}")


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


def _remind_of_session(invitation: Invitation, session: Session, number: str, *, sent: Collection[Sent] = ()) -> None:
    conference = invitation.conference
    starts_on = conference.local(session.starts_at).date()
    moments = {
        days: reminder_before(conference, starts_on - timedelta(days=days)) for days in conference.session_reminder_days
    }
    for days, due, useless in _one_after_another(moments, end=session.starts_at):
        # Who joins after a reminder was due is not sent it.
        if (invitation.pk, session.pk, session.sequence, days) not in sent:
            _schedule(
                invitation,
                Kind.SESSION_REMINDER,
                _occurrence(conference, f"{session.pk}-{days}-{number}"),
                due_at=due,
                expires_at=useless,
                data={"session": session.pk, "sequence": session.sequence, "days": days},
            )


def declined(invitation: Invitation) -> None:
    cancel_all(invitation, reason=_("An answer came"))
    _schedule(invitation, Kind.DECLINED, _answer_number(invitation))


def cancel_all(invitation: Invitation, *, reason: str) -> None:
    """Nothing more goes out about this invitation."""
    outbox.cancel(subject_type=SUBJECT, subject_id=invitation.pk, reason=reason)


def session_changed(session: Session, *, change: str) -> None:
    """Tell those who have accepted, and reckon their reminders anew. ``change``: "moved" or "cancelled"."""
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


def rules_changed(conference: Conference) -> None:
    """Reckon the reminders to come anew. One that a person moved or held stays as they left it."""
    reminders = Message.objects.filter(
        conference=conference, kind__in=[Kind.INVITATION_REMINDER, Kind.SESSION_REMINDER], subject_type=SUBJECT
    )
    replaced = reminders.filter(state__in=[State.SCHEDULED, State.RETRY]).exclude(data__has_key="moved")
    replaced.update(state=State.CANCELLED, state_reason=_("The rules of reminders changed"))
    standing = reminders.exclude(state__in=[State.CANCELLED, State.MISSED]).values_list("subject_id", "data")
    sent = {
        (int(subject), data.get("session", 0), data.get("sequence", 0), data.get("days", 0))
        for subject, data in standing
    }
    waiting = Invitation.objects.filter(conference=conference, state__in=WAITING).select_related("volunteer")
    for invitation in waiting:
        invitation.conference = conference
        _remind(invitation, sent=sent)
    sessions = list(Session.objects.filter(conference=conference).upcoming(timezone.now()))
    for invitation in _accepted(conference):
        invitation.conference = conference
        for session in sessions:
            _remind_of_session(invitation, session, f"{_answer_number(invitation)}-{session.sequence}", sent=sent)


def _accepted(conference: Conference) -> Iterable[Invitation]:
    return Invitation.objects.filter(conference=conference).accepted().select_related("conference", "volunteer")
