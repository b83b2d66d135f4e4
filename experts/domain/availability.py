"""When an expert can come: half-days of the sessions that are held, kept as stretches of time.

They are not those of the roll call (``conference.half_days``), which follow the running order: an expert says when they
can come before there is one, and what they said must go on holding while it is moved about.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.enums import SessionKind
from conference.models import Conference, Session, User
from experts.domain.record import locked, log
from experts.enums import CONCERNED
from experts.models import Availability, Expert

NOON = dt.time(13)  # where a day is cut in two
WITHOUT_EXPERTS = frozenset({SessionKind.DELIBERATION, SessionKind.DRAFTING})  # the panel is among itself


@dataclass(frozen=True)
class HalfDay:
    """The part of a session that lies before or after the middle of one day."""

    session: Session
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_morning: bool

    @property
    def key(self) -> str:
        return f"{self.session.pk}-{self.starts_at:%Y%m%d}-{'am' if self.is_morning else 'pm'}"


def half_days(conference: Conference) -> list[HalfDay]:
    """Of all sessions to come in which experts may speak, in order, on the conference's clock."""
    sessions = Session.objects.filter(conference=conference, ends_at__gt=timezone.now()).held()
    sessions = sessions.exclude(kind__in=WITHOUT_EXPERTS).order_by("starts_at", "pk")
    return [half for session in sessions for half in _halves(session, conference.zone)]


def _halves(session: Session, zone: dt.tzinfo) -> Iterable[HalfDay]:
    day, last = session.starts_at.astimezone(zone).date(), session.ends_at.astimezone(zone).date()
    while day <= last:
        midnight, noon, next_midnight = (
            dt.datetime.combine(of, at, zone)
            for of, at in ((day, dt.time()), (day, NOON), (day + dt.timedelta(days=1), dt.time()))
        )
        for start, end, is_morning in ((midnight, noon, True), (noon, next_midnight, False)):
            begins, ends = max(start, session.starts_at), min(end, session.ends_at)
            if begins < ends:
                yield HalfDay(session, begins.astimezone(zone), ends.astimezone(zone), is_morning)
        day += dt.timedelta(days=1)


def is_available(stretches: Iterable[Availability], start: dt.datetime, end: dt.datetime) -> bool:
    """Whether one stretch covers it whole: stretches that touch were made one when they were kept."""
    return any(stretch.starts_at <= start and end <= stretch.ends_at for stretch in stretches)


@transaction.atomic
def set_availability(
    *, expert_id: int, stretches: Iterable[tuple[dt.datetime, dt.datetime]], actor: User | None
) -> list[Availability]:
    """Replace what was said. ``actor``: the organiser who noted it; None: the expert, once invited."""
    expert = locked(expert_id)
    if actor is None and expert.state not in CONCERNED:
        raise DomainError(_("Please accept the invitation first."))
    wanted = merged(stretches)
    stored = list(Availability.objects.filter(expert=expert).values_list("starts_at", "ends_at"))
    if wanted != stored:
        Availability.objects.filter(expert=expert).delete()
        _create(expert, wanted)
        log("expert.available", expert, actor=actor)
    return list(Availability.objects.filter(expert=expert))


def _create(expert: Expert, stretches: list[tuple[dt.datetime, dt.datetime]]) -> None:
    Availability.objects.bulk_create(
        Availability(expert=expert, starts_at=start, ends_at=end) for start, end in stretches
    )


def merged(stretches: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    """In order, and those that touch or overlap as one."""
    result: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(stretches):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result
