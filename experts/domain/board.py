"""The balance board of a conference: its facts in few queries, and the committee's signatures under it.

Invitations to experts wait until more than half of the committee have signed the board as it stands. A signature is given
for one state: when a speaker, a position or the minutes change, it was given for an earlier one. Should the board come
back to a state that was signed, the signatures under that state hold again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import Sum, Value
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference import rules as roles
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import Capability, ItemKind, Role
from conference.models import Conference, Item, Membership, Session
from experts.balance.scene import Meeting, Scene, Scope, Turn, Voice
from experts.balance.signed import Facts, facts_of, fingerprint_of
from experts.domain.invitation_gate import register_gate
from experts.enums import Decision
from experts.models import Ask, BoardSignature, BoardSnapshot, Contribution, Expert, KeyQuestion, Stance
from experts.scale import position_label

# Sent with ``member`` once they have signed the board, or refused to.
board_judged = Signal()
COMMITTEE_ROLES = [role for role in Role if roles.may(role, Capability.COMMITTEE)]


# -- The facts ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Board:
    """The scene, with what puts its keys into words."""

    conference: Conference
    scene: Scene
    experts: Mapping[str, Expert]
    sessions: Mapping[int, Session]
    questions: Mapping[int, KeyQuestion]

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.scene)

    def position(self, position: str) -> str:
        """A step of the scale in the words of this conference."""
        return position_label(self.conference, position)


def board_of(conference: Conference) -> Board:
    """Five queries, however many experts, sessions and questions there are."""
    experts = {str(expert.uuid): expert for expert in Expert.objects.filter(conference=conference)}
    questions = {question.pk: question for question in KeyQuestion.objects.filter(conference=conference)}
    parts = Contribution.objects.held().filter(session__conference=conference).select_related("session")
    sessions: dict[int, Session] = {}
    by_session: dict[int, list[Contribution]] = {}
    for part in parts.order_by("session__starts_at", "session_id", "starts_at", "id"):
        sessions[part.session_id] = part.session
        by_session.setdefault(part.session_id, []).append(part)
    key_of = {expert.pk: key for key, expert in experts.items()}
    scene = Scene(
        voices=_voices(conference, experts),
        meetings=tuple(Meeting(session, _turns(found, key_of)) for session, found in by_session.items()),
        questions=tuple(questions),
        without_speaker=_without_speaker(conference),
    )
    for session in sessions.values():
        session.conference = conference
    return Board(
        conference,
        scene,
        experts,
        sessions,
        questions,
    )


def _voices(conference: Conference, experts: Mapping[str, Expert]) -> tuple[Voice, ...]:
    stances: dict[int, dict[int, str]] = {}
    asked: dict[int, set[int]] = {}
    said = Stance.objects.filter(expert__conference=conference).order_by().values_list("expert", "question", "position")
    asks = Ask.objects.filter(expert__conference=conference).order_by().values_list("expert", "question", Value(""))
    for expert, question, position in said.union(asks, all=True):  # one query for both; who is asked has no position
        if position:
            stances.setdefault(expert, {})[question] = position
        else:
            asked.setdefault(expert, set()).add(question)
    return tuple(
        Voice(
            key=key,
            state=expert.state,
            position=expert.position,
            proposed_by=expert.proposed_by,
            sector=expert.sector,
            gender=expert.gender,
            stances=stances.get(expert.pk, {}),
            asked=frozenset(asked.get(expert.pk, ())),
        )
        for key, expert in experts.items()
    )


def _turns(parts: Iterable[Contribution], key_of: Mapping[int, str]) -> tuple[Turn, ...]:
    """The turns of one session. An hour that the session has left behind is no hour."""
    found = list(parts)
    starts: list[datetime] = sorted({part.starts_at for part in found if part.starts_at and part.hour_holds})
    return tuple(
        Turn(
            expert=key_of[part.expert_id],
            minutes=part.minutes,
            question_minutes=part.question_minutes,
            rank=starts.index(part.starts_at) if part.starts_at and part.hour_holds else None,
        )
        for part in found
    )


def _without_speaker(conference: Conference) -> int:
    empty = Item.objects.held().filter(session__conference=conference, kind=ItemKind.TALK, contributions=None)
    minutes: int = empty.aggregate(total=Sum("minutes", default=0))["total"]
    return minutes


def counted_by_default(scene: Scene) -> Scope:
    """The board opens on those who are approved; before anybody is, on the long list."""
    return Scope.APPROVED if scene.of(Scope.APPROVED).voices else Scope.LISTED


# -- Where the committee stands ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Committee:
    """Who has signed the board as it stands, who refused, who has said nothing, and what was given earlier."""

    members: tuple[Membership, ...]
    current: BoardSnapshot | None
    signed: tuple[BoardSignature, ...] = ()
    refused: tuple[BoardSignature, ...] = ()
    earlier: tuple[BoardSignature, ...] = ()  # of those who have said nothing of the present state
    silent: tuple[Membership, ...] = ()  # with those whose word was given for an earlier state

    @property
    def needed(self) -> int:
        """More than half of the members."""
        return len(self.members) // 2 + 1

    @property
    def is_signed(self) -> bool:
        return bool(self.members) and len(self.signed) >= self.needed

    def word_of(self, user_id: int | None) -> BoardSignature | None:
        return next((word for word in (*self.signed, *self.refused) if word.signed_by_id == user_id), None)


def committee_of(conference: Conference, facts: Facts) -> Committee:
    """Two queries: the members, and every word that was given under the board."""
    members = tuple(_members(conference))
    words = BoardSignature.objects.filter(snapshot__conference=conference).select_related("snapshot")
    fingerprint = fingerprint_of(facts)
    now: dict[int, BoardSignature] = {}
    before: dict[int, BoardSignature] = {}
    for word in words:
        (now if word.snapshot.fingerprint == fingerprint else before)[word.signed_by_id] = word
    ours = {member.user_id for member in members}
    standing = [word for user, word in now.items() if user in ours]
    return Committee(
        members=members,
        current=next((word.snapshot for word in now.values()), None),
        signed=tuple(word for word in standing if word.decision == Decision.SIGNS),
        refused=tuple(word for word in standing if word.decision == Decision.REFUSES),
        earlier=tuple(word for user, word in before.items() if user in ours and user not in now),
        silent=tuple(member for member in members if member.user_id not in now),
    )


def _members(conference: Conference) -> Iterable[Membership]:
    members = Membership.objects.filter(conference=conference, role__in=COMMITTEE_ROLES, user__is_active=True)
    return members.select_related("user").order_by("id")


@transaction.atomic
def sign(*, member: Membership, decision: Decision, remark: str, fingerprint: str) -> BoardSignature:
    """A member signs, or refuses, the state whose fingerprint they saw. The same word twice is one word.

    Were the board to change between reading and pressing, they would sign what they have not seen: that is refused.
    """
    if not member.may(Capability.COMMITTEE):
        raise DomainError(_("Only members of the steering committee sign the balance board."))
    conference = Conference.objects.select_for_update(no_key=True).get(pk=member.conference_id)
    remark = remark.strip()
    if decision == Decision.REFUSES and not remark:
        raise DomainError(_("Write why you do not sign: the organiser and the public read it."))
    board = board_of(conference)
    if not board.facts["experts"]:
        raise DomainError(_("No expert is approved yet: there is nothing to sign."))
    if fingerprint_of(board.facts) != fingerprint:
        raise DomainError(_("The board has changed since you opened this page. Look at it once more, then sign."))
    snapshot = _snapshot(conference, board.facts)
    last = BoardSignature.objects.filter(snapshot=snapshot, signed_by=member.user).last()
    if last and (last.decision, last.remark) == (decision, remark):
        return last
    word = BoardSignature.objects.create(
        snapshot=snapshot, signed_by=member.user, name=_name(member), decision=decision, remark=remark
    )
    verb = "board.signed" if decision == Decision.SIGNS else "board.refused"
    record(verb, conference=conference, actor=member.user, obj=snapshot, reason=remark, number=snapshot.number)
    board_judged.send(BoardSignature, member=member)
    return word


def _name(member: Membership) -> str:
    return str(member.user)[:200]


def _snapshot(conference: Conference, facts: Facts) -> BoardSnapshot:
    """The state, under its number. The caller holds the conference's row, so numbers do not collide."""
    fingerprint = fingerprint_of(facts)
    taken = BoardSnapshot.objects.filter(conference=conference)
    found = taken.filter(fingerprint=fingerprint).first()
    if found:
        return found
    number = (taken.values_list("number", flat=True).first() or 0) + 1
    return BoardSnapshot.objects.create(conference=conference, number=number, facts=facts, fingerprint=fingerprint)


# -- The gate before invitations ---------------------------------------------------------------------------------------
def unsigned(conference: Conference) -> str | None:
    """Why no invitation leaves yet, or None. A conference without a committee is not stopped: the public reads that."""
    if not any(True for _member in _members(conference)):
        return None
    committee = committee_of(conference, board_of(conference).facts)
    if committee.is_signed:
        return None
    return ngettext(
        "The committee has not signed the balance board as it stands: %(signed)s signature of the %(needed)s that are needed.",
        "The committee has not signed the balance board as it stands: %(signed)s signatures of the %(needed)s that are needed.",
        len(committee.signed),
    ) % {"signed": len(committee.signed), "needed": committee.needed}


register_gate(unsigned)
