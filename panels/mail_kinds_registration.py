"""The two messages of the registration, filled at the moment of sending."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.links import absolute, make_token
from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference
from panels.domain.registration import SCOPE, awaiting
from panels.enums import Standing
from panels.mail_kinds import common
from panels.models import Volunteer
from panels.rules import CONFIRM_WITHIN


def registration_link(volunteer: Volunteer) -> str:
    """The full address of the personal page."""
    token = make_token(SCOPE, volunteer.uuid, volunteer.link_version)
    return absolute(reverse("panels:registration_link", args=[token]))


def _volunteer(message: Message) -> Volunteer:
    found = Volunteer.objects.select_related("conference", "identity").filter(pk=message.subject_id).first()
    if found is None or not hasattr(found, "identity"):
        raise ReasonGone(_("The person has been erased"))
    return found


def _erase_on(conference: Conference) -> str:
    return date_format(conference.erase_on, "j F Y") if conference.erase_on else _("the end of the conference")


def _content(volunteer: Volunteer, first_name: str, values: dict[str, str], label: str) -> Content:
    conference = volunteer.conference
    return Content(
        placeholders={**common(conference, first_name), "erase_on": _erase_on(conference), **values},
        reply_to=conference.contact_email,
        from_name=conference.organised_by or conference.commissioner,
        action_url=registration_link(volunteer),
        action_label=label,
    )


def build_confirm(message: Message) -> Content:
    volunteer = _volunteer(message)
    draft = awaiting(volunteer)
    if draft is None:
        raise ReasonGone(_("The registration is confirmed already"))
    with override(message.language):
        days = _("%(days)s days") % {"days": CONFIRM_WITHIN.days}
        return _content(volunteer, draft.first_name, {"deadline_confirm": days}, _("Confirm my registration"))


def build_confirmed(message: Message) -> Content:
    volunteer = _volunteer(message)
    if volunteer.standing == Standing.WITHDRAWN:
        raise ReasonGone(_("The person has withdrawn"))
    with override(message.language):
        return _content(
            volunteer,
            volunteer.identity.first_name,
            {"reference": volunteer.reference},
            _("See or withdraw my registration"),
        )


register_kind(Kind.REGISTRATION_CONFIRM, build_confirm)
register_kind(Kind.REGISTRATION_CONFIRMED, build_confirmed)
