"""The information file: what is vouched for is published, and nothing else; opposites are pairs; the glossary finds its words."""

from typing import Any

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from conference.domain.errors import DomainError
from conference.enums import DocumentAudience, Role
from conference.models import Conference, Event, Membership, User
from experts.domain import information, pairs, sheets
from experts.enums import Opinion, Position, SheetKind
from experts.glossary import with_glossary
from experts.models import GlossaryEntry, LayReading, Sheet, SheetPair, SheetVersion
from experts.sheet_pages import desk_file, readers_file
from tests.experts.conftest import signed_in
from tests.experts.factories import make_expert
from tests.factories import add_member, make_conference, make_user

TEXT = "# D’où vient l’eau\n\nL’eau usée est traitée dans une station d’épuration."


def make_sheet(
    conference: Conference, actor: User, position: str = "", title: str = "D’où vient l’eau", **fields: Any
) -> Sheet:
    kind = SheetKind.ARGUES if position else SheetKind.INFORMS
    written = sheets.Authorship(kind, position, fields.pop("name", "Jeanne Morel"), fields.pop("expert", None))
    return sheets.create_sheet(conference=conference, actor=actor, title=title, chapter=None, written=written)


def offered(sheet: Sheet, actor: User, text: str = TEXT, note: str = "Plus court.") -> SheetVersion:
    sheets.save_draft(sheet_id=sheet.pk, actor=actor, title=sheet.title, text=text, chapter=None, documents=[])
    return sheets.offer(sheet_id=sheet.pk, actor=actor, change_note=note)


def published(sheet: Sheet, actor: User, text: str = TEXT) -> SheetVersion:
    draft = offered(sheet, actor, text)
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    return sheets.publish_without_committee(sheet_id=sheet.pk, actor=actor, reason="Aucun comité.")


@pytest.fixture
def committee(conference: Conference) -> list[Membership]:
    users = [add_member(conference, role=Role.STEERING) for _number in range(3)]
    return list(Membership.objects.filter(user__in=users).select_related("user").order_by("id"))


def word(sheet: Sheet, member: Membership, opinion: Opinion = Opinion.APPROVES, reason: str = "") -> SheetVersion:
    draft = SheetVersion.objects.select_related("sheet").get(sheet=sheet, published_at=None)
    return sheets.give_opinion(
        sheet_id=sheet.pk, member=member, opinion=opinion, reason=reason, fingerprint=draft.fingerprint()
    )


