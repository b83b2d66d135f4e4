"""The life of an expert: listed, invited, accepted, declined, withdrawn; what they declare; their personal link.

Every verb locks the expert's row, re-reads it, checks the one table of transitions and writes the event and the
messages in the same transaction.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.models import Conference, User
from experts.domain import committee, notices
from experts.domain.record import locked, log, move
from experts.enums import CONCERNED, NOT_INVITED, ExpertState, Position
from experts.models import Expert

VERBS = {
    ExpertState.INVITED: "expert.invited",
    ExpertState.ACCEPTED: "expert.accepted",
    ExpertState.DECLINED: "expert.declined",
    ExpertState.WITHDRAWN: "expert.withdrawn",
}


@transaction.atomic
def add_expert(*, conference: Conference, actor: User, fields: Mapping[str, Any]) -> Expert:
    """Put an expert on the list. Nothing is sent yet."""
    expert = Expert.objects.create(conference=conference, **fields)
    log("expert.added", expert, actor=actor)
    return expert


@transaction.atomic
def change_expert(*, expert_id: int, actor: User, fields: Mapping[str, Any]) -> Expert:
    """Change what is noted of an expert. A new address gets a new link: somebody else may be reading the old one."""
    expert = locked(expert_id)
    changed = [name for name, value in fields.items() if getattr(expert, name) != value]
    if not changed:
        return expert
    for name in changed:
        setattr(expert, name, fields[name])
    if "email" in changed:
        expert.link_version += 1
    expert.save()
    labels = [str(field.verbose_name) for field in Expert._meta.fields if field.name in changed]
    log("expert.changed", expert, actor=actor, fields=", ".join(labels))
    notices.readdress(expert)
    if "email" in changed:
        notices.cancel_links(expert, _("The address was changed"))
        if expert.state in CONCERNED:
            notices.send_link(expert)
    return expert


@transaction.atomic
def invite(*, expert_id: int, actor: User, reason: str = "") -> Expert:
    """Send the personal link. Inviting twice sends one message; after a refusal there is a new link.

    ``reason``: why the organiser goes on though the committee has not approved or a condition is not met. The public
    reads it beside the expert's name.
    """
    expert = locked(expert_id)
    if expert.state == ExpertState.INVITED:
        return expert
    committee.pass_or_bypass(expert, actor=actor, reason=reason)
    if expert.invited_at:
        expert.link_version += 1
    move(expert, ExpertState.INVITED)
    expert.invited_at = timezone.now()
    expert.save()
    log("expert.invited", expert, actor=actor)
    notices.invite(expert)
    return expert


@transaction.atomic
def renew_link(*, expert_id: int, actor: User) -> Expert:
    """Send a new link and kill every earlier one, with the sessions of browsers that were opened through it."""
    expert = locked(expert_id)
    if expert.state not in CONCERNED:
        raise DomainError(_("%(name)s has no open invitation: invite them first.") % {"name": expert})
    expert.link_version += 1
    expert.save(update_fields=["link_version"])
    notices.cancel_links(expert, _("A newer link was made"))
    log("expert.link_renewed", expert, actor=actor)
    notices.send_link(expert)
    return expert


@transaction.atomic
def send_link_again(*, email: str) -> None:
    """Send the present link to every invited expert of this address, once an hour at most; say not whether any exists.

    The version stays: whoever holds a dead link can ask, and must not be able to kill the living one by asking.
    """
    for expert in (
        Expert.objects.select_related("conference").filter(email__iexact=email).exclude(state__in=NOT_INVITED)
    ):
        notices.send_link(expert, once=f"{timezone.now():%Y%m%d%H}")


@transaction.atomic
def answer(*, expert_id: int, accepts: bool, note: str = "", actor: User | None = None, reason: str = "") -> Expert:
    """The expert's answer, by their link or noted by an organiser (then with the reason). The same twice is once.

    Leaving after having accepted is a withdrawal.
    """
    if actor and not reason.strip():
        raise DomainError(_("Write how and when the answer was given."))
    expert = locked(expert_id)
    to = ExpertState.ACCEPTED if accepts else ExpertState.DECLINED
    if not accepts and expert.state in {ExpertState.ACCEPTED, ExpertState.WITHDRAWN}:
        to = ExpertState.WITHDRAWN
    if expert.state == to:
        return expert
    if to == ExpertState.ACCEPTED and not expert.invited_at:  # by telephone, before any mail
        committee.must_be_clear(expert)
    move(expert, to)
    expert.answered_at = timezone.now()
    expert.answer_note = note.strip()
    expert.save()
    log(VERBS[to], expert, actor=actor, reason=reason or expert.answer_note)
    notices.answered(expert)
    return expert


@transaction.atomic
def declare(
    *, expert_id: int, position: Position | str, position_text: str, interests: str, phone: str, **about: str
) -> Expert:
    """What the expert says of themselves: where they stand on the question, and who pays them. The public reads it.

    ``about``: their employer, biography and languages, where they correct what was noted of them.
    """
    expert = locked(expert_id)
    if expert.state != ExpertState.ACCEPTED:
        raise DomainError(_("Please accept the invitation first."))
    fields = {"position": position, "position_text": position_text, "interests": interests, "phone": phone, **about}
    changed = [name for name, value in fields.items() if getattr(expert, name) != value]
    if not changed:
        return expert
    for name in changed:
        setattr(expert, name, fields[name])
    expert.save(update_fields=changed)
    if changed != ["phone"]:
        log("expert.declared", expert, actor=None, position=expert.position)
    return expert
