"""The demo: two French conferences with invented people, one before its draw and one with its panel complete.

The same people and the same draw each time (fixed seeds); dates are reckoned from today.
"""

import json
import secrets

from django.conf import settings
from django.db import transaction

from conference.enums import Role
from conference.local.demo import board, genome, information, programme, questions, records, water
from conference.models import Conference, Membership, User

COLLEAGUES = [
    ("amine.berrada@example.org", "Amine Berrada", Role.FACILITATOR, "Animateur, association Parole partagée"),
    (
        "helene.cazal@example.org",
        "Hélène Cazal",
        Role.STEERING,
        "Sociologue des techniques, présidente du comité de pilotage",
    ),
    ("marc.duvernay@example.org", "Marc Duvernay", Role.STEERING, "Agronome, membre du comité de pilotage"),
    ("gaelle.kervella@example.org", "Gaëlle Kervella", Role.STEERING, "Paysanne, membre du comité de pilotage"),
    (
        "denis.rambaud@example.org",
        "Denis Rambaud",
        Role.STEERING,
        "Ancien dirigeant d’un groupe semencier, membre du comité de pilotage",
    ),
    ("odile.tessier@example.org", "Odile Tessier", Role.GUARANTOR, "Garante, ancienne magistrate"),
    ("yann.lebris@example.org", "Yann Le Bris", Role.OBSERVER, "Observateur, doctorant en science politique"),
]


@transaction.atomic
def load() -> dict[str, str]:
    """Build both conferences. Returns the organiser's login and writes it to ``demo.json`` in the state folder."""
    password = f"tilleul-{secrets.token_hex(3)}-seize"
    organiser = User.objects.create_user(
        "claire.fontaine@example.org", password, name="Claire Fontaine", may_create=True
    )
    colleagues = {
        email: User.objects.create_user(email, password, name=name) for email, name, _role, _title in COLLEAGUES
    }
    for build in (water.build, genome.build):
        conference = build(organiser)
        _staff(conference, organiser, colleagues)
        records.lay(conference, organiser)
        programme.lay(conference, organiser)
        questions.lay(conference, organiser)
        board.lay(conference, organiser)
        information.lay(conference, organiser)
    login = {"email": organiser.email, "password": password}
    settings.HOME.mkdir(parents=True, exist_ok=True)
    path = settings.HOME / "demo.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(login))
    return login


def _staff(conference: Conference, organiser: User, colleagues: dict[str, User]) -> None:
    Membership.objects.get_or_create(
        conference=conference,
        user=organiser,
        defaults={
            "role": Role.ORGANISER,
            "public_title": "Cheffe de projet, Bureau des conférences de citoyens",
            "is_public": True,
        },
    )
    for email, _name, role, title in COLLEAGUES:
        Membership.objects.create(
            conference=conference,
            user=colleagues[email],
            role=role,
            public_title=title,
            is_public=role != Role.OBSERVER,
        )
