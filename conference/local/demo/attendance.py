"""The water conference's first session: everybody came but one, everybody signed; allowances are confirmed."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from conference.models import Conference, User
from panels.domain.allowances import add_claim, confirm_all, save_rate
from panels.domain.attendance import Sent, close_half_day, take_marks
from panels.enums import MarkKind, RateKind
from panels.half_days import HalfDay, half_days
from panels.models import Rate, RollCall
from panels.roll_rows import people_of

ABSENT, LATE, LEFT = 6, 2, 11  # by their place on the roll


def build(conference: Conference, organiser: User) -> None:
    past = [half for half in half_days(conference) if half.ends_at < timezone.now()]
    for number, half in enumerate(past):
        _roll_call(half, organiser, first=number == 0)
    _allowances(conference, organiser)


def _allowances(conference: Conference, organiser: User) -> None:
    """Ninety euros a day, the kilometres, and childcare by receipt; everybody's statement is confirmed."""
    for kind, amount, receipt in (
        (RateKind.DAY, "90.00", False),
        (RateKind.TRAVEL_KM, "0.32", False),
        (RateKind.CHILDCARE_HOUR, "18.00", True),
        (RateKind.TRAVEL_RECEIPT, None, True),
    ):
        save_rate(
            conference_id=conference.pk,
            actor=organiser,
            fields={
                "kind": kind,
                "amount": Decimal(amount) if amount else None,
                "by_receipt": receipt,
                "cap": None if amount else Decimal("150.00"),
                "source": "Délibération du conseil régional (démonstration)",
            },
        )
    rates = {rate.kind: rate for rate in Rate.objects.filter(conference=conference)}
    people = people_of(conference)
    day = half_days(conference)[0].day
    for person, kind, quantity, paid in (
        (people[0], RateKind.TRAVEL_KM, "84", None),
        (people[3], RateKind.CHILDCARE_HOUR, "7.5", "127.50"),
        (people[8], RateKind.TRAVEL_RECEIPT, "1", "38.60"),
    ):
        add_claim(
            invitation=person,
            rate=rates[kind],
            day=day,
            quantity=Decimal(quantity),
            paid=Decimal(paid) if paid else None,
        )
    confirm_all(conference_id=conference.pk, actor=organiser)


def _roll_call(half: HalfDay, organiser: User, *, first: bool) -> None:
    conference = half.session.conference
    people = people_of(conference)
    marks = []
    for place, person in enumerate(people):
        at = half.starts_at - dt.timedelta(minutes=10) + dt.timedelta(seconds=20 * place)
        if place == ABSENT:
            marks.append(Sent(uuid4(), person.uuid, MarkKind.ABSENT, at))
            continue
        late = first and place == LATE
        clock = (conference.local(half.starts_at) + dt.timedelta(minutes=45)).time() if late else None
        marks.append(Sent(uuid4(), person.uuid, MarkKind.LATE if late else MarkKind.PRESENT, at, clock))
        signed = at + dt.timedelta(seconds=8)
        marks.append(Sent(uuid4(), person.uuid, MarkKind.SIGNED, signed, strokes=_strokes(place)))
        if not first and place == LEFT:
            gone = (conference.local(half.ends_at) - dt.timedelta(minutes=60)).time()
            marks.append(Sent(uuid4(), person.uuid, MarkKind.LEFT, half.ends_at, gone))
    take_marks(half=half, marks=marks, actor=organiser, device="#a3f1", now=half.ends_at)
    close_half_day(half=half, actor=organiser)
    RollCall.objects.filter(session=half.session, day=half.day, part=half.part).update(closed_at=half.ends_at)


def _strokes(seed: int) -> list[list[int]]:
    """A scrawl of its own for each, the same at every loading."""
    state = seed * 7919 + 17
    x, y, points = 70, 110, []
    for _step in range(26 + seed % 9):
        state = (state * 1103515245 + 12345) % 2**31
        x = min(560, x + 8 + state % 17)
        y = max(25, min(175, y + (state // 65536) % 111 - 55))
        points += [x, y]
    return [points, [60, 165, min(560, x + 20), 150]]
