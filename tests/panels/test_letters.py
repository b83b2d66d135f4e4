"""Letters: their short address, their paper, the list for the printer, and whether one is real."""

import io
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from conference.enums import Role
from conference.logs import HideTokens
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Event, User
from panels import access
from panels.domain import invitations, letters
from panels.enums import InvitationState
from panels.models import Identity, Invitation, Letter
from panels.views.letters import TRIES_OF_ALL
from tests.factories import add_member, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
TYPED = st.text(alphabet=letters.ALPHABET, min_size=letters.LENGTH, max_size=letters.LENGTH)


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    made, _draw = make_drawn(organiser, auto_replace=False)
    make_session(made)
    Identity.objects.filter(conference=made).update(address="3 rue de l’Église", postcode="69001", city="Lyon")
    invitations.invite_panel(conference=made, actor=organiser)
    return made


@pytest.fixture
def invitation(conference: Conference) -> Invitation:
    found = Invitation.objects.filter(conference=conference).select_related("volunteer__identity")[0]
    Identity.objects.filter(pk=found.volunteer_id).update(first_name="Zoé", last_name="Lefèvre", email="")
    return Invitation.objects.select_related("volunteer__identity").get(pk=found.pk)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def made(conference: Conference, organiser: User, *chosen: Invitation) -> list[letters.Addressed]:
    return letters.make_letters(conference=conference, actor=organiser, invitations=[one.pk for one in chosen])


def page(client: Client, conference: Conference) -> Any:
    return client.get(reverse("panels_desk:letters", args=[conference.slug]))


# -- The code ----------------------------------------------------------------------------------------------------------
@given(TYPED, st.integers(0, letters.LENGTH), st.integers(1, len(letters.ALPHABET) - 1))
def test_one_wrong_sign_is_always_told(code: str, place: int, shift: int) -> None:
    whole = code + letters._check_character(code)
    wrong = letters.ALPHABET[(letters.ALPHABET.index(whole[place]) + shift) % len(letters.ALPHABET)]

    assert letters.plain(whole) == whole
    assert letters.plain(whole[:place] + wrong + whole[place + 1 :]) == ""


@given(TYPED, st.integers(0, letters.LENGTH - 2))
def test_two_neighbours_swapped_are_always_told(code: str, place: int) -> None:
    whole = code + letters._check_character(code)
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]

    assert swapped == whole or letters.plain(swapped) == ""


