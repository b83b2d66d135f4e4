"""A free message: words written once to a chosen audience, and what fills them when they leave."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import texts
from conference.mail.domain.kinds import Text
from conference.mail.domain.many import Addressee, schedule_many
from conference.mail.domain.outbox import Recipient
from conference.mail.enums import Kind
from conference.mail.models import FreeMessage
from conference.models import Conference, User
from conference.sendings import sending_of

SUBJECT = "mail.freemessage"


def language_for(recipient: Recipient, written: Mapping[str, Text], conference: Conference) -> str:
    """Theirs where it was written, the conference's otherwise, or the only one there is."""
    return next(code for code in (recipient.language, conference.language, *written) if code in written)


@transaction.atomic
def send(
    *,
    conference: Conference,
    actor: User,
    once: UUID,
    written: Mapping[str, Text],
    recipients: Sequence[Recipient],
    audience: Mapping[str, object],
) -> FreeMessage:
    """One message to each. ``once`` comes from the form: a second click finds what the first one wrote."""
    found = FreeMessage.objects.filter(uuid=once, conference=conference).first()
    if found is not None:
        return found
    for language, text in written.items():
        if wrong := texts.problems(Kind.FREE, language, text):
            raise DomainError(wrong[0].words)
    if not written or not recipients:
        raise DomainError(_("Nobody would be written to."))
    message, made = FreeMessage.objects.get_or_create(
        uuid=once,
        conference=conference,
        defaults={
            "texts": {code: {"subject": text.subject, "body": text.body} for code, text in written.items()},
            "audience": dict(audience),
            "recipients": len(recipients),
            "written_by": actor,
        },
    )
    if made:
        _write(conference, message, written, recipients)
        record("message.free", conference=conference, actor=actor, obj=message, count=len(recipients))
    return message


def _write(
    conference: Conference, message: FreeMessage, written: Mapping[str, Text], recipients: Sequence[Recipient]
) -> None:
    addressees = [
        Addressee(Recipient(one.key, one.email, one.name, language_for(one, written, conference)), SUBJECT, message.pk)
        for one in recipients
    ]
    schedule_many(kind=Kind.FREE, conference_id=conference.pk, addressees=addressees)


@transaction.atomic
def send_to_many(*, conference: Conference, actor: User, kind: Kind, expected: int) -> int:
    """What a room has ready for many (``conference.sendings``), to as many people as the organiser was shown."""
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    sending = sending_of(conference, kind)
    if sending is None or sending.not_yet:
        raise DomainError(sending.not_yet if sending else _("Nobody would be written to."))
    if sending.count != expected:
        now = ngettext("It would now go to %(count)s person.", "It would now go to %(count)s people.", sending.count)
        raise DomainError(_("Meanwhile the number has changed.") + " " + now % {"count": sending.count})
    count = schedule_many(kind=kind, conference_id=conference.pk, addressees=sending.addressees)
    record("message.to_many", conference=conference, actor=actor, message=kind, count=count)
    return count
