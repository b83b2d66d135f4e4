"""How the messages of the panel are filled, at the moment of sending.

Each builder looks whether the reason still holds and raises ``ReasonGone`` if not: the last guard against writing to
somebody who has answered. The personal link is made here and stored nowhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from conference.calendar import calendar_for
from conference.links import absolute, make_token
from conference.mail.domain.kinds import Attachment, Build, Content, ReasonGone, alone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Session
from conference.words import moment, sessions_list
from panels.domain.invitations import mark_bounced, mark_sent
from panels.domain.sent import mark_many_sent
from panels.enums import WAITING, InvitationState
from panels.models import DrawEntry, Invitation, Seat

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


@dataclass(frozen=True, slots=True)
class Facts:
    """What the messages about some invitations say, read in a few queries. ``sessions`` are in words, by conference and
    language; ``pools`` by draw; ``chances`` by seat and volunteer, ``draws`` by seat."""

    invitations: Mapping[int, Invitation]
    sessions: Mapping[tuple[int, str], str]
    draws: Mapping[int, int]
    pools: Mapping[int, int]
    chances: Mapping[tuple[int, int], float]

    def invitation(self, message: Message) -> Invitation:
        found = self.invitations.get(int(message.subject_id))
        if found is None or not hasattr(found.volunteer, "identity"):
            raise ReasonGone(_("The person has been erased"))
        return found

    def seat_dates(self, invitation: Invitation, language: str) -> str:
        return self.sessions[invitation.conference_id, language]

    def pool(self, invitation: Invitation) -> int:
        return self.pools.get(self.draws[invitation.seat_id], 0)

    def chance(self, invitation: Invitation) -> float | None:
        return self.chances.get((self.draws[invitation.seat_id], invitation.volunteer_id))


def invitations_of(messages: Collection[Message]) -> dict[int, Invitation]:
    """With volunteers, who they are, and conferences: each conference is read once, however many are invited to it."""
    found = Invitation.objects.select_related("volunteer__identity").in_bulk([int(one.subject_id) for one in messages])
    conferences = Conference.objects.in_bulk({one.conference_id for one in found.values()})
    for invitation in found.values():
        invitation.conference = conferences[invitation.conference_id]
    return found


def facts_for(messages: Collection[Message], *, of_the_draw: bool = False) -> Facts:
    found = invitations_of(messages)
    conferences = {one.conference for one in found.values()}
    languages = {one.language for one in messages}
    sessions = {(one.pk, language): sessions_list(one, language) for one in conferences for language in languages}
    if not of_the_draw:
        return Facts(found, sessions, {}, {}, {})
    draws = dict(Seat.objects.filter(pk__in={one.seat_id for one in found.values()}).values_list("pk", "draw"))
    entries = DrawEntry.objects.filter(draw__in=set(draws.values())).order_by()
    drawn = entries.filter(volunteer__in={one.volunteer_id for one in found.values()})
    return Facts(
        found,
        sessions,
        draws,
        dict(entries.values_list("draw").annotate(Count("pk"))),
        {(draw, person): chance for draw, person, chance in drawn.values_list("draw", "volunteer", "probability")},
    )


def why_drawn(invitation: Invitation) -> str:
    return _why(DrawEntry.objects.filter(draw__seats=invitation.seat_id).count())


def _why(pool: int) -> str:
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


def _invite(facts: Facts, message: Message, *, only_waiting: bool) -> Content:
    invitation = facts.invitation(message)
    conference = invitation.conference
    if only_waiting and invitation.state not in WAITING:
        raise ReasonGone(_("An answer came"))
    if invitation.state not in {*WAITING, InvitationState.ACCEPTED}:
        raise ReasonGone(_("The invitation is over"))
    if invitation.state in WAITING and invitation.deadline < timezone.now():
        raise ReasonGone(_("The deadline has passed"))
    with override(message.language):
        chance = facts.chance(invitation)
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "seat_dates": facts.seat_dates(invitation, message.language),
            "deadline": moment(conference, invitation.deadline, message.language),
            "allowance": conference.allowance,
            "support": conference.support,
            "why": _why(facts.pool(invitation)),
            "chance": percent(chance) if chance is not None else "",
        }
        return content(conference, values, link=invitation_link(invitation), label=_("Read the invitation and answer"))


def content(
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


def invitations_for(messages: Collection[Message]) -> Build:
    return partial(_invite, facts_for(messages, of_the_draw=True), only_waiting=False)


def reminders_for(messages: Collection[Message]) -> Build:
    return partial(_invite, facts_for(messages, of_the_draw=True), only_waiting=True)


def _accepted(facts: Facts, calendars: Mapping[int, bytes], message: Message) -> Content:
    invitation = facts.invitation(message)
    if invitation.state != InvitationState.ACCEPTED:
        raise ReasonGone(_("The answer was changed"))
    conference = invitation.conference
    with override(message.language):
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "seat_dates": facts.seat_dates(invitation, message.language),
            "deadline": moment(conference, invitation.deadline, message.language),
            "support": conference.support,
        }
        return content(
            conference,
            values,
            link=invitation_link(invitation),
            label=_("See my answer and what I need"),
            attachments=(Attachment("conference.ics", "text/calendar", calendars[conference.pk]),),
        )


def acceptances_for(messages: Collection[Message]) -> Build:
    facts = facts_for(messages)
    conferences = {one.conference for one in facts.invitations.values()}
    calendars = {one.pk: calendar_for(one, list(Session.objects.filter(conference=one).held())) for one in conferences}
    return partial(_accepted, facts, calendars)


def build_declined(message: Message) -> Content:
    invitation = facts_for([message]).invitation(message)
    if invitation.state not in {InvitationState.DECLINED, InvitationState.WITHDRAWN}:
        raise ReasonGone(_("The answer was changed"))
    conference = invitation.conference
    with override(message.language):
        values = {
            **common(conference, invitation.volunteer.identity.first_name),
            "deadline": moment(conference, invitation.deadline, message.language),
        }
        return content(conference, values)


# -- What follows ------------------------------------------------------------------------------------------------------
def _after_invitations(messages: Collection[Message]) -> set[int]:
    """The messages of the invitations that are done."""
    sent = {int(one.subject_id): one.sent_at or timezone.now() for one in messages}
    done = mark_many_sent(sent)
    return {one.pk for one in messages if int(one.subject_id) in done}


def _after_invitation(message: Message) -> None:
    mark_sent(invitation_id=int(message.subject_id), at=message.sent_at or timezone.now())


def did_not_arrive(message: Message, permanent: bool) -> None:
    if permanent:
        mark_bounced(invitation_id=int(message.subject_id), email=message.recipient_email, at=timezone.now())


for _kind in (Kind.INVITATION, Kind.CALL_UP):
    register_kind(
        _kind,
        alone(invitations_for),
        after_sent=_after_invitation,
        on_failed=did_not_arrive,
        for_many=invitations_for,
        after_many_sent=_after_invitations,
    )
for _kind, _for_many in {
    Kind.INVITATION_REMINDER: reminders_for,
    Kind.ACCEPTED: acceptances_for,
}.items():
    register_kind(_kind, alone(_for_many), on_failed=did_not_arrive, for_many=_for_many)
register_kind(Kind.DECLINED, build_declined)
