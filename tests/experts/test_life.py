"""An expert from the list to the answer, with the messages and events that each act leaves."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.domain.errors import DomainError
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, User
from experts.domain import experts as life
from experts.enums import EXPERT_TRANSITIONS, ExpertState, Position
from experts.models import Expert
from tests.experts.factories import make_expert

FIELDS = {"first_name": "Paul", "last_name": "Roux", "email": "paul@example.org"}


def messages(expert: Expert, kind: Kind) -> list[tuple[str, str]]:
    found = Message.objects.about("experts.expert", expert.pk).filter(kind=kind).order_by("id")
    return list(found.values_list("state", "recipient_email"))


def verbs(expert: Expert) -> list[str]:
    log = Event.objects.filter(object_type="experts.expert", object_id=str(expert.pk)).order_by("id")
    return list(log.values_list("verb", flat=True))


def test_adding_sends_nothing(conference: Conference, olive: User) -> None:
    expert = life.add_expert(conference=conference, actor=olive, fields=FIELDS)
    assert (expert.state, verbs(expert), Message.objects.count()) == (ExpertState.LISTED, ["expert.added"], 0)


def test_inviting_twice_sends_one_letter(conference: Conference, olive: User) -> None:
    expert = make_expert(conference, ExpertState.LISTED)
    for _ in range(2):
        expert = life.invite(expert_id=expert.pk, actor=olive)
    assert expert.state == ExpertState.INVITED
    assert messages(expert, Kind.EXPERT_INVITATION) == [(State.SCHEDULED, expert.email)]
    assert verbs(expert) == ["expert.invited"]


def test_accepting_twice_is_accepting_once(irene: Expert) -> None:
    first = life.answer(expert_id=irene.pk, accepts=True)
    second = life.answer(expert_id=irene.pk, accepts=True)
    assert (first.state, second.answered_at) == (ExpertState.ACCEPTED, first.answered_at)
    assert messages(irene, Kind.EXPERT_ACCEPTED) == [(State.SCHEDULED, irene.email)]
    assert verbs(irene) == ["expert.accepted"]


def test_an_answer_may_change_and_each_acceptance_is_confirmed(irene: Expert) -> None:
    states = [life.answer(expert_id=irene.pk, accepts=accepts).state for accepts in (False, True, False, False, True)]
    assert states == [
        ExpertState.DECLINED,
        ExpertState.ACCEPTED,
        ExpertState.WITHDRAWN,
        ExpertState.WITHDRAWN,
        ExpertState.ACCEPTED,
    ]
    assert [state for state, _ in messages(irene, Kind.EXPERT_ACCEPTED)] == [State.CANCELLED, State.SCHEDULED]


def test_an_answer_takes_the_waiting_invitation_back(conference: Conference, olive: User) -> None:
    expert = life.invite(expert_id=make_expert(conference, ExpertState.LISTED).pk, actor=olive)
    life.answer(expert_id=expert.pk, accepts=False, note="En mission ce mois-là.")
    assert messages(expert, Kind.EXPERT_INVITATION) == [(State.CANCELLED, expert.email)]
    assert Expert.objects.get(pk=expert.pk).answer_note == "En mission ce mois-là."


def test_inviting_again_after_a_refusal_makes_a_new_link(irene: Expert, olive: User) -> None:
    life.answer(expert_id=irene.pk, accepts=False)
    again = life.invite(expert_id=irene.pk, actor=olive)
    assert (again.state, again.link_version) == (ExpertState.INVITED, irene.link_version + 1)
    assert messages(irene, Kind.EXPERT_INVITATION) == [(State.SCHEDULED, irene.email)]


def test_a_new_link_replaces_the_letter_that_waits(conference: Conference, olive: User) -> None:
    expert = life.invite(expert_id=make_expert(conference, ExpertState.LISTED).pk, actor=olive)
    renewed = life.renew_link(expert_id=expert.pk, actor=olive)
    assert renewed.link_version == expert.link_version + 1
    assert [state for state, _ in messages(expert, Kind.EXPERT_INVITATION)] == [State.CANCELLED, State.SCHEDULED]


@pytest.mark.parametrize("state", [ExpertState.LISTED, ExpertState.DECLINED, ExpertState.WITHDRAWN])
def test_no_new_link_without_an_open_invitation(conference: Conference, olive: User, state: ExpertState) -> None:
    expert = make_expert(conference, state)
    with pytest.raises(DomainError):
        life.renew_link(expert_id=expert.pk, actor=olive)
    assert (Expert.objects.get(pk=expert.pk).link_version, Message.objects.count()) == (expert.link_version, 0)


def test_an_answer_noted_by_an_organiser_needs_the_reason(irene: Expert, olive: User) -> None:
    with pytest.raises(DomainError):
        life.answer(expert_id=irene.pk, accepts=True, actor=olive, reason=" ")
    assert Expert.objects.get(pk=irene.pk).state == ExpertState.INVITED
    life.answer(expert_id=irene.pk, accepts=True, actor=olive, reason="Par téléphone, le 3 décembre.")
    event = Event.objects.get(verb="expert.accepted")
    assert (event.actor, event.reason) == (olive, "Par téléphone, le 3 décembre.")


def test_a_new_address_gets_a_new_link(irene: Expert, olive: User) -> None:
    changed = life.change_expert(expert_id=irene.pk, actor=olive, fields={"email": "nouvelle@example.org"})
    assert changed.link_version == irene.link_version + 1
    assert messages(irene, Kind.EXPERT_INVITATION) == [(State.SCHEDULED, "nouvelle@example.org")]


def test_changing_nothing_leaves_no_event(irene: Expert, olive: User) -> None:
    life.change_expert(expert_id=irene.pk, actor=olive, fields={"first_name": irene.first_name})
    assert verbs(irene) == []
    life.change_expert(expert_id=irene.pk, actor=olive, fields={"first_name": "Irina"})
    assert verbs(irene) == ["expert.changed"]


def test_declaring_comes_after_accepting(irene: Expert) -> None:
    words = {"position": Position.AGAINST, "position_text": "Trop tôt.", "interests": "Aucun.", "phone": ""}
    with pytest.raises(DomainError):
        life.declare(expert_id=irene.pk, **words)
    assert Expert.objects.get(pk=irene.pk).position == ""
    life.answer(expert_id=irene.pk, accepts=True)
    declared = life.declare(expert_id=irene.pk, **words)
    assert (declared.position, declared.interests) == (Position.AGAINST, "Aucun.")
    assert verbs(irene) == ["expert.accepted", "expert.declared"]


def test_asking_for_a_link_sends_one_an_hour_and_kills_none(irene: Expert) -> None:
    for _ in range(3):
        life.send_link_again(email=irene.email.upper())
    life.send_link_again(email="nobody@example.org")
    assert messages(irene, Kind.EXPERT_INVITATION) == [(State.SCHEDULED, irene.email)]
    assert Expert.objects.get(pk=irene.pk).link_version == irene.link_version
    assert Message.objects.count() == 1


def test_whoever_was_never_invited_gets_no_link_by_asking(conference: Conference) -> None:
    listed = make_expert(conference, ExpertState.LISTED)
    life.send_link_again(email=listed.email)
    assert Message.objects.count() == 0


ACTS = st.lists(st.sampled_from(["invite", "accept", "decline", "renew"]), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_no_sequence_of_acts_leaves_the_table(conference: Conference, olive: User, acts: list[str]) -> None:
    expert = make_expert(conference, ExpertState.LISTED)
    for act in acts:
        before = ExpertState(Expert.objects.get(pk=expert.pk).state)
        try:
            if act == "invite":
                life.invite(expert_id=expert.pk, actor=olive)
            elif act == "renew":
                life.renew_link(expert_id=expert.pk, actor=olive)
            else:
                life.answer(expert_id=expert.pk, accepts=act == "accept")
        except DomainError:
            assert Expert.objects.get(pk=expert.pk).state == before
        after = ExpertState(Expert.objects.get(pk=expert.pk).state)
        assert after == before or after in EXPERT_TRANSITIONS[before]
    open_letters = Message.objects.open().about("experts.expert", expert.pk)
    assert open_letters.filter(kind=Kind.EXPERT_ACCEPTED).count() <= 1
    assert open_letters.filter(kind=Kind.EXPERT_INVITATION).count() <= 1
