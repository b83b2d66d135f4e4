"""Creating a conference, changing its settings, making its public page visible."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.text import slugify
from django.utils.translation import gettext as _

from conference import rules
from conference.domain.changes import changed_fields, labels_of
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.domain.sessions import add_session
from conference.enums import Role, StepKey
from conference.models import Conference, Membership, Step, User

# Sent in the transaction of a change with ``conference`` and ``fields`` (the names of what changed). A room above may
# raise DomainError to refuse it: the number of seats of a panel that is drawn, for instance.
conference_changed = Signal()

RESERVED = {"new"}  # /desk/new/ is a page, not a conference


def _free_slug(title: str) -> str:
    base = slugify(title)[:50].strip("-") or "conference"
    taken = set(Conference.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def check_seats(seats: int, reason: str) -> None:
    """15 to 20, or a written reason that the public will read."""
    if not rules.SEATS_MIN <= seats <= rules.SEATS_MAX and not reason.strip():
        raise DomainError(
            _(
                "A panel has %(min)s to %(max)s seats. For another number, write the reason: the public page will show it."
            )
            % {"min": rules.SEATS_MIN, "max": rules.SEATS_MAX}
        )


@transaction.atomic
def create_conference(
    *, actor: User, fields: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]] = ()
) -> Conference:
    """A new conference with the steps of its method; whoever creates it becomes its organiser."""
    if not actor.may_create:
        raise DomainError(_("Your account may not create conferences. Ask the person who administers this site."))
    conference = Conference(slug=_free_slug(fields["title"]), **fields)
    check_seats(conference.seats, conference.seats_reason)
    conference.save()
    Membership.objects.create(conference=conference, user=actor, role=Role.ORGANISER)
    Step.objects.bulk_create(
        Step(conference=conference, key=key, position=position) for position, key in enumerate(StepKey)
    )
    record("conference.created", conference=conference, actor=actor, obj=conference)
    for session in sessions:
        add_session(conference_id=conference.pk, actor=actor, fields=session)
    return conference


@transaction.atomic
def change_conference(*, conference_id: int, actor: User, fields: Mapping[str, Any]) -> Conference:
    """Change settings. The event names what changed, not the values: a question or a pledge may be long."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    changed = changed_fields(conference, fields)
    if not changed:
        return conference
    for name in changed:
        setattr(conference, name, fields[name])
    check_seats(conference.seats, conference.seats_reason)
    conference.save(update_fields=changed)
    conference_changed.send(Conference, conference=conference, fields=changed)
    record("conference.changed", conference=conference, actor=actor, obj=conference, fields=changed)
    return conference


REQUIRED_TO_PUBLISH = ("question", "summary", "commissioner", "commissioner_pledge", "funding", "contact_email")
ADVISED_TO_PUBLISH = ("organised_by", "legal_basis", "erase_on", "allowance", "support")


def missing_for_publication(conference: Conference) -> list[str]:
    """Fields without which the public page would hide what the method wants seen."""
    return [name for name in REQUIRED_TO_PUBLISH if not getattr(conference, name)]


@transaction.atomic
def publish(*, conference_id: int, actor: User) -> Conference:
    """Make the public page visible. Twice is once."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    if conference.is_published:
        return conference
    missing = missing_for_publication(conference)
    if missing:
        raise DomainError(
            _("The public page cannot be shown yet. Please fill in: %(fields)s.")
            % {"fields": labels_of(Conference, missing)}
        )
    return _set_published(conference, actor, "conference.published", value=True)


@transaction.atomic
def hide(*, conference_id: int, actor: User) -> Conference:
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    if not conference.is_published:
        return conference
    return _set_published(conference, actor, "conference.hidden", value=False)


def _set_published(conference: Conference, actor: User, verb: str, *, value: bool) -> Conference:
    conference.is_published = value
    conference.save(update_fields=["is_published"])
    conference_changed.send(Conference, conference=conference, fields=["is_published"])
    record(verb, conference=conference, actor=actor, obj=conference)
    return conference
