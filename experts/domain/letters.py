"""What fills the letters to experts, at the moment they leave: the link is made then and stored nowhere."""

from dataclasses import replace

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conference.calendar import calendar_for
from conference.links import absolute, make_token
from conference.mail.domain.kinds import Attachment, Content, ReasonGone, register_kind
from conference.mail.domain.many import Addressee
from conference.mail.domain.unsubscribe import unsubscribe_link
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Session
from conference.sendings import Registered, register_sending
from conference.words import day, session_when
from experts.audiences import recipient
from experts.enums import CONCERNED, NOT_INVITED, ExpertState
from experts.models import BriefingVersion, Contribution, Expert
from experts.words import citizens_sentence, sessions_markdown

SCOPE = "expert"


def link_of(expert: Expert) -> str:
    return absolute(reverse("experts:link", args=[make_token(SCOPE, expert.uuid, expert.link_version)]))


def programme_of(expert: Expert) -> list[Contribution]:
    return list(Contribution.objects.held().filter(expert=expert).select_related("session__conference"))


def contact_of(conference: Conference) -> str:
    parts = [conference.contact_name, conference.contact_email, conference.contact_phone]
    return ", ".join(part for part in parts if part) or conference.organised_by or conference.commissioner


def expert_of(message: Message) -> Expert:
    expert = Expert.objects.select_related("conference").filter(pk=message.subject_id).first()
    if expert is None:
        raise ReasonGone(_("The expert is no longer on the list"))
    return expert


def content_for(
    expert: Expert, message: Message, label: str, *, attachments: tuple[Attachment, ...] = (), **values: str
) -> Content:
    conference = expert.conference
    common = {
        "first_name": expert.first_name,
        "conference": conference.title,
        "question": conference.question,
        "commissioner": conference.commissioner,
        "contact": contact_of(conference),
        "organiser": conference.organised_by or conference.commissioner,
    }
    return Content(
        placeholders={**common, **values},
        attachments=attachments,
        reply_to=conference.contact_email,
        from_name=conference.organised_by or conference.title,
        action_url=link_of(expert),
        action_label=label,
    )


def _check_version(expert: Expert, message: Message) -> None:
    if message.data.get("version") != expert.link_version:
        raise ReasonGone(_("A newer link was made"))


def invitation(message: Message) -> Content:
    expert = expert_of(message)
    _check_version(expert, message)
    if expert.state in NOT_INVITED or (expert.state != ExpertState.INVITED and not message.data.get("asked")):
        raise ReasonGone(_("An answer came"))
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Read and answer"),
            deadline="",
            sessions=sessions_markdown(programme_of(expert), message.language),
            citizens=citizens_sentence(expert.conference, message.language),
        )


def accepted(message: Message) -> Content:
    expert = expert_of(message)
    _check_version(expert, message)
    if expert.state != ExpertState.ACCEPTED:
        raise ReasonGone(_("The answer was changed"))
    programme = programme_of(expert)
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Open my page"),
            attachments=_calendar(expert.conference, programme),
            sessions=sessions_markdown(programme, message.language),
        )


def _calendar(conference: Conference, programme: list[Contribution]) -> tuple[Attachment, ...]:
    if not programme:
        return ()
    return (Attachment("sessions.ics", "text/calendar", calendar_for(conference, sessions_of(programme))),)


def sessions_of(programme: list[Contribution]) -> list[Session]:
    """Each session once, in order: an expert may speak twice in one."""
    return list({contribution.session_id: contribution.session for contribution in programme}.values())


def briefing_changed(message: Message) -> Content:
    expert = expert_of(message)
    if expert.state not in CONCERNED:
        raise ReasonGone(_("The expert no longer takes part"))
    version = BriefingVersion.objects.select_related("briefing").get(pk=message.data["briefing_version"])
    if (
        BriefingVersion.objects.published()
        .filter(briefing=version.briefing_id, number__gt=version.number or 0)
        .exists()
    ):
        raise ReasonGone(_("A newer version was published"))
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Read the briefing"),
            briefing=version.briefing.title,
            number=str(version.number),
            change=version.change_note or _("This is the first version."),
        )


