"""Erasing people: at their wish, on the conference's date, or because an address was never confirmed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import outbox
from conference.models import Conference, User
from panels.domain.allowances import forget_receipt
from panels.domain.locking import lock_conference
from panels.domain.volunteers import recipient_key
from panels.enums import HOLDING, Standing
from panels.models import AllowanceExport, Claim, Identity, Invitation, Needs, Signature, Volunteer
from panels.models.volunteer import VolunteerQuerySet
from panels.rules import CONFIRM_WITHIN


@transaction.atomic
def erase_volunteer(*, volunteer: Volunteer, actor: User | None = None, reason: str = "") -> Volunteer:
    """Erase who the person is and what they need. The entry and its values stay, for the draw's record."""
    conference = lock_conference(volunteer.conference_id)
    volunteer = Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    if actor and Invitation.objects.filter(volunteer=volunteer, state__in=HOLDING).exists():
        raise DomainError(_("This person holds a seat. Free the seat on the panel’s page first, then erase."))
    if not Identity.objects.filter(volunteer=volunteer).exists():
        return volunteer
    _erase(conference, volunteer, actor=actor, reason=reason)
    return volunteer


def _erase(conference: Conference, volunteer: Volunteer, *, actor: User | None, reason: str) -> None:
    Identity.objects.filter(volunteer=volunteer).delete()
    Needs.objects.filter(volunteer=volunteer).delete()
    _erase_attendance(conference, volunteer)
    outbox.erase_recipient(recipient_key=recipient_key(volunteer))
    volunteer.household, volunteer.screener = "", {}
    volunteer.link_version += 1
    if not volunteer.entries.exists() and volunteer.standing != Standing.WITHDRAWN:
        # Nobody can be reached any more: an entry that no draw rests on must not be drawn later.
        volunteer.standing = Standing.UNCONFIRMED if volunteer.standing == Standing.UNCONFIRMED else Standing.WITHDRAWN
    volunteer.save(update_fields=["household", "screener", "link_version", "standing"])
    record(
        "volunteer.erased",
        conference=conference,
        actor=actor,
        actor_label="" if actor else _("the program"),
        obj=volunteer,
        reason=reason,
        reference=volunteer.reference,
    )


def _erase_attendance(conference: Conference, volunteer: Volunteer) -> None:
    """Signatures, claims, receipts and the name in payment files go; who was noted when, and the totals, stay."""
    Signature.objects.filter(mark__invitation__volunteer=volunteer).delete()
    claims = Claim.objects.filter(invitation__volunteer=volunteer)
    for claim in claims.exclude(receipt=""):
        forget_receipt(claim)
    claims.delete()
    for made in AllowanceExport.objects.filter(conference=conference).select_for_update():
        if any(row[0] == volunteer.reference for row in made.rows):
            made.rows = [[row[0], "", "", *row[3:]] if row[0] == volunteer.reference else row for row in made.rows]
            made.save(update_fields=["rows"])


def erase_due(now: datetime) -> int:
    """Erase everybody whose conference's date has come, and addresses that nobody confirmed. Says how many."""
    erased = 0
    tomorrow = now.date() + timedelta(days=1)  # east of Greenwich the day begins before it does in UTC
    for conference in Conference.objects.filter(erase_on__isnull=False, erase_on__lte=tomorrow):
        if conference.local(now).date() >= conference.erase_on:  # type: ignore[operator]
            erased += _erase_all(conference, Volunteer.objects.all(), _("the date of erasure has come"))
    stale = Volunteer.objects.filter(standing=Standing.UNCONFIRMED, created_at__lt=now - CONFIRM_WITHIN)
    for conference in Conference.objects.filter(volunteers__in=stale.filter(identity__isnull=False)).distinct():
        erased += _erase_all(conference, stale, _("the address was never confirmed"))
    return erased


@transaction.atomic
def _erase_all(conference: Conference, volunteers: VolunteerQuerySet, reason: str) -> int:
    conference = lock_conference(conference.pk)
    found = list(volunteers.filter(conference=conference, identity__isnull=False).select_for_update(of=("self",)))
    for volunteer in found:
        _erase(conference, volunteer, actor=None, reason=reason)
    return len(found)
