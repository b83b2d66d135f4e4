"""What fills the letter to a member of the steering committee: all that awaits them at the moment it goes."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from conference.links import absolute
from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.mail_kinds import contact_of
from conference.models import Membership
from experts.domain.committee_asked import Awaited, awaited_of


def asked_letter(message: Message) -> Content:
    found = Membership.objects.filter(pk=message.subject_id, user__is_active=True)
    member = found.select_related("conference", "user").first()
    if member is None:
        raise ReasonGone(_("The colleague was removed"))
    waits = awaited_of(member)
    if not waits:
        raise ReasonGone(_("They have said what they think"))
    conference = member.conference
    with translation.override(message.language):
        page = "experts_desk:experts" if waits.experts else "board:board"
        return Content(
            placeholders={
                "first_name": member.user.get_short_name(),
                "conference": conference.title,
                "question": conference.question,
                "commissioner": conference.commissioner,
                "organiser": conference.organised_by or conference.commissioner,
                "contact": contact_of(conference),
                "waiting": _list_of(waits),
            },
            reply_to=conference.contact_email,
            from_name=conference.organised_by or conference.title,
            action_url=absolute(reverse(page, args=[conference.slug])),
            action_label=_("Say what I think"),
        )


def _list_of(waits: Awaited) -> str:
    lines = []
    for expert in waits.experts:
        about = ", ".join(part for part in (expert.field, expert.affiliation) if part)
        lines.append(_("%(name)s (%(about)s), for the long list") % {"name": expert, "about": about or "–"})
    if waits.board:
        lines.append(_("the balance board, to sign before invitations leave"))
    return "\n".join(f"- {line}" for line in lines)


register_kind(Kind.COMMITTEE_ASKED, asked_letter)
