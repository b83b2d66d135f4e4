"""The attendance sheet as a file: boxes to sign while the roll call is open; presence, signatures and totals once it is closed."""

import io
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from conference.enums import Role
from conference.models import Conference, User
from conference.print.paper import About
from conference.print.sheet import Box, Column, Line, Sheet, SheetWords, sheets_pdf
from panels.domain.attendance import Sent, close_half_day, correct_mark, take_marks
from panels.domain.erasure import erase_volunteer
from panels.domain.invitations import accept, invite_panel
from panels.enums import MarkKind
from panels.half_days import HalfDay, half_days
from panels.models import Invitation
from tests.factories import add_member, make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2026, 3, 14, 8, tzinfo=UTC)  # 9 o'clock in Paris
STROKES = [[10, 10, 300, 190, 590, 20]]


@pytest.fixture
def olive() -> User:
    return make_user(name="Olive Tréguier")


@pytest.fixture
def panel(olive: User) -> list[Invitation]:
    """Five have accepted; one morning is long over."""
    conference, _draw = make_drawn(olive)
    for number, invitation in enumerate(invite_panel(conference=conference, actor=olive)[:5]):
        accept(invitation_id=invitation.pk)
        identity = invitation.volunteer.identity
        identity.first_name, identity.last_name = f"Prénom{number}", "Durand"
        identity.save()
    make_session(conference, SATURDAY, hours=3, title="Première séance")
    return list(Invitation.objects.filter(conference=conference).accepted().select_related("conference").order_by("pk"))


def half_of(conference: Conference) -> HalfDay:
    return half_days(conference)[0]


def note(panel: list[Invitation], olive: User) -> None:
    """Present and signed; late and left, name written; present, unsigned; absent; and one of whom nothing is known."""
    half = half_of(panel[0].conference)
    at = half.starts_at
    kinds: list[tuple[int, MarkKind, dict[str, Any]]] = [
        (0, MarkKind.PRESENT, {}), (0, MarkKind.SIGNED, {"strokes": STROKES}),
        (1, MarkKind.LATE, {"clock": time(9, 40)}), (1, MarkKind.LEFT, {"clock": time(11)}), (1, MarkKind.SIGNED, {"typed": "Prénom un"}),
        (2, MarkKind.PRESENT, {}), (3, MarkKind.ABSENT, {}),
    ]  # fmt: skip
    marks = [Sent(uuid4(), panel[number].uuid, kind, at, **more) for number, kind, more in kinds]
    take_marks(half=half, marks=marks, actor=olive)


