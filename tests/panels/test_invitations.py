"""The life of an invitation, from the draw to the last seat. Real PostgreSQL; time is moved, nothing is mocked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.domain.errors import DomainError
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, User
from panels.domain import invitations
from panels.domain.seats import call_up, panel_state, replace_free_seats
from panels.enums import Channel, DeclineReason, InvitationState, Place, Standing
from panels.models import Draw, DrawEntry, Identity, Invitation, Seat, Volunteer
from tests.factories import make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def drawn(organiser: User) -> tuple[Conference, Draw]:
    return make_drawn(organiser)


@pytest.fixture
def invited(organiser: User, drawn: tuple[Conference, Draw]) -> list[Invitation]:
    return invitations.invite_panel(conference=drawn[0], actor=organiser)


def states_of(conference: Conference, kind: Kind) -> list[str]:
    return sorted(Message.objects.filter(conference=conference, kind=kind).values_list("state", flat=True))


def messages_about(invitation: Invitation) -> dict[str, str]:
    rows = Message.objects.about("panels.invitation", invitation.pk)
    return {f"{row.kind}/{row.occurrence[:4]}": row.state for row in rows}


def test_inviting_gives_one_invitation_and_one_message_per_seat(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    conference, _draw = drawn

    assert len(invited) == 15
    assert {invitation.seat.number for invitation in invited} == set(range(1, 16))
    assert len({invitation.volunteer_id for invitation in invited}) == 15
    assert states_of(conference, Kind.INVITATION) == [State.SCHEDULED] * 15
    assert states_of(conference, Kind.INVITATION_REMINDER) == [State.SCHEDULED] * 30  # 3 and 7 days after


def test_a_second_click_invites_nobody_twice(
    drawn: tuple[Conference, Draw], invited: list[Invitation], organiser: User
) -> None:
    again = invitations.invite_panel(conference=drawn[0], actor=organiser)

    assert again == []
    assert Invitation.objects.filter(conference=drawn[0]).count() == 15


def test_inviting_before_the_draw_is_refused(organiser: User) -> None:
    with pytest.raises(DomainError):
        invitations.invite_panel(conference=make_conference(organiser), actor=organiser)


def test_reminders_fall_on_the_conferences_clock_and_before_the_deadline(
    drawn: tuple[Conference, Draw], organiser: User
) -> None:
    conference, _draw = drawn
    conference.reminder_days = [3, 7, 30]
    conference.save()

    invited = invitations.invite_panel(conference=conference, actor=organiser)

    reminders = (
        Message.objects.about("panels.invitation", invited[0].pk)
        .filter(kind=Kind.INVITATION_REMINDER)
        .order_by("due_at")
    )
    local = [conference.local(reminder.due_at) for reminder in reminders]
    today = conference.local(invited[0].created_at).date()
    assert [(moment.date() - today).days for moment in local] == [3, 7]  # thirty days is past the deadline
    assert {moment.hour for moment in local} == {10}


def test_accepting_confirms_and_cancels_the_reminders(drawn: tuple[Conference, Draw], organiser: User) -> None:
    conference, _draw = drawn
    session = make_session(conference)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    invitations.accept(invitation_id=first.pk)

    first.refresh_from_db()
    assert first.state == InvitationState.ACCEPTED
    assert first.channel == Channel.LINK
    about = Message.objects.about("panels.invitation", first.pk)
    assert set(about.filter(kind=Kind.INVITATION_REMINDER).values_list("state", flat=True)) == {State.CANCELLED}
    assert about.filter(kind=Kind.ACCEPTED, state=State.SCHEDULED).count() == 1
    due = [conference.local(message.due_at) for message in about.filter(kind=Kind.SESSION_REMINDER).order_by("due_at")]
    day = conference.local(session.starts_at).date()
    assert [(day - moment.date()).days for moment in due] == [7, 3]


def test_accepting_twice_is_the_same_as_once(invited: list[Invitation]) -> None:
    invitations.accept(invitation_id=invited[0].pk)
    invitations.accept(invitation_id=invited[0].pk)

    assert Event.objects.filter(verb="invitation.accepted").count() == 1
    assert Message.objects.filter(kind=Kind.ACCEPTED).count() == 1


def test_a_refusal_calls_up_the_alternate_who_restores_the_quotas(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    conference, draw = drawn
    leaving = next(i for i in invited if i.volunteer.traits.filter(value__name="Femme").exists())

    invitations.decline(invitation_id=leaving.pk, decline_reason=DeclineReason.DATES, note="Je travaille.")

    seat = Seat.objects.get(pk=leaving.seat_id)
    called = seat.invitations.get(state=InvitationState.PENDING)
    assert called.round == 1
    assert called.volunteer.traits.filter(value__name="Femme").exists() or _women(draw) >= 7
    assert DrawEntry.objects.get(draw=draw, volunteer=called.volunteer).place == "alternate"
    assert called.lot["tied"]
    assert called.deadline > timezone.now() + timedelta(days=2)
    assert states_of(conference, Kind.DECLINED) == [State.SCHEDULED]
    state = panel_state(conference)
    assert (state.waiting, state.free, state.declined, state.replaced) == (15, 0, 1, 1)


def _women(draw: Draw) -> int:
    return Invitation.objects.filter(seat__draw=draw).holding().filter(volunteer__traits__value__name="Femme").count()


def test_every_call_up_keeps_the_quotas_while_an_alternate_can(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    _conference, draw = drawn
    for invitation in invited[:2]:  # a woman and a man
        invitations.decline(invitation_id=invitation.pk)

    assert Invitation.objects.filter(seat__draw=draw).holding().count() == 15
    assert 7 <= _women(draw) <= 8


def test_when_replacing_needs_a_click_the_seat_stays_free_until_then(organiser: User) -> None:
    conference, draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]
    invitations.decline(invitation_id=first.pk)
    assert panel_state(conference).free == 1

    invitation = call_up(seat_id=first.seat_id, actor=organiser)

    assert invitation.seat_id == first.seat_id
    assert panel_state(conference).free == 0
    with pytest.raises(DomainError):
        call_up(seat_id=first.seat_id, actor=organiser)
    assert draw.seats.count() == 15


def test_without_alternates_the_seat_stays_free_and_the_rest_of_the_pool_can_be_called(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, alternates=0, others=4)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    invitations.decline(invitation_id=first.pk)
    replace_free_seats(conference_id=conference.pk)
    replace_free_seats(conference_id=conference.pk)

    assert panel_state(conference).free == 1
    assert Event.objects.filter(verb="seat.no_alternate").count() == 1  # said once, not at every sweep
    invitation = call_up(seat_id=first.seat_id, actor=organiser, from_pool=True)
    assert invitation.lot["from_pool"] is True


def test_nobody_who_declined_is_called_again(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, alternates=1, others=0)
    first, second = invitations.invite_panel(conference=conference, actor=organiser)[:2]
    invitations.decline(invitation_id=first.pk)
    invitations.decline(invitation_id=Invitation.objects.get(seat=first.seat, round=1).pk)

    invitations.decline(invitation_id=second.pk)

    assert panel_state(conference).free == 2


def test_an_answer_may_change_until_the_deadline_while_the_seat_is_free(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    invitations.decline(invitation_id=first.pk)
    invitations.accept(invitation_id=first.pk)
    invitations.decline(invitation_id=first.pk)
    invitations.accept(invitation_id=first.pk)

    first.refresh_from_db()
    assert first.state == InvitationState.ACCEPTED
    assert Message.objects.filter(kind=Kind.ACCEPTED, state=State.SCHEDULED).count() == 1
    assert Message.objects.filter(kind=Kind.DECLINED, state=State.SCHEDULED).count() == 0


def test_a_seat_given_to_somebody_else_cannot_be_taken_back(invited: list[Invitation]) -> None:
    invitations.decline(invitation_id=invited[0].pk)

    with pytest.raises(DomainError):
        invitations.accept(invitation_id=invited[0].pk)

    assert Invitation.objects.holding().filter(seat=invited[0].seat).count() == 1


def test_the_database_itself_refuses_two_holders_of_a_seat(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    other = Volunteer.objects.filter(conference=drawn[0], invitations=None).first()
    assert other is not None
    with pytest.raises(IntegrityError, match="seat_held_once"), transaction.atomic():
        Invitation.objects.create(conference=drawn[0], seat=invited[0].seat, volunteer=other, deadline=timezone.now())


def test_after_the_deadline_the_link_answers_no_more_and_the_seat_goes_on(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    conference, _draw = drawn
    for invitation in invited[1:]:
        invitations.accept(invitation_id=invitation.pk)
    with time_machine.travel(invited[0].deadline + timedelta(minutes=1), tick=False):
        with pytest.raises(DomainError):
            invitations.accept(invitation_id=invited[0].pk)
        invitations.expire_due(timezone.now())

        invited[0].refresh_from_db()
        assert invited[0].state == InvitationState.EXPIRED
        assert panel_state(conference).waiting == 1  # the alternate
        assert messages_about(invited[0]) == {
            "invitation/1": State.CANCELLED,
            "invitation_reminder/day3": State.CANCELLED,
            "invitation_reminder/day7": State.CANCELLED,
        }


def test_an_answer_given_by_telephone_after_the_deadline_counts_while_the_seat_is_free(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]
    with time_machine.travel(first.deadline + timedelta(minutes=1), tick=False):
        invitations.expire_due(timezone.now())

        invitations.accept(
            invitation_id=first.pk, channel=Channel.TELEPHONE, actor=organiser, reason="Appel de 18 h 05"
        )

        first.refresh_from_db()
    assert (first.state, first.channel, first.recorded_by) == (InvitationState.ACCEPTED, Channel.TELEPHONE, organiser)
    assert Event.objects.get(verb="invitation.accepted").reason == "Appel de 18 h 05"


def test_a_withdrawal_after_the_deadline_frees_the_seat(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    invitations.accept(invitation_id=invited[0].pk)
    with time_machine.travel(invited[0].deadline + timedelta(days=1), tick=False):
        invitations.decline(invitation_id=invited[0].pk)

    invited[0].refresh_from_db()
    assert invited[0].state == InvitationState.WITHDRAWN
    assert Invitation.objects.holding().filter(seat=invited[0].seat).exclude(pk=invited[0].pk).count() == 1


def test_the_panel_is_complete_when_every_seat_has_said_yes(
    drawn: tuple[Conference, Draw], invited: list[Invitation]
) -> None:
    for invitation in invited[:-1]:
        invitations.accept(invitation_id=invitation.pk)
    assert panel_state(drawn[0]).complete is False

    invitations.accept(invitation_id=invited[-1].pk)

    assert panel_state(drawn[0]).complete is True
    assert Event.objects.filter(verb="panel.complete").count() == 1


def test_taking_an_invitation_back_needs_a_reason_and_kills_the_link(
    invited: list[Invitation], organiser: User
) -> None:
    with pytest.raises(DomainError):
        invitations.revoke(invitation_id=invited[0].pk, actor=organiser, reason=" ")

    invitations.revoke(invitation_id=invited[0].pk, actor=organiser, reason="Élue au conseil municipal")

    invited[0].refresh_from_db()
    assert (invited[0].state, invited[0].version) == (InvitationState.REVOKED, 2)


def test_a_new_link_kills_the_old_one_and_is_one_more_message(invited: list[Invitation], organiser: User) -> None:
    invitations.resend(invitation_id=invited[0].pk, actor=organiser)

    invited[0].refresh_from_db()
    assert invited[0].version == 2
    sent = Message.objects.about("panels.invitation", invited[0].pk).filter(kind=Kind.INVITATION)
    assert sorted(sent.values_list("occurrence", flat=True)) == ["1", "2"]


def test_a_new_link_for_an_invitation_that_is_over_is_refused(invited: list[Invitation], organiser: User) -> None:
    invitations.decline(invitation_id=invited[0].pk)

    with pytest.raises(DomainError):
        invitations.resend(invitation_id=invited[0].pk, actor=organiser)


def test_a_person_without_an_address_is_invited_without_a_message(organiser: User) -> None:
    conference, draw = make_drawn(organiser)
    entry = DrawEntry.objects.filter(draw=draw, place="panel").first()
    assert entry is not None
    Identity.objects.filter(volunteer=entry.volunteer).update(email="", email_key="")

    invited = invitations.invite_panel(conference=conference, actor=organiser)

    assert len(invited) == 15
    assert states_of(conference, Kind.INVITATION) == [State.SCHEDULED] * 14


def test_who_left_the_pool_before_the_ticket_frees_the_seat_at_once(organiser: User) -> None:
    conference, draw = make_drawn(organiser, seats=15, alternates=4)
    gone = draw.entries.filter(place=Place.PANEL).order_by("pk")[3].volunteer
    gone.standing = Standing.WITHDRAWN
    gone.save()

    made = invitations.invite_panel(conference=conference, actor=organiser)

    assert len(made) == 14
    state = panel_state(conference)
    assert (state.waiting, state.free) == (15, 0)
    called = Invitation.objects.get(round=1)
    assert draw.entries.get(volunteer=called.volunteer).place == Place.ALTERNATE
    assert not Message.objects.filter(recipient_key=f"volunteer:{gone.pk}").exists()
