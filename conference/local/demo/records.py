"""The experts' records in full: who proposed them, what the committee says, when they can come, what they handed in."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conference.local.demo.timetable import at
from conference.models import Conference, Membership, User
from experts.domain import availability, claims, committee, papers
from experts.enums import Bypassed, ExpertState, Gender, Opinion, Position, ProposedBy, Sector
from experts.models import CommitteeOpinion, Contribution, Expert

APPROVES, OBJECTS = Opinion.APPROVES, Opinion.OBJECTS

# Long list of the genome conference: name, affiliation, field, position, sentence, sector, gender, by whom, why, interests, biography
LONG_LIST: list[dict[str, Any]] = [
    {
        "first_name": "Sylvie", "last_name": "Armand", "affiliation": "Institut de biologie végétale de Montfleury",
        "field": "Génétique des plantes", "position": Position.RATHER_FOR, "sector": Sector.PUBLIC_RESEARCH, "gender": Gender.WOMAN,
        "position_text": "Utile pour la résistance aux maladies, à condition d’évaluer plante par plante.",
        "proposed_by": ProposedBy.STEERING, "proposed_note": "Proposée par Denis Rambaud : elle explique le ciseau génétique sans jargon.",
        "interests": "Salaire public. Un contrat de recherche avec un semencier, terminé il y a trois ans.",
        "biography": "Elle dirige une équipe de douze personnes et reçoit des lycéens chaque printemps.",
    },
    {
        "first_name": "Paul", "last_name": "Kerjean", "affiliation": "Réseau des semences paysannes de l’Ouest",
        "field": "Agronomie", "position": Position.AGAINST, "sector": Sector.ASSOCIATION, "gender": Gender.MAN,
        "position_text": "Ces plantes brevetées priveraient les paysans du droit de ressemer.",
        "proposed_by": ProposedBy.STEERING, "proposed_note": "Proposé par Gaëlle Kervella : il cultive et sélectionne depuis vingt ans.",
        "interests": "Salarié du réseau, qui vend des semences libres de droits.",
        "biography": "Ingénieur agronome, il a repris la ferme de ses parents avant de rejoindre le réseau.",
    },
    {
        "first_name": "Inès", "last_name": "Delacroix", "affiliation": "Université de Hautecombe", "field": "Droit du vivant",
        "position": Position.OPEN, "sector": Sector.PUBLIC_RESEARCH, "gender": Gender.WOMAN,
        "position_text": "Tout dépend du brevet : la technique et la propriété sont deux questions.",
        "proposed_by": ProposedBy.ORGANISER, "proposed_note": "Autrice d’un manuel sur les brevets du vivant.",
        "interests": "Aucun financement privé. Membre d’un comité d’éthique public.",
        "biography": "Juriste, elle enseigne le droit de l’environnement.",
    },
    {
        "first_name": "Laurent", "last_name": "Vasseur", "affiliation": "Union des semenciers du Centre", "field": "Sélection variétale",
        "position": Position.FOR, "sector": Sector.COMPANY, "gender": Gender.MAN,
        "position_text": "Sans ces outils, nos agriculteurs achèteront demain les variétés des autres.",
        "proposed_by": ProposedBy.OPEN_CALL, "proposed_note": "A répondu à l’appel ouvert.",
        "interests": "Salarié de l’Union ; actionnaire d’un de ses membres.",
        "biography": "Il a créé onze variétés de blé et préside la commission technique de l’Union.",
    },
    {
        "first_name": "Mireille", "last_name": "Faucon", "affiliation": "Observatoire des pollinisateurs", "field": "Écologie",
        "position": Position.RATHER_AGAINST, "sector": Sector.ADMINISTRATION, "gender": Gender.WOMAN,
        "position_text": "Une plante semée en plein champ ne se rappelle pas.",
        "proposed_by": ProposedBy.CITIZENS, "proposed_note": "Demandée par trois volontaires lors de la réunion d’information.",
        "interests": "Salaire public.", "biography": "",
    },
    {
        "first_name": "Karim", "last_name": "Benhaddou", "affiliation": "", "field": "Économie des filières",
        "position": "", "sector": Sector.INDEPENDENT, "gender": Gender.MAN, "position_text": "",
        "proposed_by": ProposedBy.OPEN_CALL, "proposed_note": "A répondu à l’appel ouvert ; deux études sur le prix des semences.",
        "interests": "", "biography": "Économiste indépendant, il conseille des coopératives.",
    },
    {
        "first_name": "Bénédicte", "last_name": "Orsini", "affiliation": "Coopérative Terres de Beauce", "field": "Grandes cultures",
        "position": Position.RATHER_FOR, "sector": Sector.COMPANY, "gender": Gender.WOMAN,
        "position_text": "Moins de traitements, c’est ce que mes sociétaires me demandent.",
        "proposed_by": ProposedBy.STEERING, "proposed_note": "Proposée par Marc Duvernay, pour la voix de ceux qui cultivent.",
        "interests": "Salariée de la coopérative, qui vend aussi des semences.", "biography": "Agricultrice, présidente de la coopérative.",
    },
]  # fmt: skip

# Who says what, by the members in the order of their names (Denis, Gaëlle, Hélène, Marc); three of four must approve.
# Nobody who is against is approved yet: the board says that this view is missing.
OPINIONS: list[tuple[str, list[tuple[Opinion, str] | None]]] = [
    ("Armand", [(APPROVES, ""), (APPROVES, "Claire, et prudente."), (APPROVES, ""), None]),
    ("Delacroix", [(APPROVES, ""), None, (APPROVES, ""), (APPROVES, "Elle seule parle du droit.")]),
    ("Orsini", [(APPROVES, ""), None, (APPROVES, ""), (APPROVES, "Elle cultive.")]),
    ("Kerjean", [None, (APPROVES, "Il faut que cette voix soit entendue."), (APPROVES, ""), None]),
    ("Vasseur", [(APPROVES, ""), (OBJECTS, "Il est actionnaire d’une entreprise qui déposera ces brevets."), None, None]),
    ("Faucon", [None, (APPROVES, ""), None, None]),
]  # fmt: skip
SPEAKING = ("Armand", "Delacroix", "Orsini", "Kerjean")  # in the first weekend, as it is planned so far


def members(conference: Conference) -> list[Membership]:
    return list(committee.committee_of(conference))


def long_list(conference: Conference) -> None:
    for fields in LONG_LIST:
        Expert.objects.create(conference=conference, email=f"{fields['last_name'].lower()}@example.org", **fields)


def lay(conference: Conference, organiser: User) -> None:
    """What the committee says, once its members are there."""
    if conference.slug == "edition-du-genome":
        _opinions(conference)
    else:
        _further_on(conference, organiser)


def _opinions(conference: Conference) -> None:
    sitting = members(conference)
    for name, said in OPINIONS:
        expert = conference.experts.get(last_name=name)
        for member, word in zip(sitting, said, strict=True):
            if word:
                committee.give_opinion(expert_id=expert.pk, member=member, opinion=word[0], reason=word[1])
    weekend = conference.sessions.order_by("starts_at")[0]
    for number, name in enumerate(SPEAKING):
        expert = conference.experts.get(last_name=name)
        start = weekend.starts_at + dt.timedelta(minutes=30 + 45 * number)
        Contribution.objects.create(session=weekend, expert=expert, subject=expert.field, starts_at=start)


# -- The conference on water: invitations have gone out, answers have come ---------------------------------------------
RECORDS: dict[str, dict[str, Any]] = {
    "Roumieu": {"sector": Sector.PUBLIC_RESEARCH, "gender": Gender.WOMAN, "fee": Decimal(400), "speaks": "français, anglais",
                "biography": "Elle suit depuis quinze ans les bactéries des rivières du Sud-Ouest."},
    "Vauclair": {"sector": Sector.COMPANY, "gender": Gender.MAN, "employer": "Eaux du Midi",
                 "biography": "Il a construit trois stations d’épuration et en exploite une."},
    "Etchegaray": {"sector": Sector.ASSOCIATION, "gender": Gender.WOMAN, "biography": "Elle irrigue quarante hectares de maïs et de légumes."},
    "Castaing": {"sector": Sector.ASSOCIATION, "gender": Gender.MAN, "biography": "Ancien garde-pêche, il préside l’association."},
    "Ould-Kaci": {"sector": Sector.PUBLIC_RESEARCH, "gender": Gender.WOMAN, "fee": Decimal(400)},
}  # fmt: skip
EXCEPTION = "Le comité n’a pas pu se réunir avant les vacances. M. Castaing est le seul à défendre les rivières, et sa voix manquait."
SHEET = """# Ce que les stations laissent passer