# -- Published when the committee has signed and somebody has understood it --------------------------------------------
def test_two_of_three_signatures_and_a_tick_publish(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    draft = offered(sheet, olive)
    assert word(sheet, committee[0]).published_at is None
    assert word(sheet, committee[1]).published_at is None  # signed, but nobody has understood it
    done = sheets.tick(sheet_id=sheet.pk, name="Luc Ménard", fingerprint=draft.fingerprint())
    assert (done.number, bool(done.published_at), done.override_reason) == (1, True, "")
    assert list(Event.objects.filter(verb__startswith="sheet.").order_by("id").values_list("verb", flat=True)) == [
        "sheet.created", "sheet.offered", "sheet.signed", "sheet.signed", "sheet.understood", "sheet.published",
    ]  # fmt: skip


def test_a_tick_first_and_the_last_signature_publishes(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    draft = offered(sheet, olive)
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    assert word(sheet, committee[0]).published_at is None
    assert word(sheet, committee[1]).number == 1


def test_one_objection_holds_the_sheet_back_until_it_is_taken_back(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    draft = offered(sheet, olive)
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    with pytest.raises(DomainError):
        word(sheet, committee[0], Opinion.OBJECTS)  # without a reason
    word(sheet, committee[0], Opinion.OBJECTS, "Un chiffre est faux.")
    word(sheet, committee[1])
    assert word(sheet, committee[2]).published_at is None
    assert word(sheet, committee[0]).number == 1


def test_changing_a_word_undoes_what_was_said_of_the_text(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    first = offered(sheet, olive).fingerprint()
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=first)
    word(sheet, committee[0])
    draft = offered(sheet, olive, TEXT + " Un mot de plus.")
    standing = sheets.vouched_for(draft, sheets.committee_members(conference))
    assert (standing.is_read, len(standing.approvals), len(standing.silent)) == (False, 0, 3)
    with pytest.raises(DomainError):
        sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=first)
    assert word(sheet, committee[1]).published_at is None


def test_the_author_is_no_lay_reader(conference: Conference, olive: User) -> None:
    sheet = make_sheet(conference, olive, name="Jeanne Morel")
    seen = offered(sheet, olive).fingerprint()
    for name, by in (("Olive", olive), ("jeanne  MOREL", None), (" ", None)):
        with pytest.raises(DomainError):
            sheets.tick(sheet_id=sheet.pk, name=name, fingerprint=seen, noted_by=by)
    assert LayReading.objects.count() == 0
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=seen, noted_by=make_user())
    assert LayReading.objects.count() == 1


def test_without_the_committee_only_with_a_reason_and_a_tick(conference: Conference, olive: User) -> None:
    sheet = make_sheet(conference, olive)
    draft = offered(sheet, olive)
    with pytest.raises(DomainError):
        sheets.publish_without_committee(sheet_id=sheet.pk, actor=olive, reason="Le comité ne siège pas.")
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    with pytest.raises(DomainError):
        sheets.publish_without_committee(sheet_id=sheet.pk, actor=olive, reason="  ")
    done = sheets.publish_without_committee(sheet_id=sheet.pk, actor=olive, reason="Le comité ne siège pas.")
    assert (done.number, done.override_reason) == (1, "Le comité ne siège pas.")


def test_a_text_that_is_not_offered_is_neither_ticked_nor_signed(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    sheets.save_draft(sheet_id=sheet.pk, actor=olive, title="T", text=TEXT, chapter=None, documents=[])
    draft = SheetVersion.objects.select_related("sheet").get(sheet=sheet)
    with pytest.raises(DomainError):
        sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    with pytest.raises(DomainError):
        word(sheet, committee[0])


def test_only_the_committee_signs(conference: Conference, olive: User, committee: list[Membership]) -> None:
    sheet = make_sheet(conference, olive)
    offered(sheet, olive)
    elsewhere = add_member(make_conference(), role=Role.STEERING)
    for user in (olive, elsewhere):
        with pytest.raises(DomainError):
            word(sheet, Membership.objects.select_related("user").get(user=user))


def test_the_database_keeps_a_published_version_as_it_is(conference: Conference, olive: User) -> None:
    done = published(make_sheet(conference, olive), olive)
    for change in ({"text": "Autre."}, {"published_at": None}, {"override_reason": ""}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            SheetVersion.objects.filter(pk=done.pk).update(**change)
    done.refresh_from_db()
    assert done.text.strip() == TEXT


def test_a_second_version_says_what_changed_and_keeps_the_first(conference: Conference, olive: User) -> None:
    sheet = make_sheet(conference, olive)
    published(sheet, olive)
    with pytest.raises(DomainError):
        offered(sheet, olive, "Deux.", note=" ")
    published(sheet, olive, "Deux.")
    found = list(SheetVersion.objects.filter(sheet=sheet).order_by("number").values_list("number", "text"))
    assert found == [(1, TEXT + "\n"), (2, "Deux.\n")]


def test_author_and_position_are_fixed_once_published(conference: Conference, olive: User) -> None:
    sheet = make_sheet(conference, olive, Position.FOR)
    written = sheets.Authorship(SheetKind.ARGUES, Position.AGAINST, "Jeanne Morel")
    assert sheets.change_authorship(sheet_id=sheet.pk, actor=olive, written=written).position == Position.AGAINST
    published(sheet, olive)
    with pytest.raises(DomainError):
        sheets.change_authorship(
            sheet_id=sheet.pk, actor=olive, written=sheets.Authorship(SheetKind.ARGUES, Position.FOR, "Jeanne Morel")
        )
    with pytest.raises(DomainError):
        sheets.remove_sheet(sheet_id=sheet.pk, actor=olive)


def test_a_sheet_that_argues_takes_a_side(conference: Conference, olive: User) -> None:
    for position in (Position.OPEN, ""):
        with pytest.raises(DomainError):
            sheets.create_sheet(
                conference=conference, actor=olive, title="T", chapter=None,
                written=sheets.Authorship(SheetKind.ARGUES, position, "X"),
            )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(conference=conference, title="T", kind=SheetKind.ARGUES, position=Position.OPEN)


# -- Pairs -------------------------------------------------------------------------------------------------------------
def test_a_pair_is_seen_from_both_sides_and_given_from_either(conference: Conference, olive: User) -> None:
    for first, second in ((Position.FOR, Position.RATHER_AGAINST), (Position.AGAINST, Position.FOR)):
        one, other = make_sheet(conference, olive, first), make_sheet(conference, olive, second)
        pairs.pair(sheet_id=one.pk, other_id=other.pk, actor=olive)
        one, other = Sheet.objects.get(pk=one.pk), Sheet.objects.get(pk=other.pk)
        assert (one.opposite, other.opposite) == (other, one)
        pairs.pair(sheet_id=other.pk, other_id=None, actor=olive)
        assert Sheet.objects.get(pk=one.pk).opposite is None


def test_only_opposed_sides_of_one_conference_are_paired(conference: Conference, olive: User) -> None:
    one = make_sheet(conference, olive, Position.FOR)
    same, informs = make_sheet(conference, olive, Position.RATHER_FOR), make_sheet(conference, olive)
    foreign = make_sheet(make_conference(), olive, Position.AGAINST)
    assert list(pairs.candidates(one)) == []
    for other in (same, informs, foreign, one):
        with pytest.raises(DomainError):
            pairs.pair(sheet_id=one.pk, other_id=other.pk, actor=olive)
    assert SheetPair.objects.count() == 0


def test_a_sheet_that_has_its_opposite_is_not_offered_to_another(conference: Conference, olive: User) -> None:
    one, third = make_sheet(conference, olive, Position.FOR), make_sheet(conference, olive, Position.FOR)
    other = make_sheet(conference, olive, Position.AGAINST)
    pairs.pair(sheet_id=one.pk, other_id=other.pk, actor=olive)
    assert list(pairs.candidates(third)) == []
    assert list(pairs.candidates(one)) == [other]
    with pytest.raises(DomainError):
        pairs.pair(sheet_id=third.pk, other_id=other.pk, actor=olive)


def test_a_sheet_that_changes_sides_loses_its_opposite(conference: Conference, olive: User) -> None:
    one, other = make_sheet(conference, olive, Position.FOR), make_sheet(conference, olive, Position.AGAINST)
    pairs.pair(sheet_id=one.pk, other_id=other.pk, actor=olive)
    written = sheets.Authorship(SheetKind.ARGUES, Position.RATHER_AGAINST, "Jeanne Morel")
    sheets.change_authorship(sheet_id=one.pk, actor=olive, written=written)
    assert SheetPair.objects.count() == 0


# -- Glossary ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("La nappe phréatique baisse. La nappe phréatique remonte.", ["nappe phréatique"]),
        ("Les nappes baissent, puis la nappe phréatique.", ["nappes"]),
        ("Une Nappe Phréatique.", ["Nappe Phréatique"]),
        ("Le napperon n’est pas une nappe.", ["nappe"]),
        ("## La nappe\n\nElle baisse.", []),
        ("[la nappe](https://example.org) et `nappe` puis nappe", ["nappe"]),
        ("L'étiage et l’étiage.", ["étiage"]),
        ("Le débit d'étiage.", ["débit d'étiage"]),
        ("**nappe** et eau", ["nappe"]),
        ("Une nappe phréa\u0301tique décomposée.", ["nappe phréátique"]),
    ],
)
def test_the_first_occurrence_of_each_word_leads_to_its_definition(
    conference: Conference, text: str, marked: list[str]
) -> None:
    import re

    for term, forms in (
        ("nappe phréatique", "nappes\nnappe\nnappe phréátique"),
        ("étiage", ""),
        ("débit d’étiage", ""),
    ):
        GlossaryEntry.objects.create(conference=conference, term=term, forms=forms, definition="Réserve d’eau.")
    html, used = with_glossary(text, GlossaryEntry.objects.all())
    found = re.findall(r'<a href="#word-\d+" class="term" id="term-\d+"[^>]*>([^<]+)</a>', html)
    assert found == [mark.replace("'", "'") for mark in marked]
    assert len(used) == len(marked)


def test_a_word_stands_in_the_glossary_once(conference: Conference, olive: User) -> None:
    for term in ("Nappe", "nappe"):
        entry = GlossaryEntry(conference=conference, term=term, definition="D")
        if term == "Nappe":
            information.save_entry(entry=entry, actor=olive)
        else:
            with pytest.raises(DomainError):
                information.save_entry(entry=entry, actor=olive)


# -- Readers -----------------------------------------------------------------------------------------------------------
def test_the_public_reads_what_is_published_once_the_file_is_open(
    conference: Conference, olive: User, desk: Client
) -> None:
    sheet = make_sheet(conference, olive, Position.FOR)
    hidden = make_sheet(conference, olive, title="Encore en travail")
    public = reverse("information:public_file", args=[conference.slug])
    with pytest.raises(DomainError):
        information.open_to_everybody(conference=conference, actor=olive)
    published(sheet, olive)
    assert Client().get(public).status_code == 404
    desk.post(reverse("information:open", args=[conference.slug]), {"act": "open"})
    page = Client().get(public)
    assert (page.status_code, hidden.title in page.content.decode()) == (200, False)
    read = Client().get(reverse("information:public_sheet", args=[conference.slug, sheet.pk])).content.decode()
    assert "Jeanne Morel" in read
    assert "Aucun comité." in read
    assert "manque" in read or "missing" in read  # the opposite
    assert Client().get(reverse("information:public_sheet", args=[conference.slug, hidden.pk])).status_code == 404
    assert Client().get(reverse("information:public_booklet", args=[conference.slug])).status_code == 200
    desk.post(reverse("information:open", args=[conference.slug]), {"act": "close"})
    assert Client().get(public).status_code == 404


def test_an_opposite_that_is_not_published_is_not_shown(conference: Conference, olive: User) -> None:
    one = make_sheet(conference, olive, Position.FOR, title="Pour")
    other = make_sheet(conference, olive, Position.AGAINST, title="Contre en travail")
    pairs.pair(sheet_id=one.pk, other_id=other.pk, actor=olive)
    published(one, olive)
    information.open_to_everybody(conference=conference, actor=olive)
    address = reverse("information:public_sheet", args=[conference.slug, one.pk])
    assert "Contre en travail" not in Client().get(address).content.decode()
    published(other, olive)
    assert "Contre en travail" in Client().get(address).content.decode()


def test_a_lay_reader_without_account(conference: Conference, olive: User, desk: Client) -> None:
    sheet = make_sheet(conference, olive)
    draft = offered(sheet, olive)
    link = desk.get(reverse("information:sheet", args=[conference.slug, sheet.pk])).context["reader_link"]
    path = "/" + link.split("/", 3)[3]
    reader = Client()
    assert reader.get(path).status_code == 200
    assert LayReading.objects.count() == 0  # looking is not ticking
    answer = {"fingerprint": draft.fingerprint(), "name": "Luc Ménard"}
    assert reader.post(path, answer).status_code == 422  # the tick is missing
    assert reader.post(path, {**answer, "understood": "on"}).status_code == 200
    reading = LayReading.objects.get()
    assert (reading.name, reading.noted_by) == ("Luc Ménard", None)
    desk.post(reverse("information:sheet_link", args=[conference.slug, sheet.pk]))
    assert reader.get(path).status_code == 404
    assert reader.get(path[:-3] + "AA/").status_code == 404


def test_lists_take_as_many_queries_for_thirty_as_for_one(
    conference: Conference, olive: User, desk: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = [
        reverse("information:file", args=[conference.slug]),
        reverse("information:public_file", args=[conference.slug]),
        reverse("information:public_booklet", args=[conference.slug]),
    ]
    counts: dict[int, list[int]] = {}
    for wanted in (1, 3, 30):
        while Sheet.objects.filter(conference=conference).count() < wanted:
            number = Sheet.objects.count()
            expert = make_expert(conference)
            sheet = make_sheet(
                conference, olive, Position.FOR if number % 2 else Position.AGAINST, expert=expert, name=""
            )
            published(sheet, olive)
            offered(sheet, olive, "Encore.")
        if wanted == 1:
            information.open_to_everybody(conference=conference, actor=olive)
        counts[wanted] = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert desk.get(address).status_code == 200
            counts[wanted].append(len(queries))
    assert counts[1] == counts[3] == counts[30]


def test_moving_and_removing(conference: Conference, olive: User, desk: Client) -> None:
    chapters = [
        information.save_chapter(conference=conference, actor=olive, title=title) for title in ("Un", "Deux", "Trois")
    ]
    information.move_chapter(chapter=chapters[2], actor=olive, up=True)
    information.move_chapter(chapter=chapters[0], actor=olive, up=True)  # at the top already
    assert [part.chapter.title for part in desk_file(conference).parts if part.chapter] == ["Un", "Trois", "Deux"]
    one, two = make_sheet(conference, olive, title="A"), make_sheet(conference, olive, title="B")
    sheets.move_sheet(sheet_id=two.pk, actor=olive, up=True)
    assert [row.sheet.title for row in desk_file(conference).rows] == ["B", "A"]
    sheets.remove_sheet(sheet_id=one.pk, actor=olive)
    assert [row.sheet.title for row in desk_file(conference).rows] == ["B"]
    assert readers_file(conference).rows == []


def test_documents_of_the_team_are_not_shown_to_readers(conference: Conference, olive: User) -> None:
    from tests.experts.test_information_access import make_document

    sheet = make_sheet(conference, olive)
    documents = [make_document(conference, audience) for audience in DocumentAudience]
    sheets.save_draft(sheet_id=sheet.pk, actor=olive, title="T", text=TEXT, chapter=None, documents=documents)
    draft = sheets.offer(sheet_id=sheet.pk, actor=olive)
    sheets.tick(sheet_id=sheet.pk, name="Luc", fingerprint=draft.fingerprint())
    sheets.publish_without_committee(sheet_id=sheet.pk, actor=olive, reason="R")
    information.open_to_everybody(conference=conference, actor=olive)
    page = Client().get(reverse("information:public_sheet", args=[conference.slug, sheet.pk]))
    assert [one.audience for one in page.context["read"].documents] == [DocumentAudience.PUBLIC]


def test_what_was_typed_stays_when_the_text_changed_meanwhile(
    conference: Conference, olive: User, committee: list[Membership]
) -> None:
    sheet = make_sheet(conference, olive)
    old = offered(sheet, olive).fingerprint()
    offered(sheet, olive, "Autre texte.")
    client = signed_in(committee[0].user)
    answer = client.post(
        reverse("information:sheet_sign", args=[conference.slug, sheet.pk]),
        {"fingerprint": old, "opinion": "objects", "reason": "Un chiffre est faux."},
    )
    assert answer.status_code == 422
    assert "Un chiffre est faux." in answer.content.decode()
