"""The balance board of the demo: signed and fair for the water, a view missing for the genome; wishes of the citizens."""

import datetime as dt

from django.utils import timezone

from conference.enums import Role
from conference.models import Conference, Membership, User
from experts.balance.signed import fingerprint_of
from experts.domain.board import board_of, sign
from experts.domain.wishes import add_wish, answer_wish
from experts.enums import Decision, WishAnswer
from experts.models import Expert, KeyQuestion, Stance

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
    """Last of all: whoever changes a position or a minute after it makes the signatures those of an earlier state."""
    if conference.slug == "eaux-usees":
        _stances(conference)
        _wishes(conference, organiser)
        _sign(conference)
    else:
        _refuse(conference)


def _members(conference: Conference, role: Role) -> list[Membership]:
    found = Membership.objects.filter(conference=conference, role=role).select_related("conference", "user")
    return list(found.order_by("id"))


def _stances(conference: Conference) -> None:
    """Who has not said where they stand on a question stands there as on the whole."""
    for question in KeyQuestion.objects.filter(conference=conference):
        silent = Expert.objects.filter(conference=conference).exclude(position="").exclude(stances__question=question)
        for expert in silent:
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
    """All but the last of the committee: enough, and one is still awaited."""
    remarks = ["", "Le temps des questions devra être tenu : c’est là que les désaccords se voient.", ""]
    for member, remark in zip(_members(conference, Role.STEERING), remarks, strict=False):
        _give(conference, member, Decision.SIGNS, remark)


def _refuse(conference: Conference) -> None:
    member = _members(conference, Role.STEERING)[2]
    remark = "Personne ne parle contre : je signerai quand un paysan qui ressème sera au programme."
    _give(conference, member, Decision.REFUSES, remark)


def _give(conference: Conference, member: Membership, decision: Decision, remark: str) -> None:
    sign(member=member, decision=decision, remark=remark, fingerprint=fingerprint_of(board_of(conference).facts))