def texts(content: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def fetch(user: User, conference: Conference, *, whole: bool = False) -> bytes:
    client = Client()
    client.force_login(user)
    session = conference.sessions.get()
    one = reverse("attendance:sheet_pdf", args=[conference.slug, session.pk])
    path = reverse("publication:print", args=[conference.slug, "attendance"]) if whole else one
    response = client.get(path, headers={"accept-language": "fr"})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return bytes(response.content)


def strokes_in(content: bytes) -> int:
    """How many signatures are drawn, by the width of their pen."""
    contents = [page.get_contents() for page in PdfReader(io.BytesIO(content)).pages]
    return sum(one.get_data().count(b".8 w") for one in contents if one is not None)


def test_an_open_roll_call_leaves_boxes_to_sign_by_hand(panel: list[Invitation], olive: User) -> None:
    note(panel, olive)
    content = fetch(olive, panel[0].conference)
    (page,) = texts(content)
    assert "Feuille d’émargement : Première séance" in page
    assert "samedi 14 mars 2026, matin 9 h – 12 h" in page
    assert all(f"Prénom{number} D. siège {number + 1}" in page for number in range(5))
    assert not any(word in page for word in ("Présent ", "Absent", " sur 5"))
    assert strokes_in(content) == 0


def test_a_closed_one_shows_presence_signatures_totals_and_who_closed_it(panel: list[Invitation], olive: User) -> None:
    conference = panel[0].conference
    note(panel, olive)
    call = close_half_day(half=half_of(conference), actor=olive)
    content = fetch(olive, conference)
    (page,) = texts(content)
    assert "Prénom0 D. siège 1 Présent Prénom1" in page
    assert "Présent à partir de 9 h 40, parti à 11 h 00, nom écrit Prénom un" in page
    assert page.count("Absent") == 2  # noted, and not noted at all
    assert "Présents 3 sur 5" in page
    closed = conference.local(call.closed_at)  # type: ignore[arg-type]
    assert (
        f"Olive Tréguier, {['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'][closed.weekday()]}"
        in page
    )
    assert strokes_in(content) == 1


def test_a_correction_and_an_erasure_show(panel: list[Invitation], olive: User) -> None:
    conference = panel[0].conference
    note(panel, olive)
    close_half_day(half=half_of(conference), actor=olive)
    correct_mark(
        half=half_of(conference),
        who=panel[3].uuid,
        kind=MarkKind.PRESENT,
        clock=None,
        reason="Vue par deux.",
        actor=olive,
    )
    erase_volunteer(volunteer=panel[0].volunteer)
    content = fetch(olive, conference)
    (page,) = texts(content)
    assert "Présent, corrigé après coup" in page
    assert f"{panel[0].volunteer.reference} siège 1 Présent, signature effacée" in page
    assert strokes_in(content) == 0


@pytest.mark.parametrize(("role", "sees"), [(Role.FACILITATOR, True), (Role.GUARANTOR, False)])
def test_signatures_are_for_those_who_take_them(panel: list[Invitation], olive: User, role: Role, sees: bool) -> None:
    conference = panel[0].conference
    note(panel, olive)
    close_half_day(half=half_of(conference), actor=olive)
    content = fetch(add_member(conference, role=role), conference, whole=True)
    page = texts(content)[0]
    assert ("Prénom un" in page, strokes_in(content) == 1) == (sees, sees)
    assert "Présent" in page
    assert ("Présent, a signé" in page) != sees


def test_all_sheets_take_as_many_queries_however_many_sessions(olive: User) -> None:
    conference, _draw = make_drawn(olive)
    client = Client()
    client.force_login(olive)
    path = reverse("publication:print", args=[conference.slug, "attendance"])
    assert client.get(path).status_code == 404
    counts = set()
    for number in range(3):
        make_session(conference, SATURDAY + timedelta(days=number), hours=3)
        with CaptureQueriesContext(connection) as queries:
            content = client.get(path).content
        counts.add(len(queries))
        assert len(texts(content)) == number + 1
    assert len(counts) == 1


def test_of_another_conference_there_is_no_sheet(panel: list[Invitation], olive: User) -> None:
    other = make_session(make_conference(), SATURDAY)
    client = Client()
    client.force_login(olive)
    assert client.get(reverse("attendance:sheet_pdf", args=[panel[0].conference.slug, other.pk])).status_code == 404


def test_six_half_days_take_two_sheets_and_forty_names_take_more(panel: list[Invitation], olive: User) -> None:
    conference = panel[0].conference
    conference.sessions.update(ends_at=SATURDAY + timedelta(days=2, hours=8))
    pages = texts(fetch(olive, conference))
    assert len(pages) == 2
    assert ("lundi 16 mars 2026, matin" in pages[0], "lundi 16 mars 2026, après-midi" in pages[1]) == (True, True)

    words = SheetWords(About("Feuille", "Bureau", "fr"), "pied", "Nom", "Présents", "Clos par")
    lines = [Line(f"Prénom {number}", "", [Box("Présent", STROKES)]) for number in range(40)]
    sheet = Sheet("Feuille", "Lyon", [Column("samedi, matin", "9 h – 12 h", "40 sur 40", "Olive")], lines)
    pages = texts(sheets_pdf([sheet], words))
    assert all("samedi, matin" in page for page in pages)
    assert sum(page.count("Prénom") for page in pages) == 40
    assert "Présents 40 sur 40 Clos par Olive" in pages[-1]
