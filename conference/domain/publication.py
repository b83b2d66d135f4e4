"""Publishing the programme: a version that stays as it is, and word to those whom the changes concern."""

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, ProgrammeVersion, User
from conference.published import Change, Programme, compare, from_json, programme_now, to_json

# Sent in the transaction of the publication with ``version``, ``changes`` (since the version before) and ``programme``.
# Rooms above write to those whom a change concerns.
programme_published = Signal()


def published(conference: Conference) -> Programme:
    """The programme of the newest version; empty before the first."""
    latest = ProgrammeVersion.objects.latest_of(conference)
    return from_json(latest.content) if latest else ()


def pending(conference: Conference) -> list[Change]:
    """What would be published now."""
    return compare(published(conference), programme_now(conference))


@transaction.atomic
def publish_programme(*, conference_id: int, actor: User, note: str = "") -> ProgrammeVersion:
    """A new version of what the programme is now. Raises DomainError where it would say the same as the last one."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    latest = ProgrammeVersion.objects.latest_of(conference)
    before, now = from_json(latest.content) if latest else (), programme_now(conference)
    if not any(meeting.slots for meeting in (*before, *now)):
        raise DomainError(_("There is no running order yet: there is nothing to publish."))
    changes = compare(before, now)
    if latest and not changes:
        raise DomainError(_("Nothing has changed since version %(number)s.") % {"number": latest.number})
    version = ProgrammeVersion.objects.create(
        conference=conference,
        number=latest.number + 1 if latest else 1,
        content=to_json(now),
        note=note.strip(),
        published_by=actor,
        published_at=timezone.now(),
    )
    record(
        "programme.published",
        conference=conference,
        actor=actor,
        obj=version,
        number=version.number,
        changes=len(changes),
    )
    programme_published.send(ProgrammeVersion, version=version, changes=changes, programme=now)
    return version
