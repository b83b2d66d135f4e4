"""The hearing of the demo's second conference, laid to the minute with its experts, and published."""

from datetime import timedelta

from django.utils import timezone

from conference.domain.publication import publish_programme
from conference.domain.running_order import add_item, add_room
from conference.enums import ItemKind, Role, SessionKind
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Item, Membership, Room, User
from experts.domain.running_order import set_speakers
from experts.enums import ExpertState
from experts.models import Contribution, Expert


def lay(conference: Conference, organiser: User) -> None:
    """Where experts have accepted: their parts of the hearing go into its running order, two and two of opposed views."""
    hearing = conference.sessions.filter(kind=SessionKind.HEARING).first()
    experts = list(
        Expert.objects.filter(
            conference=conference, state=ExpertState.ACCEPTED, contributions__session=hearing
        ).distinct()
    )
    if hearing is None or len(experts) < 2:
        return
    facilitator = Membership.objects.get(conference=conference, role=Role.FACILITATOR)
    for session in conference.sessions.all():
        session.facilitators.add(facilitator)
    Contribution.objects.filter(session=hearing, item=None).delete()
    room = add_room(conference_id=conference.pk, actor=organiser, name="Salle des fêtes")
    at = hearing.starts_at
    first, second = experts[:2], experts[2:4] or experts[:2]
    plan: list[tuple[ItemKind, str, int, list[Expert]]] = [
        (ItemKind.WELCOME, "Ouverture par le panel", 20, []),
        (ItemKind.TALK, "Une ressource nouvelle, ou un risque de plus ?", 40, first),
        (ItemKind.QUESTIONS, "Questions du panel", 50, first),
        (ItemKind.BREAK, "Pause", 20, []),
        (ItemKind.PLENARY, "Ce que nous retenons de la matinée", 30, []),
        (ItemKind.BREAK, "Déjeuner", 80, []),
        (ItemKind.TALK, "Qui paie, qui décide, qui surveille ?", 40, second),
        (ItemKind.QUESTIONS, "Questions du panel", 50, second),
        (ItemKind.BREAK, "Pause", 20, []),
        (ItemKind.QUESTIONS, "Questions du public", 40, []),
        (ItemKind.PLENARY, "Le panel fait le point", 30, []),
    ]
    for kind, title, minutes, speakers in plan:
        item = _put(hearing.pk, organiser, kind, title, at, minutes, room, facilitator)
        set_speakers(item_id=item.pk, actor=organiser, experts=speakers)
        at += timedelta(minutes=minutes)
    publish_programme(conference_id=conference.pk, actor=organiser, note="Première version du programme de l’audition")
    told = Message.objects.filter(conference=conference, kind__in=(Kind.EXPERT_PROGRAMME, Kind.TEAM_PROGRAMME))
    told.update(state=State.SENT, sent_at=timezone.now())  # the demo writes to nobody


def _put(
    session_id: int, actor: User, kind: ItemKind, title: str, at: object, minutes: int, room: Room, lead: Membership
) -> Item:
    leads = kind in {ItemKind.WELCOME, ItemKind.PLENARY}
    fields = {
        "kind": kind,
        "title": title,
        "starts_at": at,
        "minutes": minutes,
        "room": room,
        "lead": lead if leads else None,
    }
    return add_item(session_id=session_id, actor=actor, fields=fields)
