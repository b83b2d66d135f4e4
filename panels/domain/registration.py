"""The registration page's acts. What is said on the page never tells whether a person was known: only the mail does."""

import hashlib
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import outbox
from conference.mail.enums import Kind
from conference.models import Conference
from panels.domain.identity import email_key
from panels.domain.locking import lock_conference
from panels.domain.volunteers import (
    PersonDraft,
    change_standing,
    create_volunteer,
    doubts_in_words,
    draw_is_live,
    household_of,
    recipient_key,
    same_person,
    write_traits,
)
from panels.enums import Source, Standing
from panels.models import Identity, Trait, Volunteer
from panels.rules import CONFIRM_WITHIN

SCOPE = "volunteer"


def is_open(conference: Conference) -> bool:
    """Registration is open by its dates, and no draw has been asked for yet."""
    return conference.registration_is_open() and not draw_is_live(conference)


def why_closed(conference: Conference, now: datetime | None = None) -> str:
    """For the page: in words, since when or until when it is closed."""
    now = now or timezone.now()
    if draw_is_live(conference):
        return _("The draw has been made: registration is closed.")
    if conference.registration_opens is None or conference.registration_opens > now:
        return _("Registration is not open yet.")
    return _("Registration is closed.")


@transaction.atomic
def register(*, conference: Conference, draft: PersonDraft) -> None:
    """Note a registration and send the link that confirms it. Returns nothing: no page can tell who was known.

    A new person, or one who never confirmed, is written at once. What is typed under the address of somebody who is in
    the pool already is kept apart until that person uses the link.
    """
    conference = lock_conference(conference.pk)
    if not is_open(conference):
        raise DomainError(why_closed(conference))
    identity = (
        Identity.objects.filter(conference=conference, email_key=email_key(draft.email))
        .select_related("volunteer")
        .first()
    )
    address = draft.email
    if identity is None:
        volunteer = create_volunteer(
            conference, draft, source=Source.REGISTRATION, standing=Standing.UNCONFIRMED, consented_at=timezone.now()
        )
        record(
            "volunteer.registered",
            conference=conference,
            actor_label=_label(volunteer),
            obj=volunteer,
            reference=volunteer.reference,
        )
    elif identity.volunteer.standing == Standing.UNCONFIRMED:
        volunteer = identity.volunteer
        _apply(conference, volunteer, draft)
        volunteer.created_at = timezone.now()  # the time to confirm begins anew
        volunteer.save(update_fields=["created_at"])
    else:
        volunteer = identity.volunteer
        identity.pending = {**draft.as_json(), "language": draft.language}
        identity.save(update_fields=["pending"])
        # Two spellings may fold to one key: the letter goes to the address that we know, never to one typed by a stranger.
        address = identity.email or address
    _send(volunteer, Kind.REGISTRATION_CONFIRM, address, f"{draft.first_name} {draft.last_name}", draft.language)


def _label(volunteer: Volunteer) -> str:
    with override(volunteer.conference.language):
        return _("citizen %(reference)s") % {"reference": volunteer.reference}


def _apply(conference: Conference, volunteer: Volunteer, draft: PersonDraft) -> None:
    identity = volunteer.identity
    for name, value in draft.identity().items():
        setattr(identity, name, value)
    identity.pending = {}
    identity.save()
    volunteer.screener = dict(draft.screener)
    volunteer.household = household_of(conference, draft) or volunteer.household
    volunteer.consented_at = timezone.now()
    volunteer.save(update_fields=["screener", "household", "consented_at"])
    write_traits(volunteer, draft.values)


def _send(volunteer: Volunteer, kind: Kind, email: str, name: str, language: str) -> None:
    now = timezone.now()
    outbox.schedule(
        kind=kind,
        recipient=outbox.Recipient(key=recipient_key(volunteer), email=email, name=name, language=language),
        conference_id=volunteer.conference_id,
        subject_type="panels.volunteer",
        subject_id=volunteer.pk,
        occurrence=str(int(now.timestamp() * 1000)),  # each registration is answered, a second one too
        expires_at=now + timedelta(days=1) if kind == Kind.REGISTRATION_CONFIRM else None,
    )


def awaiting(volunteer: Volunteer) -> PersonDraft | None:
    """What waits for the person's confirmation; None when nothing does."""
    identity = volunteer.identity
    if identity.pending:
        return PersonDraft.from_json(identity.pending)
    if volunteer.standing != Standing.UNCONFIRMED:
        return None
    return PersonDraft(
        first_name=identity.first_name,
        last_name=identity.last_name,
        email=identity.email,
        phone=identity.phone,
        address=identity.address,
        postcode=identity.postcode,
        city=identity.city,
        birth_year=identity.birth_year,
        language=identity.language,
        screener=volunteer.screener,
        values=dict(Trait.objects.filter(volunteer=volunteer).values_list("criterion", "value")),
    )


def digest(draft: PersonDraft) -> str:
    """Names exactly what the page showed, so that nobody confirms what another typed in the meantime."""
    text = json.dumps(draft.as_json(), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def link_has_expired(volunteer: Volunteer, now: datetime | None = None) -> bool:
    return (
        volunteer.standing == Standing.UNCONFIRMED and volunteer.created_at < (now or timezone.now()) - CONFIRM_WITHIN
    )


@transaction.atomic
def confirm(*, volunteer: Volunteer, seen: str) -> Volunteer:
    """The person confirms what the page showed (``seen``). A doubtful answer, or a namesake, waits for a decision."""
    conference = lock_conference(volunteer.conference_id)
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("identity").get(pk=volunteer.pk)
    draft = awaiting(volunteer)
    if draft is None:
        return volunteer  # the button was pressed twice
    if draw_is_live(conference):
        raise DomainError(_("The draw has been made: it is too late to register."))
    if digest(draft) != seen:
        raise DomainError(_("What you typed has changed since this page was opened. Look at it again, then confirm."))
    if volunteer.identity.pending:
        _apply(conference, volunteer, draft)
    volunteer.confirmed_at = timezone.now()
    volunteer.save(update_fields=["confirmed_at"])
    record(
        "volunteer.confirmed",
        conference=conference,
        actor_label=_label(volunteer),
        obj=volunteer,
        reference=volunteer.reference,
    )
    _place(conference, volunteer, draft)
    identity = volunteer.identity
    _send(volunteer, Kind.REGISTRATION_CONFIRMED, identity.email, str(identity), identity.language)
    return volunteer


def _place(conference: Conference, volunteer: Volunteer, draft: PersonDraft) -> None:
    """Into the pool, or to those who wait. A decision that people have taken stands."""
    if volunteer.standing == Standing.EXCLUDED:
        return
    with override(conference.language):
        reason = doubts_in_words(draft.screener)
        double = same_person(conference, draft, besides=volunteer.pk)
        if double is not None:
            namesake = _("perhaps the same person as %(reference)s: same name, postcode and year of birth")
            reason = ", ".join(filter(None, [reason, namesake % {"reference": double.reference}]))
    to = Standing.REVIEW if reason else Standing.ELIGIBLE
    if volunteer.standing == to or (volunteer.standing == Standing.REVIEW and not reason):
        return
    change_standing(volunteer, to)
    volunteer.standing_reason = reason
    volunteer.save(update_fields=["standing", "standing_reason"])
    if reason:
        record(
            "volunteer.to_review",
            conference=conference,
            actor_label=_label(volunteer),
            obj=volunteer,
            reference=volunteer.reference,
        )
