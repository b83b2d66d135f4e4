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
from conference.domain.events import record
from conference.models import Conference, User
from experts.domain import notices
from experts.enums import CONCERNED, EXPERT_TRANSITIONS, ExpertState, Position
from experts.models import Expert

VERBS = {
    ExpertState.INVITED: "expert.invited",
    ExpertState.ACCEPTED: "expert.accepted",
    ExpertState.DECLINED: "expert.declined",
    ExpertState.WITHDRAWN: "expert.withdrawn",
}


def _locked(expert_id: int) -> Expert:
    locked = Expert.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("conference").get(pk=expert_id)


def _move(expert: Expert, to: ExpertState) -> None:
    if to not in EXPERT_TRANSITIONS[ExpertState(expert.state)]:
        raise DomainError(
            _("This is not possible: %(name)s stands at “%(state)s”.")
            % {"name": expert, "state": expert.get_state_display()}
        )
    expert.state = to


def _log(verb: str, expert: Expert, *, actor: User | None, reason: str = "", **data: Any) -> None:
    label = "" if actor else (_("expert %(name)s") % {"name": expert})[:120]
    record(
        verb,
        conference=expert.conference,
        actor=actor,
        actor_label=label,
        obj=expert,
        reason=reason,
        name=str(expert),
        **data,
    )


@transaction.atomic
def add_expert(*, conference: Conference, actor: User, fields: Mapping[str, Any]) -> Expert:
    """Put an expert on the list. Nothing is sent yet."""
    expert = Expert.objects.create(conference=conference, **fields)
    _log("expert.added", expert, actor=actor)
    return expert


@transaction.atomic
def change_expert(*, expert_id: int, actor: User, fields: Mapping[str, Any]) -> Expert:
    """Change what is noted of an expert. A new address gets a new link: somebody else may be reading the old one."""
    expert = _locked(expert_id)
    changed = [name for name, value in fields.items() if getattr(expert, name) != value]
    if not changed:
        return expert
    for name in changed:
        setattr(expert, name, fields[name])
    if "email" in changed:
        expert.link_version += 1
    expert.save()
    labels = [str(field.verbose_name) for field in Expert._meta.fields if field.name in changed]
    _log("expert.changed", expert, actor=actor, fields=", ".join(labels))
    notices.readdress(expert)
    if "email" in changed:
        notices.cancel_links(expert, _("The address was changed"))
        if expert.state in CONCERNED:
            notices.send_link(expert)
    return expert


@transaction.atomic
def invite(*, expert_id: int, actor: User) -> Expert:
    """Send the personal link. Inviting twice sends one message; after a refusal there is a new link."""
    expert = _locked(expert_id)
    if expert.state == ExpertState.INVITED:
        return expert
    if expert.invited_at:
        expert.link_version += 1
    _move(expert, ExpertState.INVITED)
    expert.invited_at = timezone.now()
    expert.save()
    _log("expert.invited", expert, actor=actor)
    notices.invite(expert)
    return expert


@transaction.atomic
def renew_link(*, expert_id: int, actor: User) -> Expert:
    """Send a new link and kill every earlier one, with the sessions of browsers that were opened through it."""
    expert = _locked(expert_id)
    if expert.state not in CONCERNED:
        raise DomainError(_("%(name)s has no open invitation: invite them first.") % {"name": expert})
    expert.link_version += 1
    expert.save(update_fields=["link_version"])
    notices.cancel_links(expert, _("A newer link was made"))
    _log("expert.link_renewed", expert, actor=actor)
    notices.send_link(expert)
    return expert


@transaction.atomic
def send_link_again(*, email: str) -> None:
    """Send the present link to every invited expert of this address, once an hour at most; say not whether any exists.

    The version stays: whoever holds a dead link can ask, and must not be able to kill the living one by asking.
    """
    for expert in (
        Expert.objects.select_related("conference").filter(email__iexact=email).exclude(state=ExpertState.LISTED)
    ):
        notices.send_link(expert, once=f"{timezone.now():%Y%m%d%H}")


@transaction.atomic
def answer(*, expert_id: int, accepts: bool, note: str = "", actor: User | None = None, reason: str = "") -> Expert:
    """The expert's answer, by their link or noted by an organiser (then with the reason). The same twice is once.

    Leaving after having accepted is a withdrawal.
    """
    if actor and not reason.strip():
        raise DomainError(_("Write how and when the answer was given."))
    expert = _locked(expert_id)
    to = ExpertState.ACCEPTED if accepts else ExpertState.DECLINED
    if not accepts and expert.state in {ExpertState.ACCEPTED, ExpertState.WITHDRAWN}:
        to = ExpertState.WITHDRAWN
    if expert.state == to:
        return expert
    _move(expert, to)
    expert.answered_at = timezone.now()
    expert.answer_note = note.strip()
    expert.save()
    _log(VERBS[to], expert, actor=actor, reason=reason or expert.answer_note)
    notices.answered(expert)
    return expert


@transaction.atomic
def declare(*, expert_id: int, position: Position | str, position_text: str, interests: str, phone: str) -> Expert:
    """What the expert says of themselves: where they stand on the question, and who pays them. The public reads it."""
    expert = _locked(expert_id)
    if expert.state != ExpertState.ACCEPTED:
        raise DomainError(_("Please accept the invitation first."))
    fields = {"position": position, "position_text": position_text, "interests": interests, "phone": phone}
    changed = [name for name, value in fields.items() if getattr(expert, name) != value]
    if not changed:
        return expert
    for name in changed:
        setattr(expert, name, fields[name])
    expert.save(update_fields=changed)
    if changed != ["phone"]:
        _log("expert.declared", expert, actor=None, position=expert.position)
    return expert
