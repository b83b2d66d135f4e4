"""To those who have accepted, about one session: a reminder of it, its change, its cancellation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.calendar import calendar_for
from conference.mail.domain.kinds import Attachment, Build, Content, ReasonGone, alone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Session
from conference.words import session_when
from panels.enums import InvitationState
from panels.mail_kinds import Facts, common, content, did_not_arrive, invitation_link, invitations_of
from panels.models import Invitation


@dataclass(frozen=True, slots=True)
class SessionFacts:
    about: Facts
    sessions: Mapping[int, Session]

    def of(self, message: Message) -> tuple[Invitation, Session]:
        invitation = self.about.invitation(message)
        if invitation.state != InvitationState.ACCEPTED:
            raise ReasonGone(_("The person does not take part any more"))
        session = self.sessions.get(message.data.get("session", 0))
        if session is None or session.conference_id != invitation.conference_id:
            raise ReasonGone(_("The session was removed"))
        session.conference = invitation.conference
        return invitation, session


def _session_facts(messages: Collection[Message]) -> SessionFacts:
    found = invitations_of(messages)
    sessions = Session.objects.in_bulk({one.data.get("session", 0) for one in messages})
    return SessionFacts(Facts(found, {}, {}, {}, {}), sessions)


def _remind_of_session(facts: SessionFacts, message: Message) -> Content:
    invitation, session = facts.of(message)
    if session.cancelled_at:
        raise ReasonGone(_("The session was cancelled"))
    with override(message.language):
        return _about_session(invitation, session, message)


def _session_changed(facts: SessionFacts, message: Message) -> Content:
    invitation, session = facts.of(message)
    cancelled = session.cancelled_at is not None
    method = "CANCEL" if cancelled else "PUBLISH"
    calendar = calendar_for(invitation.conference, [session], method=method)
    with override(message.language):
        return _about_session(
            invitation,
            session,
            message,
            attachments=(Attachment("conference.ics", "text/calendar", calendar),),
            change=_("is cancelled") if cancelled else _("has changed"),
        )


def _about_session(
    invitation: Invitation,
    session: Session,
    message: Message,
    *,
    attachments: tuple[Attachment, ...] = (),
    **more: str,
) -> Content:
    values = {
        **common(invitation.conference, invitation.volunteer.identity.first_name),
        "session": session.title,
        "session_date": session_when(session, message.language),
        "place": session.place,
        **more,
    }
    link, label = invitation_link(invitation), _("See the programme and my answer")
    return content(invitation.conference, values, link=link, label=label, attachments=attachments)


def session_reminders_for(messages: Collection[Message]) -> Build:
    return partial(_remind_of_session, _session_facts(messages))


def session_changes_for(messages: Collection[Message]) -> Build:
    return partial(_session_changed, _session_facts(messages))


for _kind, _for_many in {
    Kind.SESSION_REMINDER: session_reminders_for,
    Kind.SESSION_CHANGED: session_changes_for,
}.items():
    register_kind(_kind, alone(_for_many), on_failed=did_not_arrive, for_many=_for_many)
