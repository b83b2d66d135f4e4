"""The letter to the committee: what awaits each member, at most one a day, and none to whoever has acted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conference.enums import Role
from conference.mail.domain.kinds import ReasonGone, registered
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Membership, User
from experts.balance.signed import fingerprint_of
from experts.domain import committee
from experts.domain.board import board_of, sign
from experts.domain.committee_asked import ask, conferences_to_ask
from experts.enums import Decision, ExpertState, Opinion
from experts.models import Expert
from tests.experts.factories import make_expert, make_part
from tests.factories import add_member, make_conference, make_session

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
MONDAY, TUESDAY, NEXT_MONDAY = (datetime(2026, 11, day, 15, tzinfo=PARIS) for day in (16, 17, 23))


@pytest.fixture
def sitting(conference: Conference) -> list[Membership]:
    users = [add_member(conference, role=Role.STEERING) for _ in range(3)]
    found = Membership.objects.select_related("user", "conference").order_by("pk")
    return [found.get(conference=conference, user=user) for user in users]


@pytest.fixture
def listed(conference: Conference) -> Expert:
    return make_expert(conference, ExpertState.LISTED, first_name="Irène", last_name="Caumont")


def letters(member: Membership, *states: State) -> list[Message]:
    found = Message.objects.filter(kind=Kind.COMMITTEE_ASKED, recipient_key=f"user:{member.user_id}").order_by("due_at")
    return [message for message in found if not states or message.state in states]


def says(message: Message) -> str:
    message.refresh_from_db()
    return registered(Kind.COMMITTEE_ASKED).build(message).placeholders["waiting"]


def send(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state=State.SENT)


def approve(expert: Expert, member: Membership) -> None:
    committee.give_opinion(expert_id=expert.pk, member=member, opinion=Opinion.APPROVES)


def test_one_letter_for_all_that_waits_at_the_hour_of_reminders(
    conference: Conference, sitting: list[Membership], listed: Expert
) -> None:
    ask(conference_id=conference.pk, now=MONDAY)
    make_expert(conference, ExpertState.LISTED, first_name="Paul", last_name="Absent")
    ask(conference_id=conference.pk, now=MONDAY + timedelta(minutes=10))
    ask(conference_id=conference.pk, now=MONDAY + timedelta(minutes=20))

    for member in sitting:
        (letter,) = letters(member)
        assert conference.local(letter.due_at) == datetime.combine(
            TUESDAY.date(), conference.reminder_hour, conference.zone
        )
        assert len(says(letter).splitlines()) == 2
    assert not Message.objects.exclude(kind=Kind.COMMITTEE_ASKED).exists()


def test_nothing_is_written_again_before_a_week_unless_something_is_new(
    conference: Conference, sitting: list[Membership], listed: Expert
) -> None:
    member = sitting[0]
    ask(conference_id=conference.pk, now=MONDAY)
    send(letters(member)[0])
    ask(conference_id=conference.pk, now=TUESDAY)
    assert len(letters(member)) == 1
    make_expert(conference, ExpertState.LISTED)
    ask(conference_id=conference.pk, now=TUESDAY)
    ask(conference_id=conference.pk, now=TUESDAY)
    assert [conference.local(letter.due_at).day for letter in letters(member)] == [17, 18]
    send(letters(member)[1])
    ask(conference_id=conference.pk, now=NEXT_MONDAY)
    assert len(letters(member)) == 2
    ask(conference_id=conference.pk, now=NEXT_MONDAY + timedelta(days=3))
    assert [conference.local(letter.due_at).day for letter in letters(member)] == [17, 18, 27]


def test_a_letter_sent_early_by_hand_is_the_one_of_that_day(
    conference: Conference, sitting: list[Membership], listed: Expert
) -> None:
    ask(conference_id=conference.pk, now=MONDAY)
    send(letters(sitting[0])[0])  # on Monday evening, before it was due
    make_expert(conference, ExpertState.LISTED)
    ask(conference_id=conference.pk, now=MONDAY + timedelta(hours=4))
    assert [conference.local(letter.due_at).day for letter in letters(sitting[0])] == [17, 18]


def test_whoever_has_acted_gets_none_and_the_others_still_do(
    conference: Conference, sitting: list[Membership], listed: Expert
) -> None:
    ask(conference_id=conference.pk, now=MONDAY)
    approve(listed, sitting[0])
    assert [letter.state for letter in letters(sitting[0])] == [State.CANCELLED]
    assert [letter.state for letter in letters(sitting[1])] == [State.SCHEDULED]

    make_expert(conference, ExpertState.LISTED, last_name="Nouvel")
    ask(conference_id=conference.pk, now=MONDAY + timedelta(hours=1))
    (again,) = letters(sitting[0], State.SCHEDULED)
    assert ("Nouvel" in says(again), "Caumont" in says(again)) == (True, False)
    assert ("Nouvel" in says(letters(sitting[1])[0]), "Caumont" in says(letters(sitting[1])[0])) == (True, True)


def test_what_was_settled_meanwhile_does_not_go(
    conference: Conference, sitting: list[Membership], listed: Expert
) -> None:
    ask(conference_id=conference.pk, now=MONDAY)
    approve(listed, sitting[0])
    Expert.objects.filter(pk=listed.pk).delete()
    with pytest.raises(ReasonGone):
        says(letters(sitting[1])[0])
    sitting[2].delete()
    with pytest.raises(ReasonGone):
        says(Message.objects.get(recipient_key=f"user:{sitting[2].user_id}"))


def test_the_board_awaits_signatures_once_somebody_can_be_invited(
    conference: Conference, sitting: list[Membership], olive: User
) -> None:
    expert = make_expert(conference, ExpertState.APPROVED)
    assert len(ask(conference_id=conference.pk, now=MONDAY)) == 3
    assert says(letters(sitting[0])[0]).count("\n") == 0

    fingerprint = fingerprint_of(board_of(conference).facts)
    sign(member=sitting[0], decision=Decision.SIGNS, remark="", fingerprint=fingerprint)
    sign(member=sitting[1], decision=Decision.REFUSES, remark="Personne contre.", fingerprint=fingerprint)
    assert [letters(member)[0].state for member in sitting[:2]] == [State.CANCELLED] * 2
    assert letters(sitting[2])[0].state == State.SCHEDULED
    for member in sitting[1:]:
        sign(member=member, decision=Decision.SIGNS, remark="", fingerprint=fingerprint)
    assert ask(conference_id=conference.pk, now=TUESDAY) == []

    make_part(expert, make_session(conference), minutes=20)  # the board is another one now
    assert len(ask(conference_id=conference.pk, now=TUESDAY)) == 3
    Expert.objects.update(state=ExpertState.INVITED)
    with pytest.raises(ReasonGone):
        says(letters(sitting[0], State.SCHEDULED)[0])


def test_a_majority_of_signatures_is_enough(conference: Conference, sitting: list[Membership]) -> None:
    make_expert(conference, ExpertState.APPROVED)
    ask(conference_id=conference.pk, now=MONDAY)
    fingerprint = fingerprint_of(board_of(conference).facts)
    for member in sitting[:2]:
        sign(member=member, decision=Decision.SIGNS, remark="", fingerprint=fingerprint)
    with pytest.raises(ReasonGone):
        says(letters(sitting[2])[0])


@pytest.mark.parametrize(
    ("state", "has_committee", "is_over", "asked"),
    [
        (ExpertState.LISTED, True, False, True),
        (ExpertState.APPROVED, True, False, True),
        (ExpertState.ACCEPTED, True, False, False),
        (ExpertState.LISTED, False, False, False),
        (ExpertState.LISTED, True, True, False),
    ],
)
def test_which_conferences_are_looked_at(state: ExpertState, has_committee: bool, is_over: bool, asked: bool) -> None:
    conference = make_conference()
    make_expert(conference, state)
    add_member(conference, role=Role.STEERING if has_committee else Role.OBSERVER)
    make_session(conference, MONDAY - timedelta(days=9))
    make_session(conference, MONDAY + timedelta(days=-8 if is_over else 8))
    assert (conference.pk in conferences_to_ask(MONDAY)) == asked
