"""Second conference: further on. Panel complete, experts confirmed, briefings published, programme known."""

import datetime as dt

from django.utils import timezone

from conference.domain.events import record
from conference.enums import SessionKind, StepKey
from conference.local.demo import attendance
from conference.local.demo.people import build_criteria, build_pool
from conference.local.demo.timetable import at, lay_sessions, lay_steps
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, User
from experts.enums import ExpertState, Position, ProposedBy
from experts.models import Briefing, BriefingVersion, Contribution, Expert
from panels.domain.draws import draw_at_once
from panels.domain.invitations import accept, decline, invite_panel
from panels.enums import WAITING, Choosing, DeclineReason
from panels.models import Invitation

SESSIONS = [
    (-20, SessionKind.TRAINING, "Première fin de semaine : d’où vient notre eau", "Centre Jean-Moulin, Castelnau-d’Arros", False,
     "Le cycle de l’eau, le traitement des eaux usées, les usages et les conflits d’usage."),
    (8, SessionKind.TRAINING, "Deuxième fin de semaine : nos questions", "Centre Jean-Moulin, Castelnau-d’Arros", False,
     "Le panel entend des points de vue opposés et choisit qui posera quelle question."),
    (29, SessionKind.HEARING, "Audition publique", "Salle des fêtes, place du Marché, Castelnau-d’Arros", True,
     "Quatre experts répondent aux citoyens, en public."),
    (30, SessionKind.DRAFTING, "Délibération et rédaction de l’avis", "Centre Jean-Moulin, Castelnau-d’Arros", False, "À huis clos."),
]  # fmt: skip

STEPS = [
    (StepKey.COMMISSION, -210, "Région"),
    (StepKey.FRAME, -160, "Comité de pilotage"),
    (StepKey.INVITE, -95, "Organisateur"),
    (StepKey.DRAW, -60, "Organisateur, devant la garante"),
    (StepKey.PREPARE, 8, "Animateur et panel"),
    (StepKey.HEAR, 29, "Panel et experts"),
    (StepKey.DELIBERATE, 30, "Panel"),
    (StepKey.HAND_OVER, 40, "Panel"),
    (StepKey.ANSWER, 130, "Région"),
]

EXPERTS = [
    ("Nathalie", "Roumieu", "Université de Villefranque", "Microbiologie de l’eau", Position.RATHER_AGAINST,
     "Les résidus de médicaments dans les sols sont encore trop mal suivis.", "Aucun financement privé.", ExpertState.ACCEPTED),
    ("Étienne", "Vauclair", "Syndicat des eaux de la vallée d’Arros", "Génie sanitaire", Position.FOR,
     "Chaque mètre cube réutilisé est un mètre cube laissé à la rivière.", "Salarié d’un exploitant d’usines de traitement.", ExpertState.ACCEPTED),
    ("Maïté", "Etchegaray", "Chambre d’agriculture du Sud-Ouest", "Irrigation", Position.RATHER_FOR,
     "Une ressource de plus en été, si la qualité est garantie.", "Exploitante agricole irrigante.", ExpertState.ACCEPTED),
    ("Bruno", "Castaing", "Rivières vivantes (association)", "Écologie des cours d’eau", Position.AGAINST,
     "Réutiliser l’eau rejetée, c’est assécher les rivières qui en vivent l’été.", "Président bénévole de l’association.", ExpertState.ACCEPTED),
    ("Samira", "Ould-Kaci", "Institut d’économie publique", "Économie de l’eau", Position.OPEN,
     "Tout dépend de qui paie et de qui décide.", "", ExpertState.INVITED),
]  # fmt: skip

BRIEFING = """## À qui vous parlez

Dix-huit citoyens tirés au sort, de 19 à 78 ans. Aucun n’est spécialiste ; tous ont passé une fin de semaine à comprendre
d’où vient l’eau qu’ils boivent. Ils sont curieux, attentifs, et n’aiment pas qu’on leur parle comme à des élèves.

## Ce que nous attendons de vous

- **Vingt minutes** d’exposé, puis **vingt minutes** de questions. Le temps des questions ne se négocie pas.
- Des phrases courtes, des exemples d’ici. Un mot technique se définit la première fois.
- Dites ce que l’on sait, ce que l’on ne sait pas, et où vous vous situez. Vos intérêts sont affichés à côté de votre nom.

## Ce que dira l’autre côté

Un intervenant d’avis contraire parle juste avant ou juste après vous. Ne lui répondez pas : répondez aux citoyens.

## Après votre passage

Vous quittez la salle à la fin de vos questions. Le panel rédige seul.
"""


