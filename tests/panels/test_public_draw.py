"""The draw in public: what an announcement shows and hides, what a drawn ticket opens, and each volunteer's own part."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from conference.links import make_token
from conference.logs import HideTokens
from conference.models import Conference, User
from panels import access
from panels.domain import draws, invitations, registration
from panels.domain.draws import making
from panels.domain.erasure import erase_volunteer
from panels.domain.volunteers import withdraw_from_pool
from panels.enums import Choosing, DrawState, Place
from panels.figures import chance_line, quantile
from panels.lottery import tree
from panels.models import Draw, DrawBundle, DrawEntry, Invitation, Volunteer
from panels.ticket_list import search, tickets, tickets_a_page
from tests.factories import make_conference, make_criterion, make_drawn, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_and_fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(making, "GREEDY_DRAWS", 40)  # enough to be shown
    with translation.override("en"):
        yield


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def public() -> Client:
    return Client(headers={"accept-language": "en"})


def filled(organiser: User, people: int = 24) -> Conference:
    made = make_conference(organiser, seats=15, alternates=3)
    make_criterion(made, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    for number in range(people):
        make_volunteer(made, {"Sexe": "Femme" if number % 2 else "Homme"})
    return made


def committed(conference: Conference, organiser: User, **more: Any) -> Draw:
    reason = more.pop("reason", "")
    draw = draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser, reason=reason).pk)
    told = {"choosing": Choosing.BALLS, "reveal_at": timezone.now(), "place": "Salle des fêtes", **more}
    return draws.commit_draw(draw=draw, actor=organiser, **told)


def revealed(conference: Conference, organiser: User, *, ticket: int = 47, **more: Any) -> Draw:
    draw = committed(conference, organiser, **more)
    draws.reveal_draw(draw=draw, actor=organiser, ticket=ticket, witnesses="Odile Tessier, garante")
    return draws.find_alternates(draw_id=draw.pk)


def page(client: Client, name: str, conference: Conference, *args: Any, **query: str) -> Any:
    return client.get(reverse(f"panels:{name}", args=[conference.slug, *args]), query)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def in_one_piece(response: Any) -> str:
    """The page without its tags and gaps, in which a fingerprint stands as it is copied."""
    return re.sub(r"<[^>]+>|\s", "", response.content.decode())


def link(volunteer: Volunteer) -> str:
    token = make_token(registration.SCOPE, volunteer.uuid, volunteer.link_version)
    return reverse("panels:registration_link", args=[token])


def proof_link(volunteer: Volunteer, number: int = 1) -> str:
    token = make_token(registration.SCOPE, volunteer.uuid, volunteer.link_version)
    return reverse("panels:registration_proof", args=[token, number])


# -- Nothing yet -------------------------------------------------------------------------------------------------------
def test_before_any_announcement_the_page_says_so(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)

    answer = page(public, "public_draw", conference)

    assert answer.status_code == 200
    assert "No draw has been announced yet" in words(answer)
    assert Draw.objects.get().fingerprint not in in_one_piece(answer)


@pytest.mark.parametrize(
    ("name", "args"),
    [("public_draw", ()), ("public_draw_number", (1,)), ("public_tickets", (1,)), ("public_bundle", (1,))],
)
def test_unpublished_conference_has_no_pages(public: Client, organiser: User, name: str, args: tuple[int, ...]) -> None:
    conference = filled(organiser)
    revealed(conference, organiser)
    assert page(public, name, conference, *args).status_code == 200

    Conference.objects.update(is_published=False)

    assert page(public, name, conference, *args).status_code == 404


@pytest.mark.parametrize("name", ["public_draw_number", "public_tickets", "public_bundle"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_prepared_draw_and_one_that_is_not_there_answer_alike(
    public: Client, organiser: User, name: str, number: int
) -> None:
    conference = filled(organiser)
    draws.run_draw(draw_id=draws.prepare_draw(conference=conference, actor=organiser).pk)

    assert page(public, name, conference, number).status_code == 404


def test_a_draw_from_before_fingerprints_is_told_in_a_sentence(public: Client, organiser: User) -> None:
    conference, _draw = make_drawn(organiser)

    answer = page(public, "public_draw", conference)

    assert (answer.status_code, "before draws were announced with a fingerprint" in words(answer)) == (200, True)
    assert page(public, "public_bundle", conference, 1).status_code == 404


# -- Announced ---------------------------------------------------------------------------------------------------------
def test_announcement_shows_what_seals_the_draw(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = committed(conference, organiser, note="Trois boules, remises dans le sac.")

    answer = page(public, "public_draw", conference)

    assert (draw.fingerprint in in_one_piece(answer), draw.root in in_one_piece(answer)) == (True, True)
    for told in (
        "The draw is announced",
        "Salle des fêtes",
        "Balls drawn in public",
        "Trois boules, remises dans le sac.",
        "1,000, numbered 000 to 999",
        "24 volunteers in the list, for 15 seats and 3 alternates",
        "7–8",
        "no name, no address",
    ):
        assert told in words(answer), told


def test_a_ticket_that_the_program_draws_is_told_honestly(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    committed(conference, organiser, choosing=Choosing.PROGRAM)

    assert "somebody with access to the server could have read it" in words(page(public, "public_draw", conference))


def everything_public(client: Client, conference: Conference, number: int) -> bytes:
    answers = [
        page(client, "public_draw", conference),
        page(client, "public_draw_number", conference, number),
        page(client, "public_tickets", conference, number),
        page(client, "public_tickets", conference, number, q="47"),
        page(client, "public_bundle", conference, number),
        client.get(reverse("public:conference", args=[conference.slug])),
        client.get(reverse("public:home")),
    ]
    return b"".join(answer.content + str(answer.headers).encode() for answer in answers)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_nothing_of_the_list_is_public_before_the_ticket_is_drawn(
    public: Client, organiser: User, withdrawn: bool
) -> None:
    conference = filled(organiser)
    draw = committed(conference, organiser)
    if withdrawn:
        draws.withdraw_draw(draw=draw, actor=organiser, reason="La salle a fermé.")
    entries = list(draw.entries.all())

    shown = everything_public(public, conference, 1)

    assert draw.fingerprint.encode()[:8] in shown
    secrets = [draw.seed, draw.secret, *(entry.pseudonym for entry in entries)]
    secrets += [draws.code_for(draw, entry.pseudonym) for entry in entries]
    assert [secret for secret in secrets if secret.encode() in shown] == []
    assert page(public, "public_bundle", conference, 1).status_code == 404
    assert b'"tickets"' not in shown


def test_a_sealed_list_says_when_it_opens(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    committed(conference, organiser)

    answer = page(public, "public_tickets", conference, 1)

    assert (answer.status_code, "The tickets are sealed" in words(answer)) == (200, True)
    assert "They are published as soon as the ticket is drawn" in words(page(public, "public_bundle", conference, 1))


# -- Drawn -------------------------------------------------------------------------------------------------------------
def test_result_shows_the_ticket_the_panel_and_how_to_check(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)

    answer = page(public, "public_draw", conference)

    told, piece = words(answer), in_one_piece(answer)
    for name in [*draw.result["panel"], *draw.result["alternates"]]:
        assert name in told
    assert [draw.fingerprint in piece, draw.root in piece, draw.seed in piece] == [True, True, True]
    command = f"pythonm-panels.lotteryverify{conference.slug}-1.json".replace("m-", "-m")
    assert f"{command}--ticket047--fingerprint{draw.fingerprint}" in piece
    for said in (
        "ticket 047 was drawn",
        "Odile Tessier, garante",
        "The smallest chance was 62.5 %, the largest 62.5 %.",
        "Proved: under these quotas, no way of drawing gives the least likely more than 62.5 %.",
        "And drawn the usual way?",
    ):
        assert said in told, said


def test_nobody_who_was_not_drawn_is_listed_with_the_panel(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)

    told = words(page(public, "public_draw", conference))

    left = draw.entries.filter(place=Place.NOT_DRAWN).values_list("pseudonym", flat=True)
    assert ([name for name in left if name in told], len(left)) == ([], 6)


def test_alternates_are_awaited(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draws.reveal_draw(draw=committed(conference, organiser), actor=organiser, ticket=999)

    assert "They are being chosen." in words(page(public, "public_draw", conference))


def test_every_draw_stays_visible_with_its_reason(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draws.withdraw_draw(draw=committed(conference, organiser), actor=organiser, reason="La salle a fermé.")
    revealed(conference, organiser)
    third = committed(conference, organiser, reason="Une boule est tombée à terre.")

    told = words(page(public, "public_draw", conference))
    second = words(page(public, "public_draw_number", conference, 2))

    assert third.fingerprint in in_one_piece(page(public, "public_draw", conference))
    for said in ("withdrawn before a ticket was drawn", "La salle a fermé.", "Ticket 047 was drawn on"):
        assert said in told, said
    assert "Why there is another draw Une boule est tombée à terre." in told
    assert "Draw no. 2 was set aside" in second
    assert (
        page(public, "public_bundle", conference, 1).status_code,
        page(public, "public_bundle", conference, 2).status_code,
    ) == (404, 200)


def test_a_draw_set_aside_stays_on_the_page_until_another_is_announced(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    revealed(conference, organiser)
    draws.prepare_draw(conference=conference, actor=organiser, reason="Une boule est tombée à terre.")

    told = words(page(public, "public_draw", conference))
    home = words(public.get(reverse("public:conference", args=[conference.slug])))

    for said in (
        "it does not count any more.",
        "Une boule est tombée à terre.",
        "A new draw has not been announced yet.",
    ):
        assert said in told, said
    assert "Ticket 047 was drawn on" not in home


def test_conference_page_leads_to_the_draw(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    address = reverse("public:conference", args=[conference.slug])
    before = words(public.get(address))
    draw = committed(conference, organiser)
    announced = words(public.get(address))
    draws.reveal_draw(draw=draw, actor=organiser, ticket=47)
    done = words(public.get(address))

    assert "See the announcement and its fingerprint" not in before
    assert "The draw is announced: the ticket that decides is drawn on" in announced
    assert "Ticket 047 was drawn on" in done
    assert "See the announcement and its fingerprint" not in done


@pytest.mark.parametrize("people", [24, 40])
@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [("public_draw", (), 9), ("public_tickets", (1,), 3), ("public_bundle", (1,), 5)],
)
def test_pages_take_the_same_queries_whatever_the_pool(
    public: Client, organiser: User, people: int, name: str, args: tuple[int, ...], expected: int
) -> None:
    conference = filled(organiser, people)
    revealed(conference, organiser)

    with CaptureQueriesContext(connection) as queries:
        page(public, name, conference, *args)

    assert len(queries) == expected, [query["sql"][:200] for query in queries]


# -- The tickets -------------------------------------------------------------------------------------------------------
def test_tickets_are_those_of_the_bundle(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)

    found = tickets(draw, range(draw.tickets))

    assert [list(ticket.people) for ticket in found] == [sorted(on) for on in draws.bundle_of(draw)["tickets"]]
    assert [ticket.name for ticket in found if ticket.drawn] == ["047"]


def test_a_ticket_and_a_pseudonym_are_found_however_they_are_typed(organiser: User) -> None:
    draw = revealed(filled(organiser), organiser)
    entry = draw.entries.order_by("pk")[0]
    spaced = entry.pseudonym.replace("-", " ").lower()

    assert [search(draw, asked).numbers for asked in ("47", "047", " 47 ")] == [(47,)] * 3
    assert [search(draw, asked).numbers for asked in (entry.pseudonym, spaced)] == [tuple(sorted(entry.tickets))] * 2
    assert [search(draw, asked).found for asked in ("1000", "ÀÉ-12", "-1", "999999999999", "' OR 1=1", "")] == [
        False
    ] * 6


def test_list_is_paged_and_marks_the_drawn_ticket(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    revealed(conference, organiser)

    first = page(public, "public_tickets", conference, 1)
    last = page(public, "public_tickets", conference, 1, page="20")

    assert first.content.decode().count("<tr") == 51
    assert "047 drawn" in words(first)
    assert ("Page 1 of 20" in words(first), "Page 20 of 20" in words(last), "999" in words(last)) == (True, True, True)


def test_search_shows_one_persons_tickets(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    entry = revealed(conference, organiser).entries.order_by("pk")[0]

    found = page(public, "public_tickets", conference, 1, q=entry.pseudonym)
    nothing = page(public, "public_tickets", conference, 1, q="<script>")

    assert f"{entry.pseudonym} is on {len(entry.tickets)} of the 1,000 tickets." in words(found)
    assert found.content.decode().count("<mark>") == 50
    assert (nothing.status_code, "&lt;script&gt;" in nothing.content.decode()) == (200, True)


@pytest.mark.parametrize(("seats", "shown"), [(1, 50), (20, 50), (100, 20), (1000, 10)])
def test_pages_get_shorter_where_tickets_are_long(seats: int, shown: int) -> None:
    assert tickets_a_page(seats) == shown


# -- The bundle --------------------------------------------------------------------------------------------------------
def test_bundle_is_what_was_hashed_byte_for_byte(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)

    answer = page(public, "public_bundle", conference, 1)

    assert answer.content == bytes(DrawBundle.objects.get(draw=draw).content)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="{conference.slug}-1.json"'
    assert answer["ETag"] == f'"{draw.fingerprint}"'
    assert "max-age=31536000" in answer["Cache-Control"]
    published = {key: value for key, value in json.loads(answer.content).items() if key != "commitment"}
    text = json.dumps(published, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == draw.fingerprint


def test_bundle_is_not_sent_twice(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)
    address = reverse("panels:public_bundle", args=[conference.slug, 1])

    answers = [public.get(address, headers={"if-none-match": f'"{tag}"'}) for tag in (draw.fingerprint, "0" * 64)]

    assert [(answer.status_code, len(answer.content) > 0) for answer in answers] == [(304, False), (200, True)]


def test_bundle_holds_nothing_that_names_anybody(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)

    sent = page(public, "public_bundle", conference, 1).content.decode()

    for volunteer in conference.volunteers.select_related("identity"):
        who = volunteer.identity
        private = (
            volunteer.reference,
            who.last_name,
            who.email,
            draws.code_for(draw, draw.pseudonyms[volunteer.reference]),
        )
        assert [word for word in (*private, draw.secret) if word in sent] == []


# -- One's own part ----------------------------------------------------------------------------------------------------
def test_volunteer_sees_chance_tickets_and_code_once_it_is_announced(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    volunteer = conference.volunteers.order_by("pk")[3]
    before = words(public.get(link(volunteer)))
    draw = committed(conference, organiser)
    entry = DrawEntry.objects.get(volunteer=volunteer)

    answer = public.get(link(volunteer))

    told = words(answer)
    count = len(entry.tickets)
    assert "Your part in the draw" not in before
    assert f"{count / 10:g} % : you are on {count} of the 1,000 tickets." in told
    for said in (entry.pseudonym, draws.code_for(draw, entry.pseudonym), f"{entry.tickets[0]:03d} ·"):
        assert said in told, said
    assert draw.fingerprint in in_one_piece(answer)
    assert "no-store" in answer["Cache-Control"]


def test_own_page_shows_nobody_else(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = committed(conference, organiser)
    mine, *others = draw.entries.select_related("volunteer").order_by("pk")

    shown = public.get(link(mine.volunteer)).content.decode() + public.get(proof_link(mine.volunteer)).content.decode()

    told = [
        word for other in others for word in (other.pseudonym, draws.code_for(draw, other.pseudonym)) if word in shown
    ]
    assert (told, draw.seed in shown, draw.secret in shown) == ([], False, False)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place.PANEL, "Ticket 047 was drawn, and you are on it"),
        (Place.ALTERNATE, "you are alternate no."),
        (Place.NOT_DRAWN, "Thank you for having been ready."),
    ],
)
def test_own_page_tells_what_came_of_it(public: Client, organiser: User, place: Place, said: str) -> None:
    draw = revealed(filled(organiser), organiser)
    entry = draw.entries.filter(place=place).select_related("volunteer")[0]

    assert said in words(public.get(link(entry.volunteer)))


def test_proof_holds_under_the_announced_root(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = committed(conference, organiser)
    entry = draw.entries.select_related("volunteer")[0]

    answer = public.get(proof_link(entry.volunteer))

    proof = tree.Proof.from_json(json.loads(answer.content))
    assert (tree.holds(proof, draw.root), tree.opens(proof, draws.code_for(draw, entry.pseudonym))) == (True, True)
    assert answer["Content-Disposition"] == 'attachment; filename="proof-1.json"'
    assert "no-store" in answer["Cache-Control"]


def test_who_came_after_the_announcement_has_no_part_in_it(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    committed(conference, organiser)
    late = make_volunteer(conference, {"Sexe": "Femme"})

    assert "Your part in the draw" not in words(public.get(link(late)))
    assert public.get(proof_link(late)).status_code == 404


def test_withdrawn_and_erased_people_are_told_nothing(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = committed(conference, organiser)
    left, gone = [entry.volunteer for entry in draw.entries.select_related("volunteer")[:2]]
    links = [(link(volunteer), proof_link(volunteer)) for volunteer in (left, gone)]
    pseudonyms = list(draw.entries.values_list("pseudonym", flat=True)[:2])

    withdraw_from_pool(volunteer=left, actor=organiser, reason="À sa demande.")
    erase_volunteer(volunteer=gone, actor=organiser)

    for (own, proof), pseudonym in zip(links, pseudonyms, strict=True):
        assert pseudonym not in public.get(own).content.decode()
        assert public.get(proof).status_code == 404


def test_a_forged_link_or_another_draw_gives_no_proof(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    committed(conference, organiser)
    volunteer = conference.volunteers.order_by("pk")[0]
    old = make_token(registration.SCOPE, volunteer.uuid, volunteer.link_version + 1)
    foreign = make_token(access.SCOPE, volunteer.uuid, volunteer.link_version)

    assert public.get(proof_link(volunteer)).status_code == 200
    assert public.get(proof_link(volunteer, 2)).status_code == 404
    assert [
        public.get(reverse("panels:registration_proof", args=[token, 1])).status_code for token in (old, foreign, "x")
    ] == [404, 404, 404]


def test_the_link_of_a_proof_is_kept_out_of_the_logs(organiser: User) -> None:
    conference = filled(organiser)
    address = proof_link(conference.volunteers.order_by("pk")[0])
    line = logging.LogRecord("access", logging.INFO, "", 1, "GET %s", (address,), None)

    assert HideTokens().filter(line)

    assert line.getMessage() == "GET /r/[link]/proof/1.json"


def test_invited_citizen_finds_the_same_on_the_invitations_page(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    draw = revealed(conference, organiser)
    invited = invitations.invite_panel(conference=conference, actor=organiser)[0]
    Invitation.objects.filter(pk=invited.pk).update(state="sent", deadline=timezone.now() + timedelta(days=3))
    entry = DrawEntry.objects.get(draw=draw, volunteer=invited.volunteer_id)
    assert public.get(reverse("panels:invitation_proof", args=[1])).status_code == 404
    public.get(reverse("panels:invitation_link", args=[make_token(access.SCOPE, invited.uuid, invited.version)]))

    told = words(public.get(reverse("panels:invitation")))
    proof = public.get(reverse("panels:invitation_proof", args=[1]))

    assert (entry.pseudonym in told, draws.code_for(draw, entry.pseudonym) in told) == (True, True)
    assert json.loads(proof.content)["record"]["id"] == entry.pseudonym


def test_earlier_draws_stay_on_ones_own_page(public: Client, organiser: User) -> None:
    conference = filled(organiser)
    first = revealed(conference, organiser)
    second = committed(conference, organiser, reason="Une boule est tombée à terre.")
    volunteer = conference.volunteers.order_by("pk")[0]

    answer = public.get(link(volunteer))

    names = [draw.entries.get(volunteer=volunteer).pseudonym for draw in (first, second)]
    assert [name in words(answer) for name in names] == [True, True]
    assert "Draw no. 1, which was set aside" in words(answer)
    assert [public.get(proof_link(volunteer, number)).status_code for number in (1, 2)] == [200, 200]
    assert first.state == DrawState.DONE  # as it was read; by now it is set aside
    first.refresh_from_db(fields=["state"])
    assert first.state == DrawState.SUPERSEDED


# -- Figures -----------------------------------------------------------------------------------------------------------
def test_a_line_runs_from_the_least_to_the_most_likely() -> None:
    assert chance_line([0.4, 0.0, 0.2], top=0.4) == "0.0,180.0 300.0,100.0 600.0,20.0"
    assert len(chance_line([number / 10_000 for number in range(10_000)], top=1).split()) == 81


def test_quantiles_are_chances_that_somebody_has() -> None:
    chances = [0.5, 0.1, 0.2, 0.4, 0.3]

    assert [quantile(chances, part) for part in (0.0, 0.1, 0.5, 1.0)] == [0.1, 0.1, 0.3, 0.5]
