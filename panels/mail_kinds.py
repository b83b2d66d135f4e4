"""How the messages of the panel are filled, at the moment of sending.

Each builder looks whether the reason still holds and raises ``ReasonGone`` if not: the last guard against writing to
somebody who has answered. The personal link is made here and stored nowhere.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from conference.calendar import calendar_for
from conference.links import absolute, make_token
from conference.mail.domain.kinds import Attachment, Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Session
from conference.words import moment, session_when, sessions_list
from panels.domain.invitations import chance_of, mark_bounced, mark_sent
from panels.enums import WAITING, InvitationState
from panels.models import DrawEntry, Invitation

SCOPE = "invitation"


def invitation_link(invitation: Invitation) -> str:
    """The full address of the personal link."""
    return absolute(reverse("panels:invitation_link", args=[make_token(SCOPE, invitation.uuid, invitation.version)]))


def contact_sentence(conference: Conference) -> str:
    return " · ".join(
        part for part in (conference.contact_name, conference.contact_email, conference.contact_phone) if part
    )


def common(conference: Conference, first_name: str) -> dict[str, str]:
    """The placeholders that every text of a conference may use."""
    return {
        "first_name": first_name,
        "conference": conference.title,
        "question": conference.question,
        "commissioner": conference.commissioner,
        "organiser": conference.organised_by or conference.commissioner,
        "contact": contact_sentence(conference),
    }


def _invitation(message: Message) -> Invitation:
    invitation = (
        Invitation.objects.select_related("conference", "volunteer__identity").filter(pk=message.subject_id).first()
    )
    if invitation is None or not hasattr(invitation.volunteer, "identity"):
        raise ReasonGone(_("The person has been erased"))
    return invitation


def why_drawn(invitation: Invitation) -> str:
    pool = DrawEntry.objects.filter(draw__seats=invitation.seat_id).count()
    return ngettext(
        "You were drawn by lot from %(count)s volunteer, so that the panel reflects the diversity of the population.",
        "You were drawn by lot from %(count)s volunteers, so that the panel reflects the diversity of the population.",
        pool,
    ) % {"count": pool}


def percent(share: float) -> str:
    """A probability in words that need no decimals: "12 %", "less than 1 %"."""
    if share < 0.01:
        return _("less than 1 %")
    return _("%(share)s %%") % {"share": round(share * 100)}


def _invite(message: Message, *, only_waiting: bool) -> Content:
    invitation = _invitation(message)
    conference = invitation.conference
    if only_waiting and invitation.state not in WAITING:
        raise ReasonGone(_("An answer came"))
    if invitation.state not in {*WAITING, InvitationState.ACCEPTED}:
        raise ReasonGone(_("The invitation is over"))
    if invitation.state in WAITING and invitation.deadline < timezone.now():
        raise ReasonGone(_("The deadline has passed"))
    with override(message.language):
        chance = chance_of(invitation)
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "seat_dates": sessions_list(conference, message.language),
            "deadline": moment(conference, invitation.deadline, message.language),
            "allowance": conference.allowance,
            "support": conference.support,
            "why": why_drawn(invitation),
            "chance": percent(chance) if chance is not None else "",
        }
        return _content(conference, values, link=invitation_link(invitation), label=_("Read the invitation and answer"))


def _content(
    conference: Conference,
    values: dict[str, str],
    *,
    link: str = "",
    label: str = "",
    attachments: tuple[Attachment, ...] = (),
) -> Content:
    return Content(
        placeholders=values,
        attachments=attachments,
        reply_to=conference.contact_email,
        from_name=conference.organised_by or conference.commissioner,
        action_url=link,
        action_label=label,
    )


def build_invitation(message: Message) -> Content:
    return _invite(message, only_waiting=False)


def build_reminder(message: Message) -> Content:
    return _invite(message, only_waiting=True)


def build_accepted(message: Message) -> Content:
    invitation = _invitation(message)
    if invitation.state != InvitationState.ACCEPTED:
        raise ReasonGone(_("The answer was changed"))
    conference = invitation.conference
    sessions = list(Session.objects.filter(conference=conference).held())
    calendar = Attachment("conference.ics", "text/calendar", calendar_for(conference, sessions))
    with override(message.language):
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "seat_dates": sessions_list(conference, message.language),
            "deadline": moment(conference, invitation.deadline, message.language),
            "support": conference.support,
        }
        return _content(
            conference,
            values,
            link=invitation_link(invitation),
            label=_("See my answer and what I need"),
            attachments=(calendar,),
        )


def build_declined(message: Message) -> Content:
    invitation = _invitation(message)
    if invitation.state not in {InvitationState.DECLINED, InvitationState.WITHDRAWN}:
        raise ReasonGone(_("The answer was changed"))
    conference = invitation.conference
    with override(message.language):
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "deadline": moment(conference, invitation.deadline, message.language),
        }
        return _content(conference, values)


def _session_content(message: Message) -> tuple[Invitation, Session]:
    invitation = _invitation(message)
    if invitation.state != InvitationState.ACCEPTED:
        raise ReasonGone(_("The person does not take part any more"))
    session = Session.objects.filter(pk=message.data.get("session"), conference=invitation.conference).first()
    if session is None:
        raise ReasonGone(_("The session was removed"))
    return invitation, session


def build_session_reminder(message: Message) -> Content:
    invitation, session = _session_content(message)
    if session.cancelled_at:
        raise ReasonGone(_("The session was cancelled"))
    with override(message.language):
        values = {
            **common(invitation.conference, invitation.volunteer.identity.first_name),
            "session": session.title,
            "session_date": session_when(session, message.language),
            "place": session.place,
        }
        return _content(
            invitation.conference, values, link=invitation_link(invitation), label=_("See the programme and my answer")
        )


def build_session_changed(message: Message) -> Content:
    invitation, session = _session_content(message)
    cancelled = session.cancelled_at is not None
    calendar = Attachment(
        "conference.ics",
        "text/calendar",
        calendar_for(invitation.conference, [session], method="CANCEL" if cancelled else "PUBLISH"),
    )
    with override(message.language):
        values = {
            **common(invitation.conference, invitation.volunteer.identity.first_name),
            "session": session.title,
            "session_date": session_when(session, message.language),
            "place": session.place,
            "change": _("is cancelled") if cancelled else _("has changed"),
        }
        return _content(
            invitation.conference,
            values,
            link=invitation_link(invitation),
            label=_("See the programme and my answer"),
            attachments=(calendar,),
        )


def _after_invitation(message: Message) -> None:
    mark_sent(invitation_id=int(message.subject_id), at=message.sent_at or timezone.now())


def _did_not_arrive(message: Message, permanent: bool) -> None:
    if permanent:
        mark_bounced(invitation_id=int(message.subject_id), email=message.recipient_email, at=timezone.now())


register_kind(Kind.INVITATION, build_invitation, after_sent=_after_invitation, on_failed=_did_not_arrive)
register_kind(Kind.CALL_UP, build_invitation, after_sent=_after_invitation, on_failed=_did_not_arrive)
register_kind(Kind.INVITATION_REMINDER, build_reminder, on_failed=_did_not_arrive)
register_kind(Kind.ACCEPTED, build_accepted, on_failed=_did_not_arrive)
register_kind(Kind.DECLINED, build_declined)
register_kind(Kind.SESSION_REMINDER, build_session_reminder, on_failed=_did_not_arrive)
register_kind(Kind.SESSION_CHANGED, build_session_changed, on_failed=_did_not_arrive)
