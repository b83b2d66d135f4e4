"""The steering committee's word on the long list, and what an organiser needs before an invitation may leave.

More than half of the committee's members approve and nobody objects: approved. The committee is those who are members
now. Where there is none, nothing is approved and the public is told so; invitations may leave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.models import Conference, Membership, User
from experts.domain.invitation_gate import closed_gates
from experts.domain.record import locked, log, move
from experts.enums import NOT_INVITED, Bypassed, ExpertState, Opinion
from experts.models import CommitteeOpinion, Expert

HEARD = NOT_INVITED | {ExpertState.DECLINED, ExpertState.WITHDRAWN}  # whoever may be invited, or invited again


# Sent with ``member`` once they have given an opinion.
opinion_given = Signal()


@dataclass(frozen=True)
class Standing:
    """Where the committee stands on one expert."""

    members: tuple[Membership, ...]
    opinions: Mapping[int, CommitteeOpinion]  # by member

    @property
    def approvals(self) -> list[CommitteeOpinion]:
        return [opinion for opinion in self.opinions.values() if opinion.opinion == Opinion.APPROVES]

    @property
    def objections(self) -> list[CommitteeOpinion]:
        return [opinion for opinion in self.opinions.values() if opinion.opinion == Opinion.OBJECTS]

    @property
    def silent(self) -> list[Membership]:
        return [member for member in self.members if member.pk not in self.opinions]

    @property
    def needed(self) -> int:
        """How many approvals are more than half."""
        return len(self.members) // 2 + 1

    @property
    def is_approved(self) -> bool:
        return bool(self.members) and len(self.approvals) >= self.needed and not self.objections


def committee_of(conference: Conference) -> tuple[Membership, ...]:
    members = Membership.objects.filter(conference=conference, role=Role.STEERING, user__is_active=True)
    return tuple(members.select_related("user").order_by("user__name", "pk"))


def standings(
    conference: Conference, experts: Iterable[Expert], members: tuple[Membership, ...] | None = None
) -> dict[int, Standing]:
    """Of each expert, in two queries for any number of them; one, if the caller knows the members."""
    members = committee_of(conference) if members is None else members
    said: dict[int, dict[int, CommitteeOpinion]] = {expert.pk: {} for expert in experts}
    by_id = {member.pk: member for member in members}
    for opinion in CommitteeOpinion.objects.filter(expert__in=said, member__in=by_id):
        opinion.member = by_id[opinion.member_id]
        said[opinion.expert_id][opinion.member_id] = opinion
    return {pk: Standing(members, opinions) for pk, opinions in said.items()}


def standing_of(expert: Expert) -> Standing:
    return standings(expert.conference, [expert])[expert.pk]


@transaction.atomic
def give_opinion(*, expert_id: int, member: Membership, opinion: Opinion, reason: str = "") -> CommitteeOpinion:
    """A member approves or objects; the newest word holds. An objection needs its reason. The expert's state follows."""
    reason = reason.strip()
    expert = locked(expert_id)
    if member.role != Role.STEERING or member.conference_id != expert.conference_id:
        raise DomainError(_("Only the steering committee gives its opinion on experts."))
    if expert.state not in HEARD:
        raise DomainError(
            _("%(name)s has been invited already: tell the organisers what speaks against it.") % {"name": expert}
        )
    if opinion == Opinion.OBJECTS and not reason:
        raise DomainError(_("Write why you object: the organisers and the committee read it."))
    before = CommitteeOpinion.objects.filter(expert=expert, member=member).first()
    if before and (before.opinion, before.reason) == (opinion, reason):
        return before
    said, _new = CommitteeOpinion.objects.update_or_create(
        expert=expert, member=member, defaults={"opinion": opinion, "reason": reason}
    )
    verb = "expert.approved_by" if opinion == Opinion.APPROVES else "expert.objected_by"
    log(verb, expert, actor=member.user, reason=reason)
    settle(expert, actor=member.user)
    opinion_given.send(CommitteeOpinion, member=member)
    return said


@transaction.atomic
def take_back(*, expert_id: int, member: Membership) -> None:
    """The member has not said anything, after all."""
    expert = locked(expert_id)
    if expert.state not in HEARD:
        raise DomainError(
            _("%(name)s has been invited already: tell the organisers what speaks against it.") % {"name": expert}
        )
    gone, _counts = CommitteeOpinion.objects.filter(expert=expert, member=member).delete()
    if gone:
        log("expert.opinion_taken_back", expert, actor=member.user)
        settle(expert, actor=member.user)


def settle(expert: Expert, *, actor: User | None) -> None:
    """Make the state follow what the committee says now. The row is locked by the caller."""
    approved = standing_of(expert).is_approved
    if approved and not expert.approved_at:
        expert.approved_at = timezone.now()
        if expert.state == ExpertState.LISTED:
            move(expert, ExpertState.APPROVED)
        expert.save(update_fields=["state", "approved_at"])
        log("expert.approved", expert, actor=actor)
    elif not approved and expert.approved_at:
        expert.approved_at = None
        if expert.state == ExpertState.APPROVED:
            move(expert, ExpertState.LISTED)
        expert.save(update_fields=["state", "approved_at"])
        log("expert.approval_lost", expert, actor=actor)


# -- Before an invitation ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Obstacle:
    kind: Bypassed
    text: str


def obstacles(expert: Expert, standing: Standing | None = None) -> list[Obstacle]:
    """What stands in the way of inviting this expert, the gravest first."""
    standing = standing or standing_of(expert)
    found = [Obstacle(Bypassed.OBJECTION, _objects(opinion)) for opinion in standing.objections]
    if standing.members and not standing.is_approved and not found:
        found.append(Obstacle(Bypassed.QUORUM, _quorum(standing)))
    return found + [Obstacle(Bypassed.BOARD, text) for text in closed_gates(expert.conference)]


def _objects(opinion: CommitteeOpinion) -> str:
    return _("%(member)s objects: %(reason)s") % {"member": opinion.member.user, "reason": opinion.reason}


def _quorum(standing: Standing) -> str:
    approvals = len(standing.approvals)
    values: dict[str, Any] = {"number": approvals, "members": len(standing.members), "needed": standing.needed}
    return (
        ngettext(
            "The steering committee has not approved yet: %(number)s member of %(members)s approves, %(needed)s must.",
            "The steering committee has not approved yet: %(number)s members of %(members)s approve, %(needed)s must.",
            approvals,
        )
        % values
    )


def must_be_clear(expert: Expert) -> None:
    """For acts that leave no room for an exception."""
    found = obstacles(expert)
    if found:
        words = _("Before that, an invitation with a written reason is needed.")
        raise DomainError(" ".join([*(obstacle.text for obstacle in found), words]))


def pass_or_bypass(expert: Expert, *, actor: User, reason: str) -> None:
    """Let the invitation through, or through with a reason that the public will read. The caller saves."""
    settle(expert, actor=actor)  # members may have come or gone since the last word
    found = obstacles(expert)
    if not found:
        expert.bypassed, expert.bypass_reason = "", ""
        return
    reason = reason.strip()
    if not reason:
        words = _("To invite all the same, write your reason: the public will read it.")
        raise DomainError(" ".join([*(obstacle.text for obstacle in found), words]))
    expert.bypassed, expert.bypass_reason = found[0].kind, reason
    log(
        "expert.bypassed",
        expert,
        actor=actor,
        reason=reason,
        obstacles=" ".join(obstacle.text for obstacle in found),
    )
