"""The steering committee's word, and the invitation that waits for it or goes on with a reason that the public reads."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Event, Membership, User
from experts.domain import committee, invitation_gate
from experts.domain import experts as life
from experts.domain.invitation_gate import register_gate, unregister_gate
from experts.enums import EXPERT_TRANSITIONS, Bypassed, ExpertState, Opinion
from experts.models import CommitteeOpinion, Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import make_expert
from tests.experts.test_desk import desk_url
from tests.experts.test_life import verbs
from tests.factories import add_member, make_conference

APPROVES, OBJECTS = Opinion.APPROVES, Opinion.OBJECTS


@pytest.fixture(autouse=True)
def _no_other_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The committee’s word alone: the signed board has its own gate and its own tests."""
    monkeypatch.setattr(invitation_gate, "_GATES", [])


@pytest.fixture
def sitting(conference: Conference) -> list[Membership]:
    users = [add_member(conference, role=Role.STEERING) for _ in range(3)]
    return [Membership.objects.select_related("user").get(conference=conference, user=user) for user in users]


@pytest.fixture
def listed(conference: Conference) -> Expert:
    return make_expert(conference, ExpertState.LISTED)


@pytest.fixture
def closed_gate() -> Iterator[str]:
    words = "Le comité n’a pas signé le tableau d’équilibre."

    def gate(conference: Conference) -> str | None:
        return words

    register_gate(gate)
    yield words
    unregister_gate(gate)


def say(expert: Expert, member: Membership, opinion: Opinion, reason: str = "") -> None:
    committee.give_opinion(expert_id=expert.pk, member=member, opinion=opinion, reason=reason)


def state(expert: Expert) -> str:
    return Expert.objects.get(pk=expert.pk).state


def refused(expert: Expert, actor: User, reason: str = "") -> str:
    with pytest.raises(DomainError) as caught:
        life.invite(expert_id=expert.pk, actor=actor, reason=reason)
    assert Message.objects.filter(kind=Kind.EXPERT_INVITATION).count() == 0
    return caught.value.message


# -- The word ----------------------------------------------------------------------------------------------------------
def test_more_than_half_approve(listed: Expert, sitting: list[Membership]) -> None:
    say(listed, sitting[0], APPROVES)
    assert state(listed) == ExpertState.LISTED
    say(listed, sitting[1], APPROVES)
    assert state(listed) == ExpertState.APPROVED
    assert verbs(listed) == ["expert.approved_by", "expert.approved_by", "expert.approved"]


def test_half_of_four_is_not_more_than_half(conference: Conference, listed: Expert, sitting: list[Membership]) -> None:
    add_member(conference, role=Role.STEERING)
    say(listed, sitting[0], APPROVES)
    say(listed, sitting[1], APPROVES)
    assert state(listed) == ExpertState.LISTED
    say(listed, sitting[2], APPROVES)
    assert state(listed) == ExpertState.APPROVED


def test_one_objection_outweighs_approvals_and_may_be_taken_back(listed: Expert, sitting: list[Membership]) -> None:
    for member in sitting:
        say(listed, member, APPROVES)
    say(listed, sitting[2], OBJECTS, "Payé par un fabricant.")
    assert (state(listed), Expert.objects.get(pk=listed.pk).approved_at) == (ExpertState.LISTED, None)
    committee.take_back(expert_id=listed.pk, member=sitting[2])
    assert state(listed) == ExpertState.APPROVED
    assert verbs(listed)[-4:] == [
        "expert.objected_by",
        "expert.approval_lost",
        "expert.opinion_taken_back",
        "expert.approved",
    ]


def test_an_objection_needs_its_reason(listed: Expert, sitting: list[Membership]) -> None:
    with pytest.raises(DomainError):
        say(listed, sitting[0], OBJECTS, "  ")
    assert (CommitteeOpinion.objects.count(), verbs(listed)) == (0, [])


def test_saying_the_same_twice_is_saying_it_once(listed: Expert, sitting: list[Membership]) -> None:
    say(listed, sitting[0], APPROVES)
    say(listed, sitting[0], APPROVES)
    assert (CommitteeOpinion.objects.count(), verbs(listed)) == (1, ["expert.approved_by"])


def test_the_log_holds_the_reason_and_who(listed: Expert, sitting: list[Membership]) -> None:
    say(listed, sitting[0], OBJECTS, "Payé par un fabricant.")
    event = Event.objects.get(verb="expert.objected_by")
    assert (event.actor, event.reason) == (sitting[0].user, "Payé par un fabricant.")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.STEERING])
