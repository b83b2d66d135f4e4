"""Answers that arrive at the same moment. Real threads, real connections, real locks."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from panels.domain import calls, invitations, letters
from panels.domain.seats import call_up, panel_state, replace_free_seats
from panels.models import CallAttempt, Identity, Invitation, Letter
from tests.factories import make_drawn, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; the outcomes, sorted: "done" or the name of the error."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            act()
            outcomes.append("done")
        except Exception as error:  # noqa: BLE001 - every outcome is compared below
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def holders(invitation: Invitation) -> int:
    return Invitation.objects.holding().filter(seat=invitation.seat).count()


def test_two_answers_for_the_last_seat_leave_one_holder() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]
    invitations.decline(invitation_id=first.pk)

    outcomes = at_once(
        lambda: invitations.accept(invitation_id=first.pk),  # comes back
        lambda: call_up(seat_id=first.seat_id, actor=organiser),  # while the organiser calls the alternate
    )

    assert outcomes == ["DomainError", "done"]
    assert holders(first) == 1


def test_a_yes_and_a_no_of_the_same_person_at_once_end_in_one_of_the_two() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    at_once(
        lambda: invitations.accept(invitation_id=first.pk),
        lambda: invitations.decline(invitation_id=first.pk),
    )

    assert holders(first) == 1
    assert panel_state(conference).free == 0


def test_a_yes_against_the_passing_deadline_leaves_one_holder() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    at_once(
        lambda: invitations.accept(invitation_id=first.pk),
        lambda: invitations.expire(invitation_id=first.pk, now=first.deadline + timedelta(seconds=1)),
    )

    assert holders(first) == 1
    assert panel_state(conference).free == 0


def test_many_refusals_at_once_call_up_each_alternate_once() -> None:
    organiser = make_user()
    conference, draw = make_drawn(organiser, alternates=4)
    invited = invitations.invite_panel(conference=conference, actor=organiser)

    outcomes = at_once(*(lambda pk=invitation.pk: invitations.decline(invitation_id=pk) for invitation in invited[:6]))

    assert outcomes == ["done"] * 6
    called = Invitation.objects.filter(seat__draw=draw, round__gt=0)
    assert called.count() == 4
    assert called.values("volunteer").distinct().count() == 4
    assert panel_state(conference).free == 2


def test_two_sweeps_at_once_call_up_once() -> None:
    organiser = make_user()
    conference, draw = make_drawn(organiser, auto_replace=False)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]
    invitations.decline(invitation_id=first.pk)
    conference.auto_replace = True
    conference.save()

    at_once(
        *[lambda: replace_free_seats(conference_id=conference.pk)] * 3, lambda: invitations.expire_due(timezone.now())
    )

    assert Invitation.objects.filter(seat__draw=draw, round__gt=0).count() == 1


def test_two_clicks_on_invite_at_once_invite_once() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)

    at_once(*[lambda: invitations.invite_panel(conference=conference, actor=organiser)] * 3)

    assert Invitation.objects.filter(conference=conference).count() == 15


def test_yes_on_the_telephone_and_no_by_the_link_at_once_end_in_one_of_the_two() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    at_once(
        lambda: calls.note_call(invitation=first, actor=organiser, outcome="accepted"),
        lambda: invitations.decline(invitation_id=first.pk),
    )

    assert holders(first) == 1
    first.refresh_from_db()
    assert first.state in {"accepted", "declined"}


def test_double_click_on_an_outcome_is_one_call() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    first = invitations.invite_panel(conference=conference, actor=organiser)[0]

    outcomes = at_once(*[lambda: calls.note_call(invitation=first, actor=organiser, outcome="accepted")] * 4)

    assert outcomes == ["done"] * 4
    assert CallAttempt.objects.count() == 1


def test_letters_made_by_several_at_once_are_one_letter_a_person_and_leave_no_dead_code_in_print() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    made = invitations.invite_panel(conference=conference, actor=organiser)
    Identity.objects.filter(conference=conference).update(address="3 rue Haute", postcode="69001")
    printed: list[letters.Addressed] = []

    def make() -> None:
        chosen = [one.pk for one in made]
        printed.extend(letters.make_letters(conference=conference, actor=organiser, invitations=chosen))

    outcomes = at_once(make, make, make)

    assert outcomes == ["done"] * 3
    assert Letter.objects.count() == len(made)
    assert len(printed) == 3 * len(made)
    assert all(letters.by_code(one.code) == one.invitation for one in printed)
