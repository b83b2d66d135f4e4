"""Unsurprising objects for tests: a conference, its people, a pool, a draw. Every value can be overridden."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from conference.enums import Role, SessionKind
from conference.models import Conference, Membership, Session, User
from panels.domain.draws import snapshot
from panels.enums import DrawState, Place, Source, Standing
from panels.models import Criterion, Draw, DrawEntry, Identity, Seat, Trait, Value, Volunteer

_count = itertools.count(1)
PASSWORD = "correct horse battery"


def make_user(email: str = "", **fields: Any) -> User:
    number = next(_count)
    defaults = {"name": f"Personne {number}", "may_create": True}
    return User.objects.create_user(email or f"person{number}@example.org", PASSWORD, **{**defaults, **fields})


def make_conference(organiser: User | None = None, **fields: Any) -> Conference:
    """A published conference with 18 seats; ``organiser`` becomes its organiser."""
    number = next(_count)
    defaults: dict[str, Any] = {
        "slug": f"conference-{number}",
        "title": f"Conférence {number}",
        "question": "À quelles conditions peut-on cultiver en plein champ des plantes issues de l’édition du génome ?",
        "summary": "Dix-huit citoyens tirés au sort rendent un avis.",
        "commissioner": "Ministère de l’Agriculture",
        "organised_by": "Bureau des conférences",
        "contact_name": "Claire Fontaine",
        "contact_email": "contact@example.org",
        "contact_phone": "01 99 00 00 00",
        "allowance": "90 € par jour.",
        "support": "Train, hôtel et repas sont réservés et payés pour vous.",
        "is_published": True,
        "reply_deadline": timezone.now() + timedelta(days=12),
    }
    conference = Conference.objects.create(**{**defaults, **fields})
    if organiser:
        add_member(conference, organiser, Role.ORGANISER)
    return conference


def add_member(conference: Conference, user: User | None = None, role: Role = Role.ORGANISER) -> User:
    user = user or make_user()
    Membership.objects.create(conference=conference, user=user, role=role)
    return user


def make_session(conference: Conference, starts_at: datetime | None = None, hours: float = 7, **fields: Any) -> Session:
    starts_at = starts_at or datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=40)
    defaults = {"title": "Première fin de semaine", "kind": SessionKind.TRAINING, "place": "12 rue des Tilleuls, Lyon"}
    return Session.objects.create(
        conference=conference, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **{**defaults, **fields}
    )


def make_criterion(conference: Conference, name: str, quotas: Sequence[tuple[str, int, int]]) -> Criterion:
    """A criterion with (value, minimum, maximum) for each value."""
    criterion = Criterion.objects.create(
        conference=conference, name=name, position=Criterion.objects.filter(conference=conference).count()
    )
    for position, (value, minimum, maximum) in enumerate(quotas):
        Value.objects.create(criterion=criterion, name=value, minimum=minimum, maximum=maximum, position=position)
    return criterion


def make_volunteer(conference: Conference, traits: dict[str, str] | None = None, **fields: Any) -> Volunteer:
    """A volunteer with an identity. ``traits``: criterion name to value name; identity fields by their own names."""
    number = Volunteer.objects.filter(conference=conference).count() + 1
    identity_fields = {field.name for field in Identity._meta.fields}
    identity = {name: fields.pop(name) for name in list(fields) if name in identity_fields}
    defaults = {"reference": f"V-{number:04d}", "source": Source.IMPORT, "standing": Standing.ELIGIBLE}
    volunteer = Volunteer.objects.create(conference=conference, **{**defaults, **fields})
    who = {
        "first_name": "Camille",
        "last_name": f"Dupuis{number}",
        "email": f"{volunteer.reference.lower()}-{conference.pk}@example.org",
    }
    who |= identity
    Identity.objects.create(volunteer=volunteer, conference=conference, email_key=str(who["email"]).lower(), **who)
    for name, value in (traits or {}).items():
        criterion = Criterion.objects.get(conference=conference, name=name)
        Trait.objects.create(
            volunteer=volunteer, criterion=criterion, value=Value.objects.get(criterion=criterion, name=value)
        )
    return volunteer


def make_drawn(
    organiser: User | None = None, *, seats: int = 15, alternates: int = 4, others: int = 11, **fields: Any
) -> tuple[Conference, Draw]:
    """A conference whose panel is drawn (written down, not computed): half women, half men, balanced alternates."""
    if not 15 <= seats <= 20:
        fields.setdefault("seats_reason", "Un essai.")
    conference = make_conference(organiser, seats=seats, alternates=alternates, **fields)
    low, high = seats // 2, seats - seats // 2
    make_criterion(conference, "Sexe", [("Femme", low, high), ("Homme", low, high)])
    total = seats + alternates + others
    volunteers = [make_volunteer(conference, {"Sexe": "Femme" if number % 2 else "Homme"}) for number in range(total)]
    frozen, _incomplete = snapshot(conference)
    names = {volunteer.reference: f"KT-{99 - number:02d}" for number, volunteer in enumerate(volunteers)}
    frozen["people"] = [{**person, "id": names[person["id"]]} for person in frozen["people"]]
    draw = Draw.objects.create(
        conference=conference,
        number=1,
        state=DrawState.DONE,
        seed="seed of the tests",
        requested_by=organiser or make_user(),
        problem=frozen,
        pseudonyms=names,
        finished_at=timezone.now(),
        progress=100,
        result={
            "minimum": seats / total,
            "upper_bound": seats / total,
            "exact": True,
            "method": "leximin",
            "seconds": 0.1,
        },
    )
    for number, volunteer in enumerate(volunteers):
        place = Place.PANEL if number < seats else Place.ALTERNATE if number < seats + alternates else Place.NOT_DRAWN
        rank = number - seats + 1 if place == Place.ALTERNATE else 0
        DrawEntry.objects.create(
            draw=draw,
            volunteer=volunteer,
            pseudonym=names[volunteer.reference],
            probability=seats / total,
            place=place,
            rank=rank,
        )
    Seat.objects.bulk_create(Seat(conference=conference, draw=draw, number=number) for number in range(1, seats + 1))
    return conference, draw
