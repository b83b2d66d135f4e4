"""How the messages of the core app are filled at the moment of sending: to a new colleague, and a free one."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.audiences import first_name_of
from conference.links import absolute
from conference.mail.domain.kinds import Content, ReasonGone, Text, register_kind
from conference.mail.domain.unsubscribe import unsubscribe_link
from conference.mail.enums import Kind
from conference.mail.models import FreeMessage, Message
from conference.models import Conference, Membership, User


def password_link(user: User) -> str:
    """Where a colleague sets a first password. It dies at first use, and after PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return absolute(path)


def contact_of(conference: Conference) -> str:
    parts = (conference.contact_name, conference.contact_email, conference.contact_phone)
    return " · ".join(part for part in parts if part)


def build_colleague_added(message: Message) -> Content:
    membership = (
        Membership.objects.select_related("conference", "user")
        .filter(pk=message.subject_id, user__is_active=True)
        .first()
    )
    if membership is None:
        raise ReasonGone(_("The colleague was removed"))
    user, conference = membership.user, membership.conference
    added_by = User.objects.filter(pk=message.data.get("added_by")).first()
    with override(message.language):
        first_time = not user.has_usable_password()
        return Content(
            placeholders={
                "first_name": user.get_short_name(),
                "conference": conference.title,
                "question": conference.question,
                "commissioner": conference.commissioner,
                "contact": contact_of(conference),
                "organiser": conference.organised_by or conference.commissioner,
                "role": membership.get_role_display(),
                "added_by": str(added_by or conference.organised_by or conference.commissioner),
            },
            reply_to=conference.contact_email,
            from_name=conference.organised_by or conference.title,
            action_url=password_link(user)
            if first_time
            else absolute(reverse("desk:conference", args=[conference.slug])),
            action_label=_("Choose my password") if first_time else _("Open the conference"),
        )


def build_free(message: Message) -> Content:
    """An organiser's words, in the language that was chosen for this person when they were written."""
    found = FreeMessage.objects.select_related("conference").filter(pk=message.subject_id).first()
    first_name = first_name_of(message.recipient_key)
    if found is None or first_name is None:
        raise ReasonGone(_("The person has been erased"))
    language = message.language if message.language in found.texts else next(iter(found.texts))
    conference = found.conference
    return Content(
        placeholders={
            "first_name": first_name,
            "conference": conference.title,
            "question": conference.question,
            "commissioner": conference.commissioner,
            "organiser": conference.organised_by or conference.commissioner,
            "contact": contact_of(conference),
        },
        reply_to=conference.contact_email,
        from_name=conference.organised_by or conference.title,
        leave_url=unsubscribe_link(message),
        text=Text(found.texts[language]["subject"], found.texts[language]["body"], language),
    )


register_kind(Kind.COLLEAGUE_ADDED, build_colleague_added)
register_kind(Kind.FREE, build_free, optional=True)
