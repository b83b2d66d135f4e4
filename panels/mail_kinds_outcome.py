"""To those who were not drawn, and thanks to the panel: filled at the moment of sending, sent when an organiser says so."""

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.links import absolute
from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.domain.many import Addressee
from conference.mail.domain.unsubscribe import unsubscribe_link
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Session
from conference.sendings import Registered, register_sending
from panels.audiences import recipient
from panels.domain.seats import current_draw, panel_state
from panels.enums import HOLDING, InvitationState, Place, Standing
from panels.mail_kinds import common
from panels.mail_kinds_registration import registration_link
from panels.models import DrawEntry, Identity, Invitation, Volunteer

VOLUNTEER = "panels.volunteer"
INVITATION = "panels.invitation"


def erased_on(conference: Conference) -> str:
    return date_format(conference.erase_on, "j F Y") if conference.erase_on else _("the end of the conference")


# -- Not drawn ---------------------------------------------------------------------------------------------------------
def build_not_drawn(message: Message) -> Content:
    volunteer = Volunteer.objects.select_related("conference", "identity").filter(pk=message.subject_id).first()
    if volunteer is None or not hasattr(volunteer, "identity"):
        raise ReasonGone(_("The person has been erased"))
    if volunteer.standing == Standing.WITHDRAWN:
        raise ReasonGone(_("The person has withdrawn"))
    if Invitation.objects.filter(volunteer=volunteer, state__in=HOLDING).exists():
        raise ReasonGone(_("The person was called up meanwhile"))
    conference = volunteer.conference
    with override(message.language):
        return Content(
            placeholders={
                **common(conference, volunteer.identity.first_name),
                "pool": str(DrawEntry.objects.filter(draw=current_draw(conference)).count()),
                "seats": str(conference.seats),
                "erase_on": erased_on(conference),
            },
            reply_to=conference.contact_email,
            from_name=conference.organised_by or conference.commissioner,
            action_url=registration_link(volunteer),
            action_label=_("See or withdraw my registration"),
        )


def _not_drawn(conference: Conference) -> list[Addressee]:
    """Of the last draw, still in the pool, never invited, with an address, and not told yet."""
    entries = DrawEntry.objects.filter(
        draw=current_draw(conference), place=Place.NOT_DRAWN, volunteer__standing=Standing.ELIGIBLE
    ).exclude(volunteer__invitations__conference=conference)
    told = Message.objects.filter(conference=conference, kind=Kind.NOT_DRAWN).values_list("subject_id", flat=True)
    known = set(told)
    people = Identity.objects.filter(volunteer__in=entries.values("volunteer")).exclude(email="")
    return [
        Addressee(recipient(identity), VOLUNTEER, identity.volunteer_id)
        for identity in people.order_by("last_name", "first_name")
        if str(identity.volunteer_id) not in known
    ]


def _panel_is_open(conference: Conference) -> str:
    if panel_state(conference).complete:
        return ""
    return _("This can go out once the panel is complete: until then somebody may still be called up.")


# -- Thanks ------------------------------------------------------------------------------------------------------------
def build_thanks(message: Message) -> Content:
    invitation = (
        Invitation.objects.select_related("conference", "volunteer__identity").filter(pk=message.subject_id).first()
    )
    if invitation is None or not hasattr(invitation.volunteer, "identity"):
        raise ReasonGone(_("The person has been erased"))
    if invitation.state != InvitationState.ACCEPTED:
        raise ReasonGone(_("The person does not take part any more"))
    conference = invitation.conference
    with override(message.language):
        return Content(
            placeholders={
                **common(conference, invitation.volunteer.identity.first_name),
                "pledge": conference.commissioner_pledge,
                "erase_on": erased_on(conference),
            },
            reply_to=conference.contact_email,
            from_name=conference.organised_by or conference.commissioner,
            action_url=absolute(reverse("public:conference", args=[conference.slug])),
            action_label=_("See the page of the conference"),
            leave_url=unsubscribe_link(message),
        )


def _panel(conference: Conference) -> list[Addressee]:
    thanked = Message.objects.filter(conference=conference, kind=Kind.THANKS).values_list("subject_id", flat=True)
    known = set(thanked)
    accepted = Invitation.objects.filter(conference=conference).accepted().select_related("volunteer__identity")
    return [
        Addressee(recipient(invitation.volunteer.identity), INVITATION, invitation.pk)
        for invitation in accepted
        if str(invitation.pk) not in known
        and hasattr(invitation.volunteer, "identity")
        and invitation.volunteer.identity.email
    ]


def _before_the_end(conference: Conference) -> str:
    last = Session.objects.filter(conference=conference).held().aggregate(last=Max("ends_at"))["last"]
    if last is not None and last < timezone.now():
        return ""
    return _("This can go out after the last session.")


register_kind(Kind.NOT_DRAWN, build_not_drawn)
register_kind(Kind.THANKS, build_thanks, optional=True)
register_sending(Registered(Kind.NOT_DRAWN, _not_drawn, _panel_is_open))
register_sending(Registered(Kind.THANKS, _panel, _before_the_end))