def build(organiser: User) -> Conference:
    conference = Conference.objects.create(
        slug="eaux-usees",
        title="Réutiliser les eaux usées traitées",
        question="Jusqu’où, et à quelles conditions, réutiliser les eaux usées traitées dans notre région ?",
        summary=(
            "Les étés s’assèchent. Arroser, irriguer, nettoyer, voire boire une eau déjà utilisée : d’autres pays le font. Quels risques, pour qui, "
            "à quel prix, et qui décide ? Dix-huit habitants de la région, tirés au sort, rendront leur avis avant le vote du plan régional de l’eau."
        ),
        commissioner="Conseil régional du Sud-Ouest",
        commissioner_pledge="La présidente du conseil régional répondra publiquement à chaque recommandation avant le vote du plan.",
        funding="Conseil régional (112 000 €) et agence de bassin (30 000 €).",
        organised_by="Bureau des conférences de citoyens",
        contact_name="Claire Fontaine",
        contact_email="eau@example.org",
        contact_phone="01 99 00 56 78",
        languages=["fr", "en"],
        reply_deadline=at(10, 18),
        allowance="90 € par journée de présence.",
        support="Trajets, repas et hôtel sont réservés et payés pour vous. Garde d’enfants et accès adaptés sur demande.",
        legal_basis="Mission d’intérêt public confiée par le conseil régional (RGPD, article 6.1.e).",
        erase_on=timezone.now().date() + dt.timedelta(days=300),
        population="Habitants de 18 ans et plus",
        population_source="ordres de grandeur arrondis pour la démonstration",
        registration_opens=at(-150, 9),
        registration_closes=at(-70, 18),
        is_published=True,
    )
    lay_sessions(conference, SESSIONS)
    lay_steps(conference, STEPS)
    build_criteria(conference)
    build_pool(conference, 148, "eaux usées", at(-80, 12))
    record("conference.created", conference=conference, actor=organiser, obj=conference)
    _panel(conference, organiser)
    _experts(conference, organiser)
    attendance.build(conference, organiser)
    _as_if_sent(conference)
    return conference


def _panel(conference: Conference, organiser: User) -> None:
    """A real draw, real answers: two decline and are replaced, everybody else accepts."""
    draw_at_once(conference=conference, actor=organiser, choosing=Choosing.BALLS, ticket=417)
    invited = invite_panel(conference=conference, actor=organiser)
    decline(invitation_id=invited[4].pk, decline_reason=DeclineReason.DATES)
    decline(invitation_id=invited[11].pk, decline_reason=DeclineReason.HEALTH)
    for invitation in Invitation.objects.filter(conference=conference, state__in=WAITING):
        accept(invitation_id=invitation.pk)


def _experts(conference: Conference, organiser: User) -> None:
    hearing = conference.sessions.get(kind=SessionKind.HEARING)
    for number, (first, last, affiliation, field, position, sentence, interests, state) in enumerate(EXPERTS):
        expert = Expert.objects.create(
            conference=conference,
            first_name=first,
            last_name=last,
            email=f"{last.lower().replace(' ', '-')}@example.org",
            affiliation=affiliation,
            field=field,
            position=position,
            position_text=sentence,
            interests=interests,
            state=state,
            proposed_by=ProposedBy.CITIZENS if number in {2, 3} else ProposedBy.STEERING,
            invited_at=at(-15, 10),
            answered_at=at(-12, 10) if state == ExpertState.ACCEPTED else None,
        )
        Contribution.objects.create(
            session=hearing,
            expert=expert,
            subject=f"{field} : ce que l’on sait, ce que l’on ne sait pas",
            starts_at=hearing.starts_at + dt.timedelta(minutes=50 * number),
            minutes=20,
            question_minutes=20,
        )
    briefing = Briefing.objects.create(conference=conference, title="Parler à dix-huit citoyens")
    BriefingVersion.objects.create(
        briefing=briefing,
        number=1,
        text=BRIEFING.replace("## Après votre passage\n\n", "## Ensuite\n\n"),
        written_by=organiser,
        published_at=at(-15, 10),
    )
    BriefingVersion.objects.create(
        briefing=briefing,
        number=2,
        text=BRIEFING,
        change_note="Précise que les intervenants quittent la salle après leurs questions.",
        written_by=organiser,
        published_at=at(-6, 9),
    )


def _as_if_sent(conference: Conference) -> None:
    """This conference's past mail was read long ago: nothing of it goes out when the demo is loaded."""
    due = Message.objects.filter(conference=conference).due(timezone.now())
    due.update(state=State.SENT, sent_at=at(-50, 10), due_at=at(-50, 10))
    Message.objects.filter(conference=conference, kind=Kind.INVITATION_REMINDER).delete()