def test_nobody_else_gives_the_committees_word(conference: Conference, listed: Expert, role: Role) -> None:
    user = add_member(conference, role=role)
    with pytest.raises(DomainError):
        say(listed, Membership.objects.get(conference=conference, user=user), APPROVES)
    assert CommitteeOpinion.objects.count() == 0


def test_a_member_of_another_committee_is_none_of_this_one(listed: Expert) -> None:
    other = make_conference()
    user = add_member(other, role=Role.STEERING)
    with pytest.raises(DomainError):
        say(listed, Membership.objects.get(conference=other, user=user), APPROVES)


@pytest.mark.parametrize("invited", [ExpertState.INVITED, ExpertState.ACCEPTED])
def test_after_the_invitation_it_is_too_late(
    conference: Conference, sitting: list[Membership], invited: ExpertState
) -> None:
    expert = make_expert(conference, invited)
    with pytest.raises(DomainError):
        say(expert, sitting[0], OBJECTS, "Trop tard.")
    assert (state(expert), CommitteeOpinion.objects.count()) == (invited, 0)


# -- The invitation ----------------------------------------------------------------------------------------------------
def test_an_invitation_waits_for_the_committee(listed: Expert, sitting: list[Membership], olive: User) -> None:
    assert "0" in refused(listed, olive)
    assert state(listed) == ExpertState.LISTED
    for member in sitting[:2]:
        say(listed, member, APPROVES)
    assert life.invite(expert_id=listed.pk, actor=olive).state == ExpertState.INVITED
    assert (Expert.objects.get(pk=listed.pk).bypassed, Message.objects.count()) == ("", 1)


def test_without_a_committee_invitations_leave_as_before(listed: Expert, olive: User) -> None:
    assert life.invite(expert_id=listed.pk, actor=olive).state == ExpertState.INVITED


@pytest.mark.parametrize(("objection", "what"), [(True, Bypassed.OBJECTION), (False, Bypassed.QUORUM)])
def test_an_exception_needs_a_reason_and_is_kept(
    listed: Expert, sitting: list[Membership], olive: User, objection: bool, what: Bypassed
) -> None:
    if objection:
        say(listed, sitting[0], OBJECTS, "Payé par un fabricant.")
    words = refused(listed, olive, "   ")
    assert ("Payé par un fabricant." in words) is objection
    invited = life.invite(expert_id=listed.pk, actor=olive, reason="Sa voix manquait.")
    assert (invited.state, invited.bypassed, invited.bypass_reason) == (ExpertState.INVITED, what, "Sa voix manquait.")
    event = Event.objects.get(verb="expert.bypassed")
    assert (event.reason, event.actor) == ("Sa voix manquait.", olive)


def test_a_gate_holds_back_whom_the_committee_approves(
    listed: Expert, sitting: list[Membership], olive: User, closed_gate: str
) -> None:
    for member in sitting:
        say(listed, member, APPROVES)
    assert closed_gate in refused(listed, olive)
    invited = life.invite(expert_id=listed.pk, actor=olive, reason="La salle est réservée demain.")
    assert (invited.bypassed, invited.bypass_reason) == (Bypassed.BOARD, "La salle est réservée demain.")


def test_an_acceptance_by_telephone_is_no_way_round(listed: Expert, sitting: list[Membership], olive: User) -> None:
    for accepts in (True, False, True):
        if accepts:
            with pytest.raises(DomainError):
                life.answer(expert_id=listed.pk, accepts=True, actor=olive, reason="Par téléphone.")
        else:
            life.answer(expert_id=listed.pk, accepts=False, actor=olive, reason="Par téléphone.")
    assert state(listed) == ExpertState.DECLINED


def test_a_member_who_comes_later_counts(
    conference: Conference, listed: Expert, sitting: list[Membership], olive: User
) -> None:
    for member in sitting[:2]:
        say(listed, member, APPROVES)
    for _ in range(2):
        add_member(conference, role=Role.STEERING)
    refused(listed, olive)
    assert state(listed) == ExpertState.APPROVED  # nothing of a refused act is kept


