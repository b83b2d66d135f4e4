"""First conference: in mid-course. The pool is there, the draw is the newcomer's to make."""

import datetime as dt

from django.utils import timezone

from conference.domain.events import record
from conference.enums import SessionKind, StepKey
from conference.local.demo import records
from conference.local.demo.people import LAY, build_criteria, build_pool
from conference.local.demo.timetable import at, lay_sessions, lay_steps
from conference.models import Conference, User
from panels.enums import Standing
from panels.models import Volunteer

SESSIONS = [
    (49, SessionKind.TRAINING, "Première fin de semaine : comprendre", "Maison des Tilleuls, 12 rue du Lavoir, Lyon", False,
     "Les bases de l’édition du génome, ce qu’elle permet, ce qu’elle ne permet pas ; points de vue opposés."),
    (77, SessionKind.TRAINING, "Deuxième fin de semaine : questionner", "Maison des Tilleuls, 12 rue du Lavoir, Lyon", False,
     "Le panel approfondit, choisit ses questions et les experts qu’il veut entendre."),
    (105, SessionKind.HEARING, "Audition publique", "Grand amphithéâtre, 3 place du Marché, Lyon", True,
     "Les citoyens posent leurs questions aux experts, devant le public et la presse."),
    (106, SessionKind.DRAFTING, "Délibération et rédaction de l’avis", "Maison des Tilleuls, 12 rue du Lavoir, Lyon", False,
     "À huis clos, sans le commanditaire ni les experts."),
]  # fmt: skip

STEPS = [
    (StepKey.COMMISSION, -150, "Commanditaire"),
    (StepKey.FRAME, -90, "Comité de pilotage"),
    (StepKey.INVITE, 5, "Organisateur"),
    (StepKey.DRAW, 12, "Organisateur, devant la garante"),
    (StepKey.PREPARE, 49, "Animateur et panel"),
    (StepKey.HEAR, 105, "Panel et experts"),
    (StepKey.DELIBERATE, 106, "Panel"),
    (StepKey.HAND_OVER, 115, "Panel"),
    (StepKey.ANSWER, 200, "Commanditaire"),
]

DOUBTFUL = {
    "works_in_field": "travaille dans une coopérative semencière, au service de la paie",
    "elected": "a siégé au conseil municipal jusqu’au printemps dernier ; le mandat est terminé",
    "leads_association": "tient la trésorerie d’une association de jardiniers qui n’a pas pris position",
}


def build(organiser: User) -> Conference:
    conference = Conference.objects.create(
        slug="edition-du-genome",
        title="L’édition du génome dans nos champs",
        question="À quelles conditions, s’il y en a, peut-on cultiver en plein champ des plantes issues de l’édition du génome ?",
        summary=(
            "De nouvelles techniques permettent de modifier une plante en un point précis de son génome. Certains y voient un moyen de réduire "
            "les pesticides et de s’adapter à la sécheresse ; d’autres, un risque pour la biodiversité, l’autonomie des paysans et le choix des "
            "consommateurs. Avant de fixer sa position sur le règlement européen, le ministère demande l’avis de dix-huit citoyens tirés au sort. "
            "Formés par des experts d’opinions opposées, ils poseront leurs questions en public, puis rédigeront seuls leur avis."
        ),
        commissioner="Ministère de l’Agriculture et de l’Alimentation",
        commissioner_pledge=(
            "Le ministère recevra l’avis en séance publique et répondra par écrit, recommandation par recommandation, dans les trois mois."
        ),
        funding="Ministère de l’Agriculture et de l’Alimentation, 148 000 €, versés à l’organisateur avant le début des travaux.",
        organised_by="Bureau des conférences de citoyens",
        contact_name="Claire Fontaine",
        contact_email="genome@example.org",
        contact_phone="01 99 00 12 34",
        languages=["fr", "en"],
        reply_deadline=at(12, 18),
        allowance="94 € par journée de présence, versés dans les quinze jours. La perte de revenus est compensée sur justificatif.",
        support=(
            "Le train, l’hôtel et les repas sont réservés et payés pour vous : vous n’avancez rien. Garde d’enfants, aide à un proche, interprète, "
            "accès en fauteuil : dites-nous ce qu’il vous faut."
        ),
        legal_basis=(
            "Une mission d’intérêt public confiée par le ministère (RGPD, article 6.1.e). Vos réponses servent à constituer un panel divers et à "
            "vous joindre ; elles ne servent à rien d’autre."
        ),
        erase_on=timezone.now().date() + dt.timedelta(days=420),
        population="Habitants de France métropolitaine de 18 ans et plus",
        population_source="ordres de grandeur arrondis pour la démonstration",
        registration_opens=at(-40, 9),
        registration_closes=at(5, 18),
        is_published=True,
    )
    lay_sessions(conference, SESSIONS)
    lay_steps(conference, STEPS)
    build_criteria(conference)
    volunteers = build_pool(conference, 156, "édition du génome", at(-20, 12))
    _doubtful(volunteers)
    records.long_list(conference)
    record("conference.created", conference=conference, actor=organiser, obj=conference)
    record("criteria.imported", conference=conference, actor=organiser, criteria=5, values=19)
    record("conference.published", conference=conference, actor=organiser, obj=conference)
    return conference


def _doubtful(volunteers: list[Volunteer]) -> None:
    """A few wait for a person's decision: the screener found something."""
    for volunteer, (key, reason) in zip(volunteers[40::30], DOUBTFUL.items(), strict=False):
        volunteer.standing, volunteer.standing_reason, volunteer.screener = Standing.REVIEW, reason, {**LAY, key: True}
        volunteer.save()