def test_code_opens_the_page_of_the_invitation_however_it_is_typed(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)

    for typed in (letter.code, letter.code.lower(), letter.code.replace("-", " "), f" {letter.code} "):
        citizen = Client(headers={"accept-language": "en"})
        answer = citizen.post(reverse("panels:short"), {"code": typed}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("panels:invitation")
        assert "Zoé" in answer.content.decode()


def test_code_of_a_letter_that_was_replaced_opens_nothing(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    Identity.objects.filter(pk=invitation.volunteer_id).update(email="zoe@example.org")
    invitations.resend(invitation_id=invitation.pk, actor=organiser)

    answer = Client(headers={"accept-language": "en"}).post(reverse("panels:short"), {"code": letter.code})

    assert answer.status_code == 422
    assert "opens no page, or no longer" in answer.content.decode()
    (second,) = made(conference, organiser, invitation)
    assert second.code != letter.code
    assert letters.by_code(second.code) == invitation


def test_looking_at_the_address_in_the_square_changes_nothing_and_hides_the_code(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    before = Invitation.objects.values().get(pk=invitation.pk)
    citizen = Client()

    citizen.head(f"/l/{letter.code}/")
    answer = citizen.get(f"/l/{letter.code}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("panels:invitation"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert Invitation.objects.values().get(pk=invitation.pk) == before
    assert citizen.get("/l/QQQQQ-QQQQQ/").headers["Location"] == reverse("panels:short")


def test_guessing_ends_after_twenty_tries_even_with_the_right_code(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    guesser = Client(headers={"accept-language": "en"})
    for number in range(20):
        code = letters.ALPHABET[number] * letters.LENGTH
        guesser.post(reverse("panels:short"), {"code": code + letters._check_character(code)})

    answer = guesser.post(reverse("panels:short"), {"code": letter.code})

    assert answer.status_code == 422


def test_neither_code_nor_address_is_stored(conference: Conference, organiser: User, invitation: Invitation) -> None:
    (letter,) = made(conference, organiser, invitation)

    stored = str(list(Letter.objects.values())) + str(list(Event.objects.values()))

    assert letter.code not in stored
    assert letter.code.replace("-", "") not in stored


# -- Making them -------------------------------------------------------------------------------------------------------
def test_making_letters_marks_them_as_sent_and_again_gives_the_same(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    first, again = made(conference, organiser, invitation), made(conference, organiser, invitation)

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENT
    assert [(one.code, one.letter.reference) for one in first] == [(one.code, one.letter.reference) for one in again]
    assert Letter.objects.count() == 1


def test_people_without_e_mail_stand_first_and_are_chosen(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    shown = page(client_of(organiser), conference)

    assert next(row.invitation.pk for row in shown.context["rows"]) == invitation.pk
    assert shown.content.decode().count(" checked") == 1
    assert "1 of them receives no e-mail." in shown.content.decode()


def test_pdf_bears_address_code_and_reference_in_the_language_of_the_person(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    other = Invitation.objects.filter(conference=conference).exclude(pk=invitation.pk)[0]
    Identity.objects.filter(pk=other.volunteer_id).update(language="en")
    Conference.objects.filter(pk=conference.pk).update(allowance="<b>90 €</b> par jour & les trajets")
    url = reverse("panels_desk:letters_make", args=[conference.slug])

    answer = client_of(organiser).post(url, {"invitation": [invitation.pk, other.pk], "format": "pdf"})

    reader = PdfReader(io.BytesIO(answer.content))
    pages = [sheet.extract_text() for sheet in reader.pages]
    resources: list[Any] = [sheet["/Resources"] for sheet in reader.pages]
    fonts = [font.get_object() for one in resources for font in one["/Font"].values()]
    assert all("/FontFile2" in font.get("/FontDescriptor", {}) for font in fonts)  # every printer sets the same page
    french = next(text for text in pages if "Zoé Lefèvre" in text)
    letter = Letter.objects.get(invitation=invitation)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "3 rue de l’Église" in french
    assert "69001 Lyon" in french
    assert letter.reference in french
    assert letters.code_of(invitation, 1) in french
    assert "<b>90 €</b> par jour & les trajets" in french
    assert "tiré" in french
    assert any("You were drawn by lot" in text for text in pages)


def test_list_for_the_printer_has_a_row_a_letter_and_runs_no_formula(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    Identity.objects.filter(pk=invitation.volunteer_id).update(first_name="=1+1")
    url = reverse("panels_desk:letters_make", args=[conference.slug])

    answer = client_of(organiser).post(url, {"invitation": [invitation.pk], "format": "csv"})

    text = answer.content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 2
    assert letters.code_of(invitation, 1) in text
    assert "'=1+1" in text


def test_nobody_chosen_is_told(conference: Conference, organiser: User) -> None:
    url = reverse("panels_desk:letters_make", args=[conference.slug])

    answer = client_of(organiser).post(url, {"format": "pdf", "invitation": ["nonsense", "999999"]}, follow=True)

    assert "Nobody to write to is chosen." in answer.content.decode()
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_only_organisers_make_letters_and_only_those_who_see_people_see_them(
    conference: Conference, invitation: Invitation, role: Role
) -> None:
    client = client_of(add_member(conference, role=role))
    url = reverse("panels_desk:letters_make", args=[conference.slug])

    seen = page(client, conference).status_code
    written = client.post(url, {"invitation": [invitation.pk]}).status_code

    readers = {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR}
    assert (seen, written) == (200 if role in readers else 404, 200 if role == Role.ORGANISER else 404)
    assert Letter.objects.exists() == (role == Role.ORGANISER)


def test_letters_of_another_conference_are_not_made(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    neighbour = make_user()
    other, _draw = make_drawn(neighbour)
    url = reverse("panels_desk:letters_make", args=[other.slug])

    client_of(neighbour).post(url, {"invitation": [invitation.pk]})

    assert Letter.objects.count() == 0
    assert page(client_of(neighbour), conference).status_code == 404


def test_page_takes_the_same_queries_for_one_and_for_all(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(client, conference)
        counts.append(len(queries))
        Invitation.objects.filter(conference=conference, seat__number__gt=1).update(state=InvitationState.REVOKED)

    assert counts[0] == counts[1] <= 10


# -- A new letter, and what is known of who was reached ----------------------------------------------------------------
def test_new_codes_make_the_old_letter_worthless(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    url = reverse("panels_desk:letters_make", args=[conference.slug])
    client = client_of(organiser)
    client.post(url, {"invitation": [invitation.pk], "format": "pdf"})
    first = letters.code_of(invitation, 1)

    client.post(url, {"invitation": [invitation.pk], "format": "pdf", "anew": "yes"})

    invitation.refresh_from_db()
    assert (letters.by_code(first), letters.by_code(letters.code_of(invitation, 2))) == (None, invitation)
    assert invitation.version == 2
    assert Event.objects.filter(verb="letter.renewed").count() == 1
    assert Letter.objects.count() == 2


def test_new_codes_are_not_made_for_those_who_had_no_letter(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    letters.make_letters(conference=conference, actor=organiser, invitations=[invitation.pk], anew=True)

    invitation.refresh_from_db()
    assert (invitation.version, Event.objects.filter(verb="letter.renewed").count()) == (1, 0)


def test_letter_is_part_of_the_life_of_the_seat_with_date_and_way(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    before = client_of(organiser).get(reverse("panels_desk:seat", args=[conference.slug, invitation.seat.number]))
    (letter,) = made(conference, organiser, invitation)
    Client().post(reverse("panels:short"), {"code": letter.code})

    after = client_of(organiser).get(reverse("panels_desk:seat", args=[conference.slug, invitation.seat.number]))

    told = [re.sub(r"\s+", " ", page.content.decode()) for page in (before, after)]
    assert "so far nothing has reached this person" in told[0]
    assert "so far nothing has reached this person" not in told[1]
    assert f"Letter {letter.letter.reference} was made for {invitation.volunteer.reference}" in told[1]
    assert f"{invitation.volunteer.reference} was on the page of the invitation" in told[1]
    assert "last sent by letter" in told[1]


def test_panel_page_counts_whom_nothing_has_reached(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    url, client = reverse("panels_desk:panel", args=[conference.slug]), client_of(organiser)
    Invitation.objects.filter(conference=conference, seat__number=2).update(bounced_at=invitation.created_at)
    counts = [client.get(url).context["state"].unreached]
    made(conference, organiser, invitation)
    counts.append(client.get(url).context["state"].unreached)

    assert counts == [2, 1]


def test_long_address_is_not_cut_and_a_long_text_goes_on_overleaf(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    street = "Résidence des Tilleuls, bâtiment B, escalier 4, appartement 128, 1345 avenue du Général-de-Gaulle"
    Identity.objects.filter(pk=invitation.volunteer_id).update(address=street)
    Conference.objects.filter(pk=conference.pk).update(support="Tout est pris en charge. " * 400 + "Fin.")
    url = reverse("panels_desk:letters_make", args=[conference.slug])

    answer = client_of(organiser).post(url, {"invitation": [invitation.pk], "format": "pdf"})

    pages = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(answer.content)).pages]
    assert street in pages[0]
    assert len(pages) >= 3
    assert "Fin." in pages[-1] + pages[-2]


def test_letter_of_somebody_whose_mail_came_back_is_chosen(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    Invitation.objects.filter(conference=conference, seat__number=5).update(bounced_at=invitation.created_at)

    rows = page(client_of(organiser), conference).context["rows"]

    assert [row.invitation.seat.number for row in rows if row.is_chosen] == [invitation.seat.number, 5]


# -- Attacks -----------------------------------------------------------------------------------------------------------
def test_code_opens_its_own_invitation_only(conference: Conference, organiser: User, invitation: Invitation) -> None:
    neighbour = make_user()
    other, _draw = make_drawn(neighbour)
    Identity.objects.filter(conference=other).update(address="1 rue Neuve", postcode="38000", city="Grenoble")
    theirs = invitations.invite_panel(conference=other, actor=neighbour)[0]
    (letter,) = made(other, neighbour, theirs)
    citizen = Client()

    citizen.post(reverse("panels:short"), {"code": letter.code})
    citizen.post("/invitation/accept/")

    accepted = Invitation.objects.filter(state=InvitationState.ACCEPTED)
    assert list(accepted) == [theirs]
    assert citizen.post("/invitation/decline/", {"of": str(invitation.uuid)}).status_code == 409


def test_forms_of_letters_and_codes_need_our_own_page(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(organiser)
    before = Event.objects.count()

    answers = [
        forger.post(reverse("panels_desk:letters_make", args=[conference.slug]), {"invitation": [invitation.pk]}),
        forger.post(reverse("panels:short"), {"code": letter.code}),
        forger.post(reverse("panels:letter_real"), {"reference": letter.letter.reference, "postcode": "69001"}),
        forger.post(reverse("panels_desk:call_note", args=[conference.slug, invitation.uuid]), {"outcome": "accepted"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert (Event.objects.count(), Client().get("/invitation/").status_code) == (before, 404)


def unknown_code() -> str:
    signs = letters.ALPHABET[3] * letters.LENGTH
    return signs + letters._check_character(signs)


def test_dead_and_unknown_codes_in_the_address_lead_to_the_same_page_and_misshapen_ones_to_another(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    invitations.revoke(invitation_id=invitation.pk, actor=organiser, reason="Une erreur.")

    answers = [Client().get(f"/l/{code}/") for code in (letter.code, unknown_code(), "x", "é" * 300)]

    lost, short = reverse("panels:invitation_lost"), reverse("panels:short")
    assert [answer.headers["Location"] for answer in answers] == [lost, lost, short, short]
    assert [sorted(answer.cookies) for answer in answers[:2]] == [sorted(answers[0].cookies)] * 2


@pytest.mark.parametrize("way", ["scanned", "typed"])
def test_a_dead_code_can_have_a_fresh_link_sent_and_an_unknown_one_reads_the_same(
    conference: Conference, organiser: User, invitation: Invitation, way: str
) -> None:
    (letter,) = made(conference, organiser, invitation)
    Identity.objects.filter(pk=invitation.volunteer_id).update(email="zoe@example.org")
    invitations.resend(invitation_id=invitation.pk, actor=organiser)  # the letter is worthless from now on
    before = Message.objects.filter(kind=Kind.INVITATION).count()

    pages = []
    for code in (letter.code, unknown_code()):
        citizen = Client(headers={"accept-language": "en"})
        if way == "scanned":
            shown = citizen.get(f"/l/{code}/", follow=True)
        else:
            shown = citizen.post(reverse("panels:short"), {"code": code})
        assert f'action="{reverse("panels:invitation_lost")}"' in shown.content.decode()
        asked = citizen.post(reverse("panels:invitation_lost"))
        pages.append([re.sub(r'(value|nonce)="[^"]*"', "", page.content.decode()) for page in (shown, asked)])

    assert pages[0] == pages[1]
    assert "a new link is on its way" in pages[0][1]
    sent = Message.objects.filter(kind=Kind.INVITATION).order_by("pk")[before:]
    assert [(message.recipient_email, message.subject_id) for message in sent] == [
        ("zoe@example.org", str(invitation.pk))
    ]


def test_a_misshapen_code_is_offered_no_fresh_link() -> None:
    answer = Client().post(reverse("panels:short"), {"code": "x"})

    assert reverse("panels:invitation_lost") not in answer.content.decode()


def test_guessing_from_many_connections_ends_too(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    for number in range(TRIES_OF_ALL):
        access.within_limit("code", "all", times=TRIES_OF_ALL, seconds=3600)
        if number == TRIES_OF_ALL - 2:
            early = Client(REMOTE_ADDR="198.51.100.7").post(reverse("panels:short"), {"code": letter.code})

    late = Client(REMOTE_ADDR="198.51.100.8").post(reverse("panels:short"), {"code": letter.code})

    assert (early.status_code, late.status_code) == (302, 422)


def test_making_twice_writes_one_letter_and_tells_it_once(
    organiser: User, conference: Conference, invitation: Invitation
) -> None:
    first, second = made(conference, organiser, invitation), made(conference, organiser, invitation)

    assert first[0].letter == second[0].letter
    assert Event.objects.filter(verb="letter.made").count() == 1


# -- Is this letter real? ----------------------------------------------------------------------------------------------
def ask(reference: str, postcode: str, client: Client | None = None) -> Any:
    client = client or Client(headers={"accept-language": "en"})
    return client.post(reverse("panels:letter_real"), {"reference": reference, "postcode": postcode})


def test_a_letter_is_real_where_reference_and_postcode_fit(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    reference = letter.letter.reference

    for typed in (reference, reference.lower(), reference.replace("-", ""), reference[2:]):
        assert "Yes. We sent a letter" in ask(typed, " 69 001 ").content.decode()
    wrong = ask(reference, "69002").content
    unknown = ask("L-000-000", "69001").content
    for answer in (wrong, unknown):
        assert "No. We know of no letter" in answer.decode()
        assert "Zoé" not in answer.decode()


def test_asking_ends_after_twenty_tries(conference: Conference, organiser: User, invitation: Invitation) -> None:
    (letter,) = made(conference, organiser, invitation)
    client = Client(headers={"accept-language": "en"})
    for number in range(20):
        ask(f"L-000-{number:03d}", "69001", client)

    answer = ask(letter.letter.reference, "69001", client)

    assert (answer.status_code, "That was a lot of tries." in answer.content.decode()) == (422, True)


def test_letter_of_somebody_erased_is_known_no_more(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    Identity.objects.filter(pk=invitation.volunteer_id).delete()

    assert letters.is_real(reference=letter.letter.reference, postcode="69001") is False
    assert letters.by_code(letter.code) is None


def test_who_has_answered_gets_no_letter(conference: Conference, organiser: User, invitation: Invitation) -> None:
    invitations.accept(invitation_id=invitation.pk)

    assert invitation not in letters.waiting_for(conference)
    late = Invitation.objects.filter(conference=conference, state=InvitationState.PENDING)
    late.update(deadline=invitation.deadline - timedelta(days=400))
    assert letters.waiting_for(conference) == []


def test_code_in_the_address_stays_out_of_the_logs(
    conference: Conference, organiser: User, invitation: Invitation
) -> None:
    (letter,) = made(conference, organiser, invitation)
    line = logging.LogRecord("access", logging.INFO, "", 0, "GET %s", (f"/l/{letter.code}/",), None)

    assert HideTokens().filter(line)

    assert line.getMessage() == "GET /l/[link]/"
