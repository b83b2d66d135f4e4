"""Who speaks in which session, on what, when and for how long."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from experts.domain.running_order import follow
from experts.enums import CONCERNED
from experts.models import Contribution, Expert
from experts.rules import Balance, weigh

BY_THE_ITEM = {"session", "starts_at", "minutes", "question_minutes", "subject"}


def _log(verb: str, contribution: Contribution, actor: User) -> None:
    record(
        verb,
        conference=contribution.session.conference,
        actor=actor,
        obj=contribution,
        name=str(contribution.expert),
        session=contribution.session.title,
        minutes=contribution.minutes,
    )


def _check(contribution: Contribution) -> None:
    session = contribution.session
    if contribution.expert.conference_id != session.conference_id:
        raise DomainError(_("This session belongs to another conference."))
    if contribution.starts_at and not session.starts_at <= contribution.starts_at < session.ends_at:
        raise DomainError(_("This moment lies outside the session."))


@transaction.atomic
def add_contribution(*, expert: Expert, actor: User, fields: Mapping[str, Any]) -> Contribution:
    """Give an expert a part in a session."""
    contribution = Contribution(expert=expert, **fields)
    _check(contribution)
    contribution.save()
    _log("contribution.added", contribution, actor)
    return contribution


@transaction.atomic
def change_contribution(*, contribution: Contribution, actor: User, fields: Mapping[str, Any]) -> Contribution:
    """Move or reword a part. The expert's page and calendar follow by themselves."""
    changed = [name for name, value in fields.items() if getattr(contribution, name) != value]
    if not changed:
        return contribution
    if contribution.item_id and BY_THE_ITEM & set(changed):
        raise DomainError(_("This part has its place in the running order: change the item there."))
    for name in changed:
        setattr(contribution, name, fields[name])
    _check(contribution)
    contribution.save()
    _log("contribution.changed", contribution, actor)
    return contribution


@transaction.atomic
def remove_contribution(*, contribution: Contribution, actor: User) -> None:
    """Take the part out of the programme."""
    _log("contribution.removed", contribution, actor)
    item = contribution.item
    contribution.delete()
    if item:
        follow([item])  # the others share its minutes


def balance_of(conference: Conference) -> Balance:
    """The balance of views in one query, in short: of those who are invited or have accepted. The whole: domain/board."""
    rows = (
        Expert.objects.filter(conference=conference, state__in=CONCERNED)
        .order_by()
        .values_list("position")
        .annotate(
            experts_count=Count("id", distinct=True),
            minutes=Sum("contributions__minutes", filter=Q(contributions__session__cancelled_at=None), default=0),
        )
    )
    return weigh((position, experts, minutes) for position, experts, minutes in rows)
