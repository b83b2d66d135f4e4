"""The balance board of the demo: signed and fair for the water, a view missing for the genome; wishes of the citizens."""

import datetime as dt
from itertools import zip_longest

from django.utils import timezone

from conference.enums import Role
from conference.models import Conference, Membership, User
from experts.balance.signed import fingerprint_of
from experts.domain.board import board_of, sign
from experts.domain.committee import give_opinion
from experts.domain.wishes import add_wish, answer_wish
from experts.enums import Decision, ExpertState, Gender, Opinion, Position, ProposedBy, Sector, WishAnswer
from experts.models import Contribution, Expert, KeyQuestion, Stance

WHO = {  # name -> gender, sector
    "Roumieu": (Gender.WOMAN, Sector.PUBLIC_RESEARCH),
    "Vauclair": (Gender.MAN, Sector.COMPANY),
    "Etchegaray": (Gender.WOMAN, Sector.COMPANY),
    "Castaing": (Gender.MAN, Sector.ASSOCIATION),
    "Ould-Kaci": (Gender.WOMAN, Sector.PUBLIC_RESEARCH),
    "Armand": (Gender.WOMAN, Sector.PUBLIC_RESEARCH),
    "Kerjean": (Gender.MAN, Sector.ASSOCIATION),
}
WISHES: list[tuple[str, WishAnswer | None, str, str]] = [  # text, answer, expert, reason
    ("Quelqu’un qui vit de la rivière en été, pas seulement des ingénieurs.", WishAnswer.HEARD, "Castaing", ""),
    ("Une agricultrice qui irrigue déjà avec cette eau.", WishAnswer.HEARD, "Etchegaray", ""),
    ("Un médecin, pour savoir ce que les résidus de médicaments font au corps.", WishAnswer.PARTLY, "Roumieu",
     "Mme Roumieu suit ces résidus dans les sols ; aucun médecin n’était libre aux dates de l’audition."),
    ("La multinationale qui gère l’eau de la métropole.", WishAnswer.NO, "",
     "L’entreprise a répondu par écrit ; son texte est au dossier d’information. Le syndicat des eaux parle pour les exploitants."),
    ("Quelqu’un d’une région où on la boit déjà.", None, "", ""),
]  # fmt: skip


def lay(conference: Conference, organiser: User) -> None:
    """Once the colleagues have their roles. Leaves alone what another part of the demo has filled in."""
    for expert in Expert.objects.filter(conference=conference, last_name__in=WHO):
        gender, sector = WHO[expert.last_name]
        expert.gender, expert.sector = expert.gender or gender, expert.sector or sector
        expert.save(update_fields=["gender", "sector"])
    if conference.slug == "eaux-usees":
        _stances(conference)
        _wishes(conference, organiser)
        _sign(conference)
    else:
        _missing_view(conference)


def _members(conference: Conference, role: Role) -> list[Membership]:
    found = Membership.objects.filter(conference=conference, role=role).select_related("conference", "user")
    return list(found.order_by("id"))


def _stances(conference: Conference) -> None:
    for question in KeyQuestion.objects.filter(conference=conference):
        for expert in Expert.objects.filter(conference=conference).exclude(stances__question=question):
            Stance.objects.create(expert=expert, question=question, position=expert.position)


def _wishes(conference: Conference, organiser: User) -> None:
    (facilitator, *_others) = _members(conference, Role.FACILITATOR)
    said_on = timezone.now().astimezone(conference.zone).date() - dt.timedelta(days=18)
    question = KeyQuestion.objects.filter(conference=conference).first()
    for number, (text, answer, name, reason) in enumerate(WISHES):
        fields = {"text": text, "said_on": said_on, "question": question if number == 2 else None}
        wish = add_wish(conference=conference, actor=facilitator.user, fields=fields)
        if answer:
            expert = Expert.objects.filter(conference=conference, last_name=name).first()
            answer_wish(wish_id=wish.pk, actor=organiser, answer=answer, expert=expert, reason=reason)


def _sign(conference: Conference) -> None:
    fingerprint = fingerprint_of(board_of(conference).facts)
    remarks = ["", "Le temps des questions devra être tenu : c’est là que les désaccords se voient."]
    for member, remark in zip_longest(_members(conference, Role.STEERING), remarks, fillvalue=""):
        sign(member=member, decision=Decision.SIGNS, remark=remark, fingerprint=fingerprint)


def _missing_view(conference: Conference) -> None:
    """Only those who are for are approved by now; the one who is against waits on the long list."""
    if Expert.objects.filter(conference=conference, state=ExpertState.APPROVED).exists():
        return
    Expert.objects.create(
        conference=conference,
        first_name="Gilles",
        last_name="Tanguy",
        email="tanguy@example.org",
        affiliation="Union des semenciers de l’Ouest",
        field="Sélection variétale",
        position=Position.FOR,
        position_text="Dix ans de recherche gagnés sur la sécheresse, pour un risque que l’on sait mesurer.",
        proposed_by=ProposedBy.OPEN_CALL,
        gender=Gender.MAN,
        sector=Sector.COMPANY,
    )
    session = conference.sessions.order_by("starts_at").first()
    for expert in Expert.objects.filter(conference=conference, last_name__in=["Armand", "Tanguy"]):
        for member in _members(conference, Role.STEERING):
            give_opinion(expert_id=expert.pk, member=member, opinion=Opinion.APPROVES)
        if session:
            Contribution.objects.create(session=session, expert=expert, subject=expert.field, minutes=20)