def briefing_reminder(message: Message) -> Content:
    """Only of the newest version, and only to those who have not said that they have read it."""
    expert = expert_of(message)
    if expert.state not in CONCERNED:
        raise ReasonGone(_("The expert no longer takes part"))
    version = BriefingVersion.objects.select_related("briefing").get(pk=message.data["briefing_version"])
    newest = version.briefing.versions.published().first()
    if newest is not None and newest.pk != version.pk:
        raise ReasonGone(_("A newer version was published"))
    if version.reads.filter(expert=expert).exists():
        raise ReasonGone(_("The briefing has been read"))
    with translation.override(message.language):
        published = version.published_at or timezone.now()
        return content_for(
            expert,
            message,
            _("Read the briefing"),
            briefing=version.briefing.title,
            number=str(version.number),
            published=day(expert.conference, published, message.language),
        )


def session_changed(message: Message) -> Content:
    """The session as it is when the letter leaves. The calendar of somebody who has not accepted is left alone."""
    expert = expert_of(message)
    if expert.state not in CONCERNED:
        raise ReasonGone(_("The expert no longer takes part"))
    session = Session.objects.select_related("conference").filter(pk=message.data["session"]).first()
    parts = Contribution.objects.filter(expert=expert, session=session).select_related("session__conference")
    if session is None or not parts:
        raise ReasonGone(_("The expert no longer speaks in this session"))
    cancelled = session.cancelled_at is not None
    calendar = calendar_for(expert.conference, [session], method="CANCEL" if cancelled else "PUBLISH")
    accepted = expert.state == ExpertState.ACCEPTED
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Open my page"),
            attachments=(Attachment("sessions.ics", "text/calendar", calendar),) if accepted else (),
            session=session.title,
            session_date=session_when(session, message.language),
            place=session.place,
            change=_("is cancelled") if cancelled else _("has changed"),
            sessions="" if cancelled else sessions_markdown(parts, message.language),
        )


def thanks(message: Message) -> Content:
    expert = expert_of(message)
    if expert.state != ExpertState.ACCEPTED:
        raise ReasonGone(_("The expert no longer takes part"))
    with translation.override(message.language):
        page = absolute(reverse("public:conference", args=[expert.conference.slug]))
        content = content_for(expert, message, _("See the page of the conference"))
        return replace(content, action_url=page, leave_url=unsubscribe_link(message))


def _speakers(conference: Conference) -> list[Addressee]:
    """Who has accepted and spoken, and has not been thanked."""
    told = set(
        Message.objects.filter(conference=conference, kind=Kind.EXPERT_THANKS).values_list("subject_id", flat=True)
    )
    spoke = Expert.objects.filter(conference=conference, state=ExpertState.ACCEPTED)
    held = spoke.filter(contributions__session__cancelled_at=None, contributions__isnull=False).distinct()
    return [Addressee(recipient(expert), "experts.expert", expert.pk) for expert in held if str(expert.pk) not in told]


def _before_the_end(conference: Conference) -> str:
    last = Session.objects.filter(conference=conference).held().aggregate(last=Max("ends_at"))["last"]
    return "" if last and last < timezone.now() else _("This can go out after the last session.")


def register() -> None:
    register_kind(Kind.EXPERT_INVITATION, invitation)
    register_kind(Kind.EXPERT_ACCEPTED, accepted)
    register_kind(Kind.EXPERT_SESSION_CHANGED, session_changed)
    register_kind(Kind.EXPERT_THANKS, thanks, optional=True)
    register_kind(Kind.BRIEFING_CHANGED, briefing_changed)
    register_kind(Kind.BRIEFING_REMINDER, briefing_reminder)
    register_sending(Registered(Kind.EXPERT_THANKS, _speakers, _before_the_end))