def test_inviting_again_after_a_refusal_asks_the_committee_too(
    conference: Conference, sitting: list[Membership], olive: User
) -> None:
    expert = make_expert(conference, ExpertState.DECLINED)
    refused(expert, olive)
    for member in sitting:
        say(expert, member, APPROVES)
    assert state(expert) == ExpertState.DECLINED
    assert life.invite(expert_id=expert.pk, actor=olive).state == ExpertState.INVITED


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["approve", "object", "take_back", "invite", "despite", "accept", "decline"]), st.integers(0, 2)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_no_sequence_of_words_leaves_the_table_or_invites_behind_the_committees_back(
    conference: Conference, olive: User, sitting: list[Membership], acts: list[tuple[str, int]]
) -> None:
    expert = make_expert(conference, ExpertState.LISTED)
    for act, number in acts:
        before = ExpertState(state(expert))
        try:
            _do(act, expert, sitting[number], olive)
        except DomainError:
            assert state(expert) == before
        stored = Expert.objects.get(pk=expert.pk)
        after = ExpertState(stored.state)
        assert after == before or after in EXPERT_TRANSITIONS[before]
        approved = committee.standing_of(stored).is_approved
        if after in {ExpertState.LISTED, ExpertState.APPROVED}:
            assert approved is (after == ExpertState.APPROVED)
        if after == ExpertState.INVITED:
            assert approved or stored.bypass_reason


def _do(act: str, expert: Expert, member: Membership, olive: User) -> None:
    if act in {"approve", "object"}:
        say(expert, member, APPROVES if act == "approve" else OBJECTS, "Une raison.")
    elif act == "take_back":
        committee.take_back(expert_id=expert.pk, member=member)
    elif act in {"invite", "despite"}:
        life.invite(expert_id=expert.pk, actor=olive, reason="Une raison." if act == "despite" else "")
    else:
        life.answer(expert_id=expert.pk, accepts=act == "accept", actor=olive, reason="Par téléphone.")


# -- In the browser ----------------------------------------------------------------------------------------------------
def test_a_member_approves_from_the_list_and_objects_on_the_page(
    conference: Conference, listed: Expert, sitting: list[Membership]
) -> None:
    client = signed_in(sitting[0].user)
    response = client.get(desk_url("experts", conference))
    assert response.context["waiting_for_me"] == 1
    path = desk_url("opinion", conference, listed.pk)
    done = client.post(path, {"opinion": "approves", "from_list": "1"})
    assert done["Location"] == desk_url("experts", conference)
    assert client.get(desk_url("experts", conference)).context["waiting_for_me"] == 0
    wrong = client.post(path, {"opinion": "objects", "reason": ""})
    assert (wrong.status_code, "reason" in wrong.context["opinion_form"].errors) == (422, True)
    client.post(path, {"opinion": "objects", "reason": "Payé par un fabricant."})
    assert CommitteeOpinion.objects.get().opinion == OBJECTS
    client.post(desk_url("opinion_take_back", conference, listed.pk))
    assert CommitteeOpinion.objects.count() == 0


def test_the_page_says_who_has_not_said_yet(
    conference: Conference, listed: Expert, sitting: list[Membership], desk: Client
) -> None:
    say(listed, sitting[0], APPROVES)
    context = desk.get(desk_url("expert", conference, listed.pk)).context
    assert {member.user for member in context["standing"].silent} == {member.user for member in sitting[1:]}
    assert [obstacle.kind for obstacle in context["obstacles"]] == [Bypassed.QUORUM]


def test_the_organiser_is_refused_in_words_and_goes_on_with_a_reason(
    conference: Conference, listed: Expert, sitting: list[Membership], desk: Client
) -> None:
    path = desk_url("invite", conference, listed.pk)
    page = desk.post(path, follow=True)
    assert "n’a pas encore approuvé" in page.content.decode()
    assert desk.post(path, {"despite": "1", "reason": " "}).status_code == 422
    assert state(listed) == ExpertState.LISTED
    desk.post(path, {"despite": "1", "reason": "Sa voix manquait."})
    assert state(listed) == ExpertState.INVITED


def public_page(conference: Conference) -> str:
    template = Template("{% load experts_public %}{% public_experts conference %}")
    return template.render(Context({"conference": conference}))


def test_the_public_reads_the_exception_and_its_reason(conference: Conference, sitting: list[Membership]) -> None:
    make_expert(conference, bypassed=Bypassed.OBJECTION, bypass_reason="Sa voix manquait & manque.")
    html = public_page(conference)
    assert "Sa voix manquait &amp; manque." in html
    assert "malgré une objection du comité de pilotage" in html


def test_the_public_reads_that_no_committee_has_approved(conference: Conference) -> None:
    make_expert(conference)
    words = "aucun comité n’a approuvé"
    assert words in public_page(conference)
    add_member(conference, role=Role.STEERING)
    html = public_page(conference)
    assert (words in html, "sans vote du comité" in html) == (False, True)
