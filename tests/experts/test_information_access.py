"""Who may open which page of the information file, and who may have which document: every cell is tried."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from conference.domain import documents
from conference.enums import DocumentAudience, Role, ScanState
from conference.links import make_token
from conference.models import Conference, Document, User
from experts.domain import information, sheets
from experts.enums import ExpertState, SheetKind
from experts.models import GlossaryEntry, Sheet
from panels.enums import InvitationState
from panels.models import Invitation
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_expert
from tests.factories import add_member, make_conference, make_drawn, make_user

WHO = ("organiser", "facilitator", "steering", "guarantor", "observer", "expert", "citizen", "public", "stranger")
DESK = frozenset(WHO[:5])
EVERYBODY = frozenset(WHO)


def make_document(conference: Conference, audience: DocumentAudience, **fields: object) -> Document:
    document = Document(
        conference=conference, title=f"Pour {audience}", audience=audience, filename="a.txt",
        content_type="text/plain; charset=utf-8", size=4, **fields,
    )  # fmt: skip
    document.file.save("a.txt", ContentFile(b"eau\n"), save=False)
    document.save()
    return document


@pytest.fixture
def drawn(olive: User) -> Conference:
    return make_drawn(olive)[0]


@pytest.fixture
def sheet(drawn: Conference, olive: User) -> Sheet:
    """Published once, and offered again."""
    made = sheets.create_sheet(
        conference=drawn, actor=olive, title="T", chapter=None,
        written=sheets.Authorship(SheetKind.ARGUES, "for", "Jeanne Morel"),
    )  # fmt: skip
    for text in ("Un.", "Deux."):
        draft = sheets.save_draft(sheet_id=made.pk, actor=olive, title="T", text=text, chapter=None, documents=[])
        assert draft is not None
        sheets.offer(sheet_id=made.pk, actor=olive, change_note="Note.")
        if text == "Un.":
            draft.refresh_from_db()
            sheets.tick(sheet_id=made.pk, name="Luc", fingerprint=draft.fingerprint())
            sheets.publish_without_committee(sheet_id=made.pk, actor=olive, reason="R")
    information.open_to_everybody(conference=drawn, actor=olive)
    return made


def citizen_of(conference: Conference, state: InvitationState = InvitationState.ACCEPTED) -> Client:
    from panels.domain.invitations import accept, invite_panel

    if not Invitation.objects.filter(conference=conference).exists():
        invite_panel(conference=conference, actor=None)  # type: ignore[arg-type]
    waiting = Invitation.objects.filter(conference=conference).exclude(state=InvitationState.ACCEPTED)
    invitation = waiting[0]
    if state == InvitationState.ACCEPTED:
        accept(invitation_id=invitation.pk)
    invitation.refresh_from_db()
    client = Client()
    client.get(reverse("panels:invitation_link", args=[make_token("invitation", invitation.uuid, invitation.version)]))
    return client


def client_of(who: str, conference: Conference, olive: User) -> Client:
    if who == "organiser":
        return signed_in(olive)
    if who == "expert":
        return browser_of(make_expert(conference, ExpertState.ACCEPTED))
    if who == "citizen":
        return citizen_of(conference)
    if who == "stranger":
        other = make_user()
        make_conference(other)
        return signed_in(other)
    return Client() if who == "public" else signed_in(add_member(conference, role=Role(who)))


# page -> (method, who is let in)
PAGES: dict[str, tuple[str, frozenset[str]]] = {
    "file": ("get", DESK),
    "glossary": ("get", DESK),
    "sheet": ("get", DESK),
    "sheet_version": ("get", DESK),
    "open": ("post", frozenset({"organiser"})),
    "chapter_add": ("get", frozenset({"organiser"})),
    "chapter_edit": ("get", frozenset({"organiser"})),
    "chapter_move": ("post", frozenset({"organiser"})),
    "chapter_remove": ("post", frozenset({"organiser"})),
    "entry_add": ("get", frozenset({"organiser"})),
    "entry_edit": ("get", frozenset({"organiser"})),
    "entry_remove": ("post", frozenset({"organiser"})),
    "sheet_add": ("get", frozenset({"organiser"})),
    "sheet_edit": ("get", frozenset({"organiser"})),
    "sheet_author": ("get", frozenset({"organiser"})),
    "sheet_pair": ("get", frozenset({"organiser"})),
    "sheet_offer": ("get", frozenset({"organiser"})),
    "sheet_move": ("post", frozenset({"organiser"})),
    "sheet_remove": ("post", frozenset({"organiser"})),
    "sheet_publish": ("post", frozenset({"organiser"})),
    "sheet_link": ("post", frozenset({"organiser"})),
    "sheet_tick": ("post", frozenset({"organiser", "facilitator"})),
    "sheet_sign": ("post", frozenset({"steering"})),
    "public_file": ("get", EVERYBODY),
    "public_sheet": ("get", EVERYBODY),
    "public_booklet": ("get", EVERYBODY),
    "panel_file": ("get", frozenset({"citizen"})),
    "panel_sheet": ("get", frozenset({"citizen"})),
    "panel_booklet": ("get", frozenset({"citizen"})),
}


def address_of(page: str, sheet: Sheet, olive: User) -> str:
    conference = sheet.conference
    if page.startswith("chapter_") and page != "chapter_add":
        chapter = information.save_chapter(conference=conference, actor=olive, title="Un")
        return reverse(f"information:{page}", args=[conference.slug, chapter.pk])
    if page in {"entry_edit", "entry_remove"}:
        entry = GlossaryEntry.objects.create(conference=conference, term="nappe", definition="D")
        return reverse(f"information:{page}", args=[conference.slug, entry.pk])
    if page == "sheet_version":
        return reverse("information:sheet_version", args=[conference.slug, sheet.pk, 1])
    if page in {"panel_file", "panel_booklet"}:
        return reverse(f"information:{page}")
    if page == "panel_sheet":
        return reverse("information:panel_sheet", args=[sheet.pk])
    if (page.startswith("sheet") and page != "sheet_add") or page == "public_sheet":
        return reverse(f"information:{page}", args=[conference.slug, sheet.pk])
    return reverse(f"information:{page}", args=[conference.slug])


@pytest.mark.parametrize("who", WHO)
def test_role_by_page(who: str, sheet: Sheet, olive: User) -> None:
    client = client_of(who, sheet.conference, olive)
    wrong = {}
    for page, (method, allowed) in PAGES.items():
        address = address_of(page, sheet, olive)
        answer = getattr(client, method)(address)
        let_in = answer.status_code in {200, 422} or (
            answer.status_code == 302 and "/accounts/login/" not in answer.headers["Location"]
        )
        if let_in != (who in allowed):
            wrong[page] = answer.status_code
        if page == "open":
            information.open_to_everybody(conference=sheet.conference, actor=olive)
        GlossaryEntry.objects.all().delete()
    assert wrong == {}


def test_pages_that_change_something_answer_to_post_alone(sheet: Sheet, olive: User) -> None:
    desk = signed_in(olive)
    posts = [page for page, (method, _allowed) in PAGES.items() if method == "post" and page != "sheet_sign"]
    answers = {
        page: desk.get(address_of(page, sheet, olive)).status_code
        for page in posts
        if not GlossaryEntry.objects.all().delete()[0] or True
    }
    assert set(answers.values()) == {405}


def test_another_conference_does_not_lend_its_pages(sheet: Sheet, olive: User) -> None:
    """Olive organises both: the sheet of one does not open under the name of the other."""
    other = make_conference(olive)
    desk = signed_in(olive)
    for page in ("sheet", "sheet_edit", "sheet_pair", "public_sheet"):
        assert desk.get(reverse(f"information:{page}", args=[other.slug, sheet.pk])).status_code == 404


def test_who_was_invited_and_has_not_accepted_reads_nothing_yet(sheet: Sheet) -> None:
    client = citizen_of(sheet.conference, InvitationState.PENDING)
    assert client.get(reverse("information:panel_file")).status_code == 404


# -- Documents ---------------------------------------------------------------------------------------------------------
TEAM = {"organiser", "facilitator", "steering", "guarantor", "observer"}
READERS: dict[DocumentAudience, dict[str, set[str]]] = {
    DocumentAudience.PUBLIC: {"desk": TEAM, "public": set(WHO), "panel": {"citizen"}, "expert": {"expert"}},
    DocumentAudience.PANEL: {"desk": TEAM, "public": set(), "panel": {"citizen"}, "expert": set()},
    DocumentAudience.EXPERTS: {"desk": TEAM, "public": set(), "panel": set(), "expert": {"expert"}},
    DocumentAudience.TEAM: {"desk": TEAM, "public": set(), "panel": set(), "expert": set()},
}


def doors(conference: Conference, document: Document) -> dict[str, str]:
    return {
        "desk": reverse("desk:document", args=[conference.slug, document.uuid]),
        "public": reverse("public:document", args=[conference.slug, document.uuid]),
        "panel": reverse("information:panel_document", args=[document.uuid]),
        "expert": reverse("experts:document", args=[document.uuid]),
    }


def got_by(client: Client, addresses: dict[str, str]) -> set[str]:
    return {door for door, address in addresses.items() if is_handed_out(client, address)}


def is_handed_out(client: Client, address: str) -> bool:
    answer = client.get(address)
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content) == b"eau\n"  # type: ignore[attr-defined]
    return answer.status_code == 200


@pytest.mark.parametrize("who", WHO)
def test_audience_by_reader(who: str, drawn: Conference, olive: User) -> None:
    client = client_of(who, drawn, olive)
    for audience, table in READERS.items():
        document = make_document(drawn, audience)
        wanted = {door for door, readers in table.items() if who in readers}
        assert got_by(client, doors(drawn, document)) == wanted, audience


@pytest.mark.parametrize("state", ScanState)
@pytest.mark.parametrize("scanner", ["", "true"])
def test_what_is_not_found_clean_leaves_through_no_door(
    scanner: str, state: ScanState, drawn: Conference, olive: User, settings: Settings
) -> None:
    settings.DOCUMENT_SCANNER = scanner
    document = make_document(drawn, DocumentAudience.PUBLIC, scan=state)
    served = state == ScanState.CLEAN if scanner else state != ScanState.INFECTED
    assert document.is_served == served
    assert Document.objects.served().filter(pk=document.pk).exists() == served
    for who, door in (("organiser", "desk"), ("public", "public"), ("citizen", "panel"), ("expert", "expert")):
        client = client_of(who, drawn, olive)
        assert is_handed_out(client, doors(drawn, document)[door]) == served, who
    page = Client().get(reverse("public:conference", args=[drawn.slug])).content.decode()
    assert (document.title in page) == served


def test_a_confidential_document_is_for_those_who_run_the_conference(drawn: Conference, olive: User) -> None:
    document = make_document(drawn, DocumentAudience.TEAM, is_confidential=True)
    let_in = {who for who in WHO if got_by(client_of(who, drawn, olive), doors(drawn, document))}
    assert let_in == {"organiser"}


def test_a_document_that_is_none(drawn: Conference, olive: User) -> None:
    assert citizen_of(drawn).get(reverse("information:panel_document", args=[uuid.uuid4()])).status_code == 404
    assert documents.waiting_for_scan() == []