- La plupart des bactéries sont arrêtées.
- Des traces de médicaments passent.
- On ne sait pas encore ce qu’elles font dans les sols.
"""


def _further_on(conference: Conference, organiser: User) -> None:
    sitting = members(conference)
    for expert in Expert.objects.filter(conference=conference, last_name__in=RECORDS):
        values: dict[str, Any] = dict(RECORDS[expert.last_name])
        if expert.last_name == "Castaing":
            values |= {"bypassed": Bypassed.QUORUM, "bypass_reason": EXCEPTION}
        else:
            values["approved_at"] = at(-16, 15)
            CommitteeOpinion.objects.bulk_create(
                CommitteeOpinion(expert=expert, member=member, opinion=APPROVES) for member in sitting
            )
        Expert.objects.filter(pk=expert.pk).update(**values)
        if expert.state == ExpertState.ACCEPTED:
            _come(expert)
    _handed_in(conference.experts.get(last_name="Roumieu"), organiser)


def _come(expert: Expert) -> None:
    """Everybody comes to the hearing; who speaks first also comes to the weekend before."""
    halves = [half for half in availability.half_days(expert.conference) if half.starts_at > timezone.now()]
    stretches = [(half.starts_at, half.ends_at) for half in halves[:4]]
    availability.set_availability(expert_id=expert.pk, stretches=stretches, actor=None)


def _handed_in(expert: Expert, organiser: User) -> None:
    """A sheet, a contract that is nobody else's business, and an account that waits for the organiser."""
    sheet = SimpleUploadedFile("ce-qui-passe.md", SHEET.encode(), "text/markdown")
    papers.hand_in(expert_id=expert.pk, title="Ce que les stations laissent passer", file=sheet, is_confidential=False)
    contract = SimpleUploadedFile("convention.txt", "Convention d’intervention : 400 € bruts.\n".encode(), "text/plain")
    papers.hand_in(
        expert_id=expert.pk, title="Convention d’intervention", file=contract, is_confidential=True, actor=organiser
    )
    today = timezone.localdate()
    for days, label, price in (
        (9, "Train de Villefranque à Castelnau-d’Arros", "62.40"),
        (9, "Repas du soir", "18.50"),
    ):
        claims.add_expense(expert_id=expert.pk, day=today - dt.timedelta(days=days), label=label, amount=Decimal(price))
    claims.sign(expert_id=expert.pk, name=str(expert))
