"""What is printed for the room, read back from the PDF."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PageObject, PdfReader

from conference.enums import ItemKind, Role
from conference.models import Conference, Item, Membership, Room, User
from conference.print.cards import Card, badges_pdf, plates_pdf
from conference.print.paper import BOLD, About, fitted, plain
from conference.print.sheet import Box, Column, Line, Sheet, SheetWords, sheets_pdf
from experts.enums import ExpertState
from panels.attendees import told_apart
from panels.domain.invitations import accept, invite_panel
from panels.enums import Channel
from panels.models import Invitation
from tests.experts.factories import make_expert
from tests.factories import add_member, make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
ABOUT = About("Une conférence", "Bureau", "fr")
WORDS = SheetWords(ABOUT, "pied", "Nom", "Présents", "Clos par")
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)


def read(content: bytes) -> list[str]:
    return [page.extract_text().replace("\N{NO-BREAK SPACE}", " ") for page in PdfReader(io.BytesIO(content)).pages]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fetch(user: User, conference: Conference, what: str) -> list[str]:
    with translation.override("fr"):
        response = signed_in(user).get(
            reverse("publication:print", args=[conference.slug, what]), headers={"accept-language": "fr"}
        )
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return read(response.content)


@pytest.fixture
def olive() -> User:
    return make_user(name="Olive Tréguier")


def test_the_programme_has_a_page_for_each_day_with_rooms_and_leaders(olive: User) -> None:
    conference = make_conference(olive)
    room = Room.objects.create(conference=conference, name="Nef <b>1</b>")
    lead = Membership.objects.get(user=olive)
    for days in (0, 1):
        session = make_session(conference, NINE + timedelta(days=days), 8, title=f"Jour {days + 1}")
        Item.objects.create(
            session=session,
            starts_at=session.starts_at,
            minutes=25,
            title="L’œuf & la poule",
            kind=ItemKind.TALK,
            room=room,
            lead=lead,
        )
    first, second = fetch(olive, conference, "programme")
    assert "Samedi 13 mars 2027" in first
    assert "9 h – 9 h 25" in first
    assert "L’œuf & la poule" in first
    assert "Nef <b>1</b>" in first
    assert "Animé par Olive Tréguier" in first
    assert "Dimanche 14 mars 2027" in second


def test_citizens_go_by_first_names_and_only_those_who_come_are_printed() -> None:
    conference, _draw = make_drawn()
    olive = add_member(conference)
    invite_panel(conference=conference, actor=olive)
    first, second, third = Invitation.objects.order_by("seat__number")[:3]
    for invitation, name in ((first, "Camille Aubert"), (second, "Camille Blanc"), (third, "Noé Caron")):
        identity = invitation.volunteer.identity
        identity.first_name, identity.last_name = name.split()
        identity.save()
    for invitation in (first, second):
        accept(invitation_id=invitation.pk, channel=Channel.LINK)
    make_expert(conference, ExpertState.ACCEPTED, first_name="Irène", last_name="Caumont")
    make_expert(conference, ExpertState.INVITED, first_name="Paul", last_name="Absent")

    pages = fetch(olive, conference, "plates")
    whole = "\n".join(pages)
    assert len(pages) == 2 + 1 + 1  # two citizens, one expert, one organiser
    assert (whole.count("Camille A."), whole.count("Camille B.")) == (2, 2)  # on both faces
    assert "Aubert" not in whole
    assert "Irène Caumont" in whole
    for absent in ("Noé", "Paul Absent"):
        assert absent not in whole
    assert "Camille A." in fetch(olive, conference, "badges")[0]


def test_nine_badges_take_two_pages() -> None:
    cards = [Card(f"Personne {number}", "", "Citoyen") for number in range(9)]
    first, second = read(badges_pdf(cards, ABOUT))
    assert (first.count("Personne"), second.count("Personne")) == (8, 1)


LONG = "Marie-Françoise-Éléonore de la Rochefoucauld-Montbel d’Arrancy"


def test_a_name_of_any_length_stays_on_its_plate_and_badge() -> None:
    cards = [
        Card(LONG, "Directrice de recherche émérite à l’Institut national de recherche pour l’agriculture", "Expert")
    ]
    for content, times in ((plates_pdf(cards, ABOUT), 2), (badges_pdf(cards, ABOUT), 1)):
        (page,) = PdfReader(io.BytesIO(content)).pages
        words = " ".join(page.extract_text().split())
        assert words.count(LONG) == times
        assert outside(page) == []


def outside(page: PageObject) -> list[str]:
    """Words that begin beyond the edge of the paper."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    found: list[str] = []

    def visit(text: str, matrix: list[float], place: list[float], _font: object, _size: float) -> None:
        x, y = (
            place[4] * matrix[0] + place[5] * matrix[2] + matrix[4],
            place[4] * matrix[1] + place[5] * matrix[3] + matrix[5],
        )
        if text.strip() and not (0 <= x <= width and 0 <= y <= height):
            found.append(text)

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("width", [100, 250, 700])
@pytest.mark.parametrize("text", ["Zoé", "Anne-Sophie", LONG, "Wolfeschlegelsteinhausenbergerdorff"])
def test_what_is_fitted_is_no_wider_and_no_higher_than_its_place(text: str, width: int) -> None:
    set_text = fitted(text, BOLD, width, 90, largest=72, smallest=6)
    _width, height = set_text.wrap(width, 1000)
    lines = set_text.blPara.lines  # type: ignore[attr-defined]
    spaces = [line[0] if isinstance(line, tuple) else line.extraSpace for line in lines]
    assert min(spaces) >= -0.01
    assert height <= 90


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Łukasz Dvořák", "Łukasz Dvorák"),
        ("Ștefan Nguyễn", "Stefan Nguyên"),
        ("Zażółć", "Zazółć"),
        ("Jean‑Noël\N{NARROW NO-BREAK SPACE}!", "Jean-Noël\N{NO-BREAK SPACE}!"),
        ("漢", "?"),
    ],
)
def test_letters_that_cannot_be_set_give_way_to_the_nearest(typed: str, printed: str) -> None:
    assert plain(typed) == printed


