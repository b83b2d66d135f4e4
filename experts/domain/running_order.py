"""Who speaks in an item of the running order, and for how long: an expert's part follows the item it belongs to."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.domain.running_order import item_changed
from conference.enums import ItemKind
from conference.models import Conference, Item, Session, User
from experts.enums import ExpertState
from experts.models import Contribution, Expert

GONE = frozenset({ExpertState.DECLINED, ExpertState.WITHDRAWN})


def shares(minutes: int, speakers: int) -> list[int]:
    """Whole minutes for each of the speakers of an item, the first ones one more where it does not divide; the sum is
    the item's."""
    each, rest = divmod(minutes, speakers) if speakers else (0, 0)
    return [each + (number < rest) for number in range(speakers)]


@transaction.atomic
def set_speakers(*, item_id: int, actor: User, experts: Collection[Expert]) -> Item:
    """These experts and no others speak in the item. Raises DomainError for somebody who has declined or withdrawn."""
    conference_id = Item.objects.values_list("session__conference_id", flat=True).get(pk=item_id)
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    item = Item.objects.select_related("session").get(pk=item_id)
    before = {part.expert_id for part in Contribution.objects.filter(item=item)}
    wanted = {expert.pk: expert for expert in experts}
    for expert in wanted.values():
        if expert.conference_id != conference.pk:
            raise DomainError(_("This expert belongs to another conference."))
        if expert.state in GONE and expert.pk not in before:
            raise DomainError(_("%(name)s does not come: choose somebody else.") % {"name": expert})
    Contribution.objects.filter(item=item).exclude(expert_id__in=wanted).delete()
    for pk in wanted.keys() - before:
        Contribution.objects.create(item=item, session_id=item.session_id, expert_id=pk, subject=item.title)
    follow([item])
    if before != wanted.keys():
        _log_speakers(conference, item, actor)
    return item


@transaction.atomic
def speak_in(*, item_id: int, actor: User, expert: Expert, contribution_id: int | None = None) -> Contribution:
    """Give an expert a part in an item, or take one of their parts there; the minutes are shared anew on both sides."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=expert.conference_id)
    item = Item.objects.select_related("session").get(pk=item_id)
    if item.session.conference_id != conference.pk:
        raise DomainError(_("This session belongs to another conference."))
    if expert.state in GONE:
        raise DomainError(_("%(name)s does not come: choose somebody else.") % {"name": expert})
    part = Contribution.objects.filter(pk=contribution_id or 0, expert=expert).first() or Contribution(expert=expert)
    if part.pk and part.item_id == item.pk:
        return part
    if Contribution.objects.filter(item=item, expert=expert).exists():
        raise DomainError(_("%(name)s speaks in “%(title)s” already.") % {"name": expert, "title": item.title})
    left = part.item
    part.item, part.session, part.subject = item, item.session, item.title
    part.save()
    follow([item, left] if left else [item])
    _log_speakers(conference, item, actor)
    part.refresh_from_db()
    return part


@transaction.atomic
def leave_item(*, contribution: Contribution, actor: User) -> None:
    """Take an expert's part out of its item; the others share its minutes."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=contribution.expert.conference_id)
    item = contribution.item
    contribution.delete()
    if item:
        follow([item])
        _log_speakers(conference, item, actor)


def _log_speakers(conference: Conference, item: Item, actor: User) -> None:
    speakers = Expert.objects.filter(contributions__item=item)
    names = ", ".join(sorted(str(expert) for expert in speakers))
    record("item.speakers", conference=conference, actor=actor, obj=item, title=item.title, names=names or "–")


def follow(items: Sequence[Item]) -> None:
    """Put every part of these items where its item is, with its share of the minutes."""
    parts: dict[int, list[Contribution]] = {}
    for part in Contribution.objects.filter(item__in=[item.pk for item in items]).order_by("id"):
        parts.setdefault(part.item_id or 0, []).append(part)
    for item in items:
        mine = parts.get(item.pk, [])
        for part, minutes in zip(mine, shares(item.minutes, len(mine)), strict=True):
            part.session_id, part.starts_at, part.subject = item.session_id, item.starts_at, item.title
            part.minutes = minutes if item.kind == ItemKind.TALK else 0
            part.question_minutes = minutes if item.kind == ItemKind.QUESTIONS else 0
            part.save(update_fields=["session", "starts_at", "subject", "minutes", "question_minutes"])


@receiver(item_changed)
def keep_in_step(session: Session, item: Item | None, **_kwargs: Any) -> None:
    follow([item] if item else list(Item.objects.filter(session=session)))
