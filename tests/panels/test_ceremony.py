"""The ceremony: what is announced before the ticket is drawn, what the ticket decides, and what nobody can change."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone, translation

from conference.domain.errors import DomainError
from conference.models import Conference, User
from panels import lottery
from panels.domain import draws, invitations
from panels.domain.erasure import erase_volunteer
from panels.domain.seats import choose, current_draw, panel_state
from panels.domain.volunteers import withdraw_from_pool
from panels.enums import Choosing, DrawState, Place
from panels.lottery import tree
from panels.lottery.verify import verify
from panels.models import Draw, DrawBundle, DrawEntry, Value
from tests.factories import make_conference, make_criterion, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    made = make_conference(organiser, seats=15, alternates=3, registration_opens=timezone.now() - timedelta(days=1))
    make_criterion(made, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    for number in range(24):
        make_volunteer(made, {"Sexe": "Femme" if number % 2 else "Homme"})
    return made


def prepared(conference: Conference, organiser: User, **more: Any) -> Draw:
    return draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser, **more).pk)


def committed(conference: Conference, organiser: User, **more: Any) -> Draw:
    draw = prepared(conference, organiser)
    more = {"choosing": Choosing.BALLS, "reveal_at": timezone.now(), **more}
    return draws.commit_draw(draw=draw, actor=organiser, **more)


def revealed(conference: Conference, organiser: User, ticket: int = 417) -> Draw:
    return draws.reveal_draw(draw=committed(conference, organiser), actor=organiser, ticket=ticket)


# -- Prepare -----------------------------------------------------------------------------------------------------------
def test_preparing_publishes_and_freezes_nothing(conference: Conference, organiser: User) -> None:
    draw = prepared(conference, organiser)

    conference.refresh_from_db()
    assert (draw.state, draw.committed_at, DrawEntry.objects.count()) == (DrawState.PREPARED, None, 0)
    assert Draw.objects.public().count() == 0
    assert conference.registration_is_open() is True


def test_prepared_draw_knows_its_chances_and_what_greedy_drawing_would_do(
    conference: Conference, organiser: User
) -> None:
    draw = prepared(conference, organiser)

    assert (draw.result["minimum"], draw.result["exact"]) == (pytest.approx(15 / 24), True)
    assert draw.greedy["minimum"] <= draw.result["minimum"] + 1e-9 + 0.05  # an estimate from counted draws
    draw.refresh_from_db()
    assert draw.outlook["shut_out"] == []


def test_pseudonyms_are_drawn_anew_and_tell_nothing_of_the_order(conference: Conference, organiser: User) -> None:
    first = prepared(conference, organiser)
    second = prepared(conference, organiser)

    assert len(set(first.pseudonyms.values())) == 24
    assert list(first.pseudonyms.values()) != list(second.pseudonyms.values())
    assert sorted(person["id"] for person in second.problem["people"]) == sorted(second.pseudonyms.values())
    first.refresh_from_db()
    assert (first.state, DrawBundle.objects.filter(draw=first).exists()) == (DrawState.CANCELLED, False)


# -- Commit ------------------------------------------------------------------------------------------------------------
def test_commitment_holds_the_fingerprint_of_the_very_bytes(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)

    content = bytes(draw.bundle.content)
    checked = verify(json.loads(content))
    assert checked.commitment == draw.fingerprint
    assert json.loads(content)["root"] == draw.root
    assert Draw.objects.public().get() == draw


def test_everybody_gets_their_chance_and_their_tickets(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)

    published = json.loads(bytes(draw.bundle.content))
    for entry in draw.entries.all():
        held = [number for number, ticket in enumerate(published["tickets"]) if entry.pseudonym in ticket]
        assert (entry.tickets, entry.probability) == (held, published["probabilities"][entry.pseudonym])
    assert draw.entries.count() == 24


def test_committing_closes_the_registration_and_freezes_the_criteria(conference: Conference, organiser: User) -> None:
    committed(conference, organiser)

    conference.refresh_from_db()
    assert conference.registration_is_open() is False


@pytest.mark.parametrize("change", ["joins", "leaves", "value", "quota", "seats"])
def test_a_pool_that_changed_is_told_and_must_be_prepared_again(
    conference: Conference, organiser: User, change: str
) -> None:
    draw = prepared(conference, organiser)
    volunteer = conference.volunteers.earliest("pk")
    acts: dict[str, Callable[[], object]] = {
        "joins": lambda: make_volunteer(conference, {"Sexe": "Femme"}),
        "leaves": lambda: withdraw_from_pool(volunteer=volunteer),
        "value": lambda: volunteer.traits.update(value=Value.objects.get(name="Femme")),
        "quota": lambda: Value.objects.filter(name="Femme").update(maximum=9),
        "seats": lambda: Conference.objects.filter(pk=conference.pk).update(seats=16),
    }
    acts[change]()

    with pytest.raises(DomainError, match="no longer the one"):
        draws.commit_draw(draw=draw, actor=organiser, choosing=Choosing.BALLS, reveal_at=timezone.now())

    draw.refresh_from_db()
    assert (draw.state, Draw.objects.public().count()) == (DrawState.PREPARED, 0)


def test_commitment_needs_a_moment_to_come_and_a_source_that_has_a_name(
    conference: Conference, organiser: User
) -> None:
    draw = prepared(conference, organiser)
    now = timezone.now()

    with pytest.raises(DomainError, match="passed already"):
        draws.commit_draw(draw=draw, actor=organiser, choosing=Choosing.BALLS, reveal_at=now - timedelta(hours=1))
    with pytest.raises(DomainError, match="Name the public source"):
        draws.commit_draw(draw=draw, actor=organiser, choosing=Choosing.SOURCE, reveal_at=now, note=" ")


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "0" * 64},
        {"seed": "another"},
        {"problem": {}},
        {"secret": "0" * 64},
        {"reveal_at": None},
        {"choosing": "program"},
        {"committed_at": None},
        {"tickets": 100},
    ],
)
def test_database_refuses_to_change_what_was_announced(
    conference: Conference, organiser: User, change: dict[str, Any]
) -> None:
    draw = committed(conference, organiser)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(**change)


def test_database_refuses_to_change_or_delete_the_bundle_and_the_ticket(
    conference: Conference, organiser: User
) -> None:
    draw = revealed(conference, organiser)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        DrawBundle.objects.filter(draw=draw).update(content=b"{}")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        DrawBundle.objects.filter(draw=draw).delete()
    with pytest.raises(DatabaseError, match="ticket that was drawn"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(ticket=418)


# -- Reveal ------------------------------------------------------------------------------------------------------------
def test_ticket_decides_the_panel_and_its_alternates_follow(conference: Conference, organiser: User) -> None:
    draw = revealed(conference, organiser, ticket=417)
    draw = draws.find_alternates(draw_id=draw.pk)

    checked = verify(draws.bundle_of(draw), ticket=417)
    seated = draw.entries.filter(place=Place.PANEL).order_by("pseudonym").values_list("pseudonym", flat=True)
    reserve = draw.entries.filter(place=Place.ALTERNATE).order_by("rank").values_list("pseudonym", flat=True)
    assert (tuple(seated), tuple(reserve)) == (checked.panel, checked.alternates)
    assert (draw.state, draw.ticket_name, draw.seats.count(), len(reserve)) == (DrawState.DONE, "417", 15, 3)
    assert all(417 in entry.tickets for entry in draw.entries.filter(place=Place.PANEL))


def test_second_ticket_is_refused_and_the_first_named(conference: Conference, organiser: User) -> None:
    draw = revealed(conference, organiser, ticket=7)

    with pytest.raises(DomainError, match="already: it is 007"):
        draws.reveal_draw(draw=draw, actor=organiser, ticket=8)


def test_nothing_is_drawn_before_the_announced_moment(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser, reveal_at=timezone.now() + timedelta(hours=2))

    with pytest.raises(DomainError, match="not before"):
        draws.reveal_draw(draw=draw, actor=organiser, ticket=417)


@pytest.mark.parametrize("ticket", [None, -1, 1000])
def test_ticket_must_be_one_there_is(conference: Conference, organiser: User, ticket: int | None) -> None:
    with pytest.raises(DomainError, match="Type 3 digits, from 000 to 999"):
        draws.reveal_draw(draw=committed(conference, organiser), actor=organiser, ticket=ticket)


def test_the_program_draws_the_ticket_that_its_sealed_seed_says(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser, choosing=Choosing.PROGRAM)

    draw = draws.reveal_draw(draw=draw, actor=organiser, ticket=5)

    assert draw.ticket == lottery.lots.number_below(1000, "ticket", draw.seed)


def test_a_prepared_draw_cannot_be_revealed(conference: Conference, organiser: User) -> None:
    with pytest.raises(DomainError, match="Announce the draw first"):
        draws.reveal_draw(draw=prepared(conference, organiser), actor=organiser, ticket=417)


def test_lost_task_of_the_alternates_is_found_again(conference: Conference, organiser: User) -> None:
    draw = revealed(conference, organiser)

    before = draws.draws_without_alternates()
    draws.find_alternates(draw_id=draw.pk)
    draws.find_alternates(draw_id=draw.pk)

    assert (before, draws.draws_without_alternates()) == ([draw.pk], [])
    assert draw.entries.filter(place=Place.ALTERNATE).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_tickets_typed_at_once_leave_one(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)
    barrier, outcomes = threading.Barrier(2), []

    def reveal(ticket: int) -> None:
        try:
            barrier.wait(10)
            draws.reveal_draw(draw=draw, actor=organiser, ticket=ticket)
            outcomes.append("done")
        except DomainError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reveal, args=(ticket,)) for ticket in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (sorted(outcomes), draw.seats.count()) == (["done", "refused"], 15)


# -- Again -------------------------------------------------------------------------------------------------------------
def test_withdrawn_announcement_stays_visible_with_its_reason(conference: Conference, organiser: User) -> None:
    draw = committed(conference, organiser)

    with pytest.raises(DomainError, match="Write the reason"):
        draws.withdraw_draw(draw=draw, actor=organiser, reason=" ")
    draws.withdraw_draw(draw=draw, actor=organiser, reason="La salle a fermé.")
    second = committed(conference, organiser)

    assert list(Draw.objects.public().order_by("number").values_list("state", "set_aside_reason")) == [
        (DrawState.WITHDRAWN, "La salle a fermé."),
        (DrawState.COMMITTED, ""),
    ]
    assert second.fingerprint != draw.fingerprint


def test_an_announced_draw_is_not_prepared_over(conference: Conference, organiser: User) -> None:
    committed(conference, organiser)

    with pytest.raises(DomainError, match="has been announced"):
        draws.prepare_draw(conference=conference, actor=organiser, reason="Autrement.")


def test_second_draw_needs_a_reason_and_both_stay(conference: Conference, organiser: User) -> None:
    first = revealed(conference, organiser)

    with pytest.raises(DomainError, match="write the reason"):
        draws.prepare_draw(conference=conference, actor=organiser)
    prepared(conference, organiser, reason="Une boule est tombée à terre.")

    first.refresh_from_db()
    assert (first.state, first.set_aside_reason) == (DrawState.SUPERSEDED, "Une boule est tombée à terre.")
    assert Draw.objects.public().get() == first
    assert current_draw(conference) is None


# -- Afterwards --------------------------------------------------------------------------------------------------------
def test_each_volunteer_can_prove_with_their_code_that_they_were_in_the_pool(
    conference: Conference, organiser: User
) -> None:
    draw = committed(conference, organiser)
    published = draws.bundle_of(draw)
    mine, other = draw.entries.order_by("pk")[:2]

    proof = tree.prove(lottery.bundle.problem_from(published["problem"]), published["seals"], mine.pseudonym)

    assert tree.holds(proof, draw.root) is True
    assert tree.opens(proof, draws.code_for(draw, mine.pseudonym)) is True
    assert tree.opens(proof, draws.code_for(draw, other.pseudonym)) is False


def test_erasing_somebody_leaves_the_bundle_verifiable(conference: Conference, organiser: User) -> None:
    draw = revealed(conference, organiser)
    gone = draw.entries.filter(place=Place.NOT_DRAWN)[0].volunteer

    erase_volunteer(volunteer=gone, actor=organiser)

    assert verify(draws.bundle_of(draw)).commitment == draw.fingerprint


def test_replacement_comes_from_a_stream_that_the_ticket_opened(conference: Conference, organiser: User) -> None:
    draw = draws.find_alternates(draw_id=revealed(conference, organiser).pk)
    invited = invitations.invite_panel(conference=conference, actor=organiser)
    conference.auto_replace = False
    conference.save()
    invitations.decline(invitation_id=invited[0].pk)

    found = choose(draw)

    assert found is not None
    names = dict(draw.entries.values_list("pseudonym", "volunteer__reference"))
    holding = [seat.holder for seat in panel_state(conference).seats]
    seated = {draw.pseudonyms[holder.reference] for holder in holding if holder}
    again = lottery.choose_replacement(
        draws.problem_from(draw.problem),
        seated=sorted(seated),
        candidates=draw.result["alternates"],
        seed=lottery.stream(draw.seed, 417),
        round=1,
    )
    assert found.chosen == names[again.chosen or ""]