@pytest.mark.parametrize("what", ["programme", "plates", "badges", "attendance"])
def test_a_file_says_what_it_is_and_holds_its_letters(olive: User, what: str) -> None:
    conference = make_conference(olive, title="L’eau", organised_by="Bureau")
    session = make_session(conference, NINE, 8)
    Item.objects.create(session=session, starts_at=NINE, minutes=25, title="Ouverture")
    path = reverse("publication:print", args=[conference.slug, what])
    reader = PdfReader(io.BytesIO(signed_in(olive).get(path, headers={"accept-language": "en"}).content))
    assert reader.metadata is not None
    assert (reader.metadata.author, "L’eau" in (reader.metadata.title or "") or what == "attendance") == (
        "Bureau",
        True,
    )
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/ViewerPreferences"]["/DisplayDocTitle"])) == ("en", True)
    for page in reader.pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            assert "/FontFile2" in font.get_object().get("/FontDescriptor", {}), font["/BaseFont"]


def test_an_attendance_sheet_repeats_its_heading_on_each_page() -> None:
    lines = [Line(f"Prénom {number}", "", [Box(), Box()]) for number in range(30)]
    columns = [Column("matin", ""), Column("après-midi", "")]
    pages = read(sheets_pdf([Sheet("Feuille", "Lyon", columns, lines)], WORDS))
    assert len(pages) > 1
    assert all("après-midi" in page for page in pages)
    assert sum(page.count("Prénom") for page in pages) == 30


@pytest.mark.parametrize("role", Role)
def test_only_those_who_may_see_people_print(role: Role) -> None:
    conference = make_conference()
    make_session(conference, NINE, 8)
    client = signed_in(add_member(conference, role=role))
    allowed = 200 if role in {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR} else 404
    paths = [reverse("publication:print_choose", args=[conference.slug])]
    paths += [
        reverse("publication:print", args=[conference.slug, what])
        for what in ("programme", "plates", "badges", "attendance")
    ]
    assert [client.get(path).status_code for path in paths] == [allowed] * 5
    assert client.get(reverse("publication:print", args=[conference.slug, "autre"])).status_code == 404
    assert [Client().get(path).status_code for path in paths] == [302] * 5


@pytest.mark.parametrize("role", Role)
def test_the_timer_is_for_those_who_lead(role: Role) -> None:
    conference = make_conference()
    session = make_session(conference, NINE, 8)
    Item.objects.create(session=session, starts_at=NINE, minutes=25, title="Ouverture")
    response = signed_in(add_member(conference, role=role)).get(reverse("publication:timer", args=[conference.slug]))
    if role in {Role.ORGANISER, Role.FACILITATOR}:
        assert 'data-seconds="1500"' in response.text
    else:
        assert response.status_code == 404


def test_the_timer_shows_one_day_and_offers_the_others() -> None:
    conference = make_conference()
    for days in (0, 1):
        session = make_session(conference, NINE + timedelta(days=days), 8)
        Item.objects.create(session=session, starts_at=session.starts_at, minutes=25, title=f"Point du jour {days}")
    client = signed_in(add_member(conference))
    page = client.get(reverse("publication:timer", args=[conference.slug]), {"day": "2027-03-14"}).text
    assert "Point du jour 1" in page
    assert "Point du jour 0" not in page
    assert "?day=2027-03-13" in page
    assert client.get(reverse("publication:timer", args=[conference.slug]), {"day": "demain"}).status_code == 200


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([("Anna", "Roy"), ("Bruno", "Roy")], ["Anna", "Bruno"]),
        ([("Karim", "Benali"), ("Karim", "Roy")], ["Karim B.", "Karim R."]),
        ([("Karim", "Benali"), ("Karim", "Berger")], ["Karim Ben.", "Karim Ber."]),
        ([("Karim", "Ben"), ("Karim", "Benali")], ["Karim Ben", "Karim Bena."]),
        ([("Karim", "Benali"), ("Karim", "Benali")], ["Karim B.", "Karim B."]),
    ],
)
def test_two_of_one_first_name_are_told_apart(people: list[tuple[str, str]], names: list[str]) -> None:
    assert told_apart(people) == names
