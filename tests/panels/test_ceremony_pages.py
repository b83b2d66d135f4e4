"""The organisers' pages of the ceremony: prepared, announced, the page for the room, and what came of it."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.models import Conference, User
from panels.domain import draws
from panels.domain.volunteers import withdraw_from_pool
from panels.enums import Choosing, DrawState, Standing
from panels.models import Draw, DrawEntry, Identity, Value, Volunteer
from tests.factories import add_member, make_conference, make_criterion, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    made = make_conference(organiser, seats=15, alternates=3)
    make_criterion(made, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    for number in range(24):
        make_volunteer(made, {"Sexe": "Femme" if number % 2 else "Homme"}, last_name=f"Vaubernier{number}")
    return made


@pytest.fixture
def prepared(conference: Conference, organiser: User) -> Draw:
    return draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)


def announce(draw: Draw, organiser: User, **more: Any) -> Draw:
    more = {"choosing": Choosing.BALLS, "reveal_at": timezone.now(), **more}
    return draws.commit_draw(draw=draw, actor=organiser, **more)


@pytest.fixture
def committed(prepared: Draw, organiser: User) -> Draw:
    return announce(prepared, organiser)


@pytest.fixture
def revealed(committed: Draw, organiser: User) -> Draw:
    made = draws.reveal_draw(draw=committed, actor=organiser, ticket=417, witnesses="Maître Noël, huissière")
    return draws.find_alternates(draw_id=made.pk)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def url(name: str, conference: Conference, *args: Any) -> str:
    return reverse(f"panels_desk:{name}", args=[conference.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def state(draw: Draw) -> str:
    return str(Draw.objects.get(pk=draw.pk).state)


FORM = {
    "choosing": "balls",
    "choosing_note": "Un enfant tire trois boules.",
    "reveal_at": "2031-06-14T18:30",
    "reveal_place": "Salle des fêtes, 1 place de la Mairie",
}


# -- Prepared ----------------------------------------------------------------------------------------------------------
def test_prepared_draw_shows_chances_and_what_comes_next(organiser: User, prepared: Draw) -> None:
    page = client_of(organiser).get(url("draw", prepared.conference))

    assert "15 seats and 3 alternates from 24 volunteers. Nothing of it is public yet" in words(page)
    assert "The smallest is 62.5 %, the largest 62.5 %. It is proved" in words(page)
    assert f'href="{url("draw_commit", prepared.conference, prepared.number)}"' in page.content.decode()
    assert prepared.seed not in page.content.decode()


def test_what_the_quotas_do_is_told_with_the_references_of_those_concerned(
    organiser: User, conference: Conference
) -> None:
    Value.objects.create(criterion=conference.criteria.get(), name="Autre", minimum=0, maximum=0, position=2)
    shut_out = make_volunteer(conference, {"Sexe": "Autre"})
    Value.objects.filter(name="Femme").update(minimum=3, maximum=3)
    Value.objects.filter(name="Homme").update(minimum=12, maximum=12)
    draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)

    page = words(client_of(organiser).get(url("draw", conference)))

    assert "1 volunteer has no chance" in page
    assert f"{shut_out.reference} They would have one with: Sexe, Homme: at least 11; Sexe, Autre: at most 1." in page
    assert "12 volunteers are certain to be drawn" in page
    assert "The cause: Sexe, Homme: at least 12." in page


def test_bounds_that_cost_the_least_likely_are_named_with_their_price(organiser: User, conference: Conference) -> None:
    Value.objects.filter(name="Femme").update(minimum=3, maximum=3)
    Value.objects.filter(name="Homme").update(minimum=11, maximum=15)
    draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)

    page = words(client_of(organiser).get(url("draw", conference)))

    assert "The smallest chance is 25.0 %." in page
    assert "Sexe, Femme: at most 3 33.3 %" in page


def test_stale_preparation_says_what_changed_and_offers_to_prepare_again(organiser: User, prepared: Draw) -> None:
    conference = prepared.conference
    make_volunteer(conference, {"Sexe": "Femme"})
    withdraw_from_pool(volunteer=Volunteer.objects.filter(conference=conference).earliest("pk"))
    client = client_of(organiser)

    page = client.get(url("draw", conference))

    assert "1 volunteer joined. 1 volunteer left." in words(page)
    assert "Prepare again" in words(page)
    assert url("draw_commit", conference, prepared.number) not in page.content.decode()
    refused = client.post(url("draw_commit", conference, prepared.number), {**FORM, "confirm": "1"})
    assert (refused.headers["Location"], state(prepared)) == (url("draw", conference), DrawState.PREPARED)
    client.post(url("draw_start", conference))
    assert list(Draw.objects.order_by("number").values_list("state", flat=True)) == [
        DrawState.CANCELLED,
        DrawState.WAITING,
    ]


def test_prepared_draw_can_be_discarded(organiser: User, prepared: Draw) -> None:
    page = client_of(organiser).post(url("draw_stop", prepared.conference, prepared.number), follow=True)

    assert "The prepared draw was discarded. Nothing was kept of it." in words(page)
    assert state(prepared) == DrawState.CANCELLED


# -- Announced ---------------------------------------------------------------------------------------------------------
def test_announcing_asks_once_more_before_it_publishes(organiser: User, prepared: Draw) -> None:
    conference, client = prepared.conference, client_of(organiser)
    address = url("draw_commit", conference, prepared.number)

    asked = client.post(address, FORM)

    assert state(prepared) == DrawState.PREPARED
    assert "Saturday 14 June 2031 at 6.30 pm" in words(asked).replace("\xa0", " ")
    assert "The pool: 24 volunteers. Nobody joins any more" in words(asked)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    edited = client.post(address, {**hidden, "edit": "1"})
    assert 'value="2031-06-14T18:30"' in edited.content.decode()
    client.post(address, {**hidden, "confirm": "1"})

    draw = Draw.objects.get()
    assert (draw.state, draw.choosing, draw.choosing_note) == (
        DrawState.COMMITTED,
        Choosing.BALLS,
        "Un enfant tire trois boules.",
    )
    assert draw.reveal_at is not None
    assert draw.reveal_at.isoformat() == "2031-06-14T16:30:00+00:00"  # half past six on the clock of Paris


def test_second_click_on_announce_changes_nothing(organiser: User, prepared: Draw) -> None:
    client, address = client_of(organiser), url("draw_commit", prepared.conference, prepared.number)

    pages = [client.post(address, {**FORM, "confirm": "1"}, follow=True) for _ in range(2)]

    assert state(prepared) == DrawState.COMMITTED
    assert ["notice--error" in page.content.decode() for page in pages] == [False, False]
    assert prepared.conference.events.filter(verb="draw.committed").count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"choosing": ""}, "This field is required."),
        ({"reveal_at": "2020-06-14T18:30"}, "The moment of the draw has passed already."),
        ({"reveal_at": "2031-03-30T02:30"}, "This hour does not exist"),
        ({"choosing": "source", "choosing_note": ""}, "Name the public source"),
    ],
)
def test_announcement_that_lacks_something_keeps_what_was_typed(
    organiser: User, prepared: Draw, typed: dict[str, str], told: str
) -> None:
    address = url("draw_commit", prepared.conference, prepared.number)

    page = client_of(organiser).post(address, {**FORM, **typed, "confirm": "1"})

    assert (page.status_code, state(prepared)) == (422, DrawState.PREPARED)
    assert told in words(page)
    assert "Salle des fêtes, 1 place de la Mairie" in page.content.decode()


def test_program_as_chooser_comes_with_a_warning(organiser: User, prepared: Draw) -> None:
    address = url("draw_commit", prepared.conference, prepared.number)

    page = client_of(organiser).post(address, {**FORM, "choosing": "program"})

    assert "this rests on trust" in words(page)


def test_announcing_names_those_who_still_wait_for_a_decision(organiser: User, prepared: Draw) -> None:
    client, address = client_of(organiser), url("draw_commit", prepared.conference, prepared.number)
    assert "Who is not admitted before the announcement cannot be drawn" not in words(client.get(address))

    make_volunteer(prepared.conference, {"Sexe": "Femme"}, standing=Standing.REVIEW)
    page = client.get(address)

    assert (page.status_code, page.context["waiting"]) == (200, 1)
    assert reverse("panels_desk:review", args=[prepared.conference.slug]) in page.content.decode()
    assert "Who is not admitted before the announcement cannot be drawn" in words(page)


def test_announced_draw_shows_its_fingerprint_and_not_its_seed(organiser: User, committed: Draw) -> None:
    page = client_of(organiser).get(url("draw", committed.conference))

    text = page.content.decode()
    assert committed.fingerprint in re.sub(r"<[^>]+>", "", text)
    assert committed.root in re.sub(r"<[^>]+>", "", text)
    assert reverse("panels:public_draw", args=[committed.conference.slug]) in text
    assert (committed.seed in text, committed.secret in text) == (False, False)


def test_withdrawing_needs_a_reason_that_stays(organiser: User, committed: Draw) -> None:
    conference, client = committed.conference, client_of(organiser)
    address = url("draw_withdraw", conference, committed.number)

    refused = client.post(address, {"reason": " "})
    assert (refused.status_code, state(committed)) == (422, DrawState.COMMITTED)
    page = client.post(address, {"reason": "La salle n’est pas libre ce jour-là."}, follow=True)

    assert state(committed) == DrawState.WITHDRAWN
    assert "La salle n’est pas libre ce jour-là." in words(page)
    assert committed.fingerprint[:16] in words(page)


# -- The page for the room ---------------------------------------------------------------------------------------------
def test_before_the_announced_moment_the_page_says_when(organiser: User, prepared: Draw) -> None:
    draw = announce(prepared, organiser, reveal_at=timezone.now() + timedelta(days=2))
    client, address = client_of(organiser), url("draw_reveal", draw.conference, draw.number)

    page = client.get(address, {"ticket": "417"})
    assert "Before this moment nobody can draw it." in words(page)
    assert "<input" not in page.content.decode()
    told = client.post(address, {"ticket": "417"}, follow=True)

    assert "not before" in words(told)
    assert state(draw) == DrawState.COMMITTED


def test_typed_digits_come_back_large_and_draw_nothing(organiser: User, committed: Draw) -> None:
    client, address = client_of(organiser), url("draw_reveal", committed.conference, committed.number)

    typing, asked = client.get(address), client.get(address, {"ticket": " 0 4 7 "})

    assert 'name="ticket"' in typing.content.decode()
    assert "Is that what was drawn?" in words(asked)
    assert 'name="ticket" value="047"' in asked.content.decode()
    assert state(committed) == DrawState.COMMITTED


@pytest.mark.parametrize("typed", ["41", "4175", "4a7", "-17", "", "٤١٧"])
def test_digits_that_are_no_ticket_are_told_and_nothing_is_lost(organiser: User, committed: Draw, typed: str) -> None:
    client, address = client_of(organiser), url("draw_reveal", committed.conference, committed.number)

    asked = client.get(address, {"ticket": typed})
    posted = client.post(address, {"ticket": typed, "witnesses": "Maître Noël"})

    assert "Is that what was drawn?" not in words(asked)
    assert ("is not a ticket. Type 3 digits, from 000 to 999." in words(asked)) == bool(typed)
    assert f'value="{typed}"' in asked.content.decode()
    assert (posted.status_code, state(committed)) == (422, DrawState.COMMITTED)


def test_the_ticket_draws_the_panel_and_the_page_shows_pseudonyms_only(organiser: User, committed: Draw) -> None:
    client, address = client_of(organiser), url("draw_reveal", committed.conference, committed.number)

    page = client.post(address, {"ticket": "417", "witnesses": "Maître Noël, huissière"}, follow=True)

    panel = draws.bundle_of(committed)["tickets"][417]
    draw = Draw.objects.get()
    assert (draw.state, draw.ticket, draw.witnesses) == (DrawState.DONE, 417, "Maître Noël, huissière")
    text = page.content.decode()
    assert [name for name in panel if name not in text] == []
    assert "Maître Noël, huissière" in text
    assert ("Vaubernier" in text, "V-00" in text, str(organiser) in text) == (False, False, False)
    assert "The alternates are being chosen." in text
    assert '<input class="digits' not in client.get(address, {"ticket": "123"}).content.decode()


def test_alternates_arrive_by_the_fragment(organiser: User, committed: Draw) -> None:
    client = client_of(organiser)
    draw = draws.reveal_draw(draw=committed, actor=organiser, ticket=417)
    address = url("draw_alternates", draw.conference, draw.number)

    before = client.get(address).content.decode()
    draw = draws.find_alternates(draw_id=draw.pk)
    after = client.get(address).content.decode()

    assert ["data-progress-done" in text for text in (before, after)] == [False, True]
    assert re.findall(r"<li>(.*?)</li>", after) == draw.result["alternates"]


def test_second_click_is_harmless_and_other_digits_are_told_the_ticket(organiser: User, committed: Draw) -> None:
    client, address = client_of(organiser), url("draw_reveal", committed.conference, committed.number)

    pages = [client.post(address, {"ticket": ticket}, follow=True) for ticket in ("417", "417", "418")]

    assert Draw.objects.get().ticket == 417
    assert ["has been drawn already: it is 417" in words(page) for page in pages] == [False, False, True]
    assert committed.conference.events.filter(verb="draw.done").count() == 1


def test_program_draws_its_own_ticket_with_one_button(organiser: User, prepared: Draw) -> None:
    draw = announce(prepared, organiser, choosing=Choosing.PROGRAM)
    client, address = client_of(organiser), url("draw_reveal", draw.conference, draw.number)

    page = client.get(address, {"ticket": "417"})
    assert 'name="ticket"' not in page.content.decode()
    pages = [client.post(address, {"ticket": "417", "witnesses": "Les garants"}, follow=True) for _ in range(2)]

    made = Draw.objects.get()
    assert (made.state, made.witnesses) == (DrawState.DONE, "Les garants")
    assert ["notice--error" in shown.content.decode() for shown in pages] == [False, False]


def test_witnesses_too_long_are_told_with_the_digits_kept(organiser: User, committed: Draw) -> None:
    client, address = client_of(organiser), url("draw_reveal", committed.conference, committed.number)

    page = client.post(address, {"ticket": "417", "witnesses": "Noël " * 70})

    assert (page.status_code, state(committed)) == (422, DrawState.COMMITTED)
    assert 'name="ticket" value="417"' in page.content.decode()
    assert "Noël Noël" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_organisers_with_different_digits_the_first_wins(organiser: User, committed: Draw) -> None:
    other = add_member(committed.conference)
    address = url("draw_reveal", committed.conference, committed.number)
    told: dict[str, str] = {}

    def draw_it(user: User, ticket: str) -> None:
        try:
            told[ticket] = words(client_of(user).post(address, {"ticket": ticket}, follow=True))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=draw_it, args=pair) for pair in ((organiser, "111"), (other, "222"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    won = Draw.objects.get().ticket_name
    lost = {"111": "222", "222": "111"}[won]
    assert f"has been drawn already: it is {won}" not in told[won]
    assert f"has been drawn already: it is {won}" in told[lost]
    assert DrawEntry.objects.filter(place="panel").count() == 15


# -- After -------------------------------------------------------------------------------------------------------------
def test_done_page_names_people_with_pseudonym_ticket_witnesses_and_record(organiser: User, revealed: Draw) -> None:
    page = words(client_of(organiser).get(url("draw", revealed.conference)))

    entry = DrawEntry.objects.filter(place="panel").select_related("volunteer__identity")[0]
    assert f"{entry.volunteer.identity} {entry.volunteer.reference} · {entry.pseudonym}" in page
    assert "Ticket 417 was drawn on" in page
    assert "Maître Noël, huissière" in page
    assert "1000 equal tickets" in page
    assert "15 people from 24 volunteers" in page


def test_done_page_waits_for_the_alternates(organiser: User, committed: Draw) -> None:
    draw = draws.reveal_draw(draw=committed, actor=organiser, ticket=417)

    page = client_of(organiser).get(url("draw", draw.conference))

    assert f'data-progress-url="{url("draw_alternates", draw.conference, draw.number)}"' in page.content.decode()


def test_second_draw_needs_a_reason_and_a_new_announcement(organiser: User, revealed: Draw) -> None:
    conference, client = revealed.conference, client_of(organiser)

    assert client.post(url("draw_start", conference), {"reason": ""}).status_code == 422
    client.post(url("draw_start", conference), {"reason": "Une colonne du fichier était décalée."})
    draws.run_draw(draw_id=Draw.objects.get(number=2).pk)
    page = words(client.get(url("draw", conference)))

    assert (state(revealed), Draw.objects.get(number=2).state) == (DrawState.SUPERSEDED, DrawState.PREPARED)
    assert "Replaced by a later draw, ticket 417 Une colonne du fichier était décalée." in page
    assert "Why it was drawn again Une colonne du fichier était décalée." in page


# -- Who may -----------------------------------------------------------------------------------------------------------
ACTS = {
    "draw_start": (DrawState.CANCELLED, {}),
    "draw_stop": (DrawState.PREPARED, {}),
    "draw_commit": (DrawState.PREPARED, {**FORM, "confirm": "1"}),
    "draw_withdraw": (DrawState.COMMITTED, {"reason": "La salle n’est pas libre."}),
    "draw_reveal": (DrawState.COMMITTED, {"ticket": "417"}),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.ORGANISER, Role.FACILITATOR, Role.STEERING, Role.GUARANTOR, Role.OBSERVER, None])
def test_acts_are_for_organisers(organiser: User, prepared: Draw, act: str, role: Role | None) -> None:
    conference = prepared.conference
    before, data = ACTS[act]
    if before == DrawState.COMMITTED:
        announce(prepared, organiser)
    if before == DrawState.CANCELLED:
        draws.cancel_draw(draw=prepared, actor=organiser)
    user = add_member(conference, role=role) if role else make_user()
    args = () if act == "draw_start" else (prepared.number,)
    as_it_was = list(Draw.objects.values_list("number", "state"))

    answer = client_of(user).post(url(act, conference, *args), data)

    may = role == Role.ORGANISER
    assert answer.status_code == (302 if may else 404)
    assert (list(Draw.objects.values_list("number", "state")) != as_it_was) == may


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.STEERING, Role.GUARANTOR, Role.OBSERVER])
def test_colleagues_see_the_pages_without_the_acts(organiser: User, committed: Draw, role: Role) -> None:
    conference, client = committed.conference, client_of(add_member(committed.conference, role=role))

    desk = client.get(url("draw", conference))
    room = client.get(url("draw_reveal", conference, committed.number), {"ticket": "417"})

    assert (desk.status_code, room.status_code) == (200, 200)
    assert url("draw_withdraw", conference, committed.number) not in desk.content.decode()
    assert ("<form" in room.content.decode(), "An organiser draws the ticket." in words(room)) == (False, True)


@pytest.mark.parametrize("name", ["draw_reveal", "draw_alternates", "draw_commit", "draw_withdraw"])
def test_stranger_finds_nothing(committed: Draw, name: str) -> None:
    address = url(name, committed.conference, committed.number)

    assert client_of(make_user()).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["draw_commit", "draw_withdraw", "draw_reveal", "draw_alternates", "draw_progress"])
def test_looking_changes_nothing(organiser: User, committed: Draw, name: str) -> None:
    client, address = client_of(organiser), url(name, committed.conference, committed.number)
    before = Draw.objects.values().get()

    for data in ({}, {**FORM, "confirm": "1", "ticket": "417", "reason": "Non."}):
        client.get(address, data)
        client.head(address, data)

    assert Draw.objects.values().get() == before


def test_draw_of_another_conference_is_not_found(organiser: User, committed: Draw) -> None:
    elsewhere = make_conference(organiser)

    assert client_of(organiser).get(url("draw_reveal", elsewhere, committed.number)).status_code == 404


# -- Cost --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [0, 12])
@pytest.mark.parametrize(
    ("step", "desk_count", "room_count"), [("prepared", 13, 4), ("committed", 7, 5), ("revealed", 10, 8)]
)
def test_pages_take_the_same_queries_whatever_the_pool(
    organiser: User, conference: Conference, more: int, step: str, desk_count: int, room_count: int
) -> None:
    for _ in range(more):
        make_volunteer(conference, {"Sexe": "Femme"})
    draw = draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)
    if step != "prepared":
        announce(draw, organiser)
    if step == "revealed":
        draws.find_alternates(draw_id=draws.reveal_draw(draw=draw, actor=organiser, ticket=417).pk)
    client = client_of(organiser)

    with CaptureQueriesContext(connection) as desk:
        client.get(url("draw", conference))
    with CaptureQueriesContext(connection) as room:
        client.get(url("draw_reveal", conference, draw.number))

    assert (len(desk), len(room)) == (desk_count, room_count)


def test_identity_erased_leaves_the_done_page_standing(organiser: User, revealed: Draw) -> None:
    entry = DrawEntry.objects.filter(place="panel")[0]
    Identity.objects.filter(volunteer=entry.volunteer).delete()

    page = client_of(organiser).get(url("draw", revealed.conference))

    assert entry.pseudonym in words(page)
