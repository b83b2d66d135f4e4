"""What every verb on an expert begins and ends with: the locked row, the table of transitions, the event."""

from typing import Any

from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import User
from experts.enums import EXPERT_TRANSITIONS, ExpertState
from experts.models import Expert


def locked(expert_id: int) -> Expert:
    locked = Expert.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("conference").get(pk=expert_id)


def move(expert: Expert, to: ExpertState) -> None:
    if to not in EXPERT_TRANSITIONS[ExpertState(expert.state)]:
        raise DomainError(
            _("This is not possible: %(name)s stands at “%(state)s”.")
            % {"name": expert, "state": expert.get_state_display()}
        )
    expert.state = to


def log(verb: str, expert: Expert, *, actor: User | None, reason: str = "", **data: Any) -> None:
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
