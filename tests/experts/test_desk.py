"""The organiser's pages: who sees them, who may change what, and how many queries they cost."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.mail.models import Message
from conference.models import Conference, Event, User
from experts.enums import ExpertState
from experts.models import Briefing, BriefingVersion, Contribution, Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import make_briefing, make_expert, make_part, write
from tests.factories import make_conference, make_session

EXPERT = {
    "first_name": "Paul",
    "last_name": "Roux",
    "email": "paul@example.org",
    "language": "fr",
    "proposed_by": "organiser",
}


def desk_url(name: str, conference: Conference, *args: object) -> str:
    return reverse(f"experts_desk:{name}", args=[conference.slug, *args])


# -- Who may see, who may act: the same requests by each ---------------------------------------------------------------
def pages_and_acts(
    conference: Conference, olive: User, expert: Expert
) -> tuple[list[str], list[tuple[str, dict[str, str]]]]:
    """Every address to look at, and every act with what it needs."""
    session = make_session(conference)
    part = make_part(expert, session)
    briefing = make_briefing(conference, olive, "Un.", "Deux.")
    write(briefing, olive, "Trois.")
    pages = [
        desk_url("experts", conference),
        desk_url("expert", conference, expert.pk),
        desk_url("briefing", conference, briefing.pk),
        desk_url("version", conference, briefing.pk, 2),
    ]
    contribution = {"session": str(session.pk), "minutes": "15", "question_minutes": "10", "subject": "Autre"}
    acts = [
        (desk_url("expert_add", conference), EXPERT),
        (desk_url("expert_edit", conference, expert.pk), {**EXPERT, "email": expert.email}),
        (desk_url("renew_link", conference, expert.pk), {}),
        (desk_url("record_answer", conference, expert.pk), {"answer": "decline", "reason": "Par téléphone."}),
        (desk_url("invite", conference, expert.pk), {}),
        (desk_url("contribution_add", conference, expert.pk), contribution),
        (desk_url("contribution_edit", conference, part.pk), {**contribution, "subject": "Changé"}),
        (desk_url("contribution_remove", conference, part.pk), {}),
        (desk_url("briefing_add", conference), {"title": "Un cadre", "expert": ""}),
        (desk_url("briefing_publish", conference, briefing.pk), {"change_note": "Plus court."}),
        (desk_url("briefing_edit", conference, briefing.pk), {"title": "Cadre", "text": "Quatre."}),
    ]
    return pages, acts


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Expert, Contribution, Briefing, BriefingVersion, Message, Event))


def test_an_organiser_sees_and_acts(conference: Conference, olive: User, irene: Expert, desk: Client) -> None:
    pages, acts = pages_and_acts(conference, olive, irene)
    assert [desk.get(page).status_code for page in pages] == [200] * len(pages)
    for path, data in acts:
        before = Event.objects.count()
        assert (path, desk.post(path, data).status_code) == (path, 302)
        if "edit" not in path or "experts" in path:
            assert (path, Event.objects.count()) > (path, before)


def test_a_reader_sees_and_cannot_act(conference: Conference, olive: User, irene: Expert, reader: Client) -> None:
    pages, acts = pages_and_acts(conference, olive, irene)
    assert [reader.get(page).status_code for page in pages] == [200] * len(pages)
    before = counts()
    assert [reader.post(path, data).status_code for path, data in acts] == [404] * len(acts)
    assert counts() == before
    assert '<form method="post"' not in reader.get(pages[1]).content.decode().split("<main", 1)[1]


def test_the_organiser_of_another_conference_finds_nothing(
    conference: Conference, olive: User, irene: Expert, otto: User
) -> None:
    pages, acts = pages_and_acts(conference, olive, irene)
    other = signed_in(otto)
    before = counts()
    assert [other.get(page).status_code for page in pages] == [404] * len(pages)
    assert [other.post(path, data).status_code for path, data in acts] == [404] * len(acts)
    assert counts() == before


def test_their_own_conference_does_not_open_another_ones_rows(
    conference: Conference, olive: User, irene: Expert, otto: User
) -> None:
    """The slug is theirs, the number is not."""
    mine = Conference.objects.get(memberships__user=otto)
    pages, acts = pages_and_acts(conference, olive, irene)
    swapped = [(path.replace(conference.slug, mine.slug), data) for path, data in acts]
    foreign = [(path, data) for path, data in swapped if any(part.isdigit() for part in path.split("/"))]
    assert len(foreign) == 9
    other = signed_in(otto)
    assert [other.post(path, data).status_code for path, data in foreign] == [404] * 9
    assert [other.get(page.replace(conference.slug, mine.slug)).status_code for page in pages] == [200, 404, 404, 404]


def test_a_stranger_is_asked_to_sign_in(conference: Conference, irene: Expert) -> None:
    response = Client().get(desk_url("experts", conference))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_acts_need_a_post(conference: Conference, irene: Expert, desk: Client) -> None:
    before = counts()
    for name in ("invite", "renew_link"):
        assert desk.get(desk_url(name, conference, irene.pk)).status_code == 405
    assert counts() == before


def test_contact_is_for_those_who_may_see_people(
    conference: Conference, olive: User, irene: Expert, reader: Client
) -> None:
    Expert.objects.filter(pk=irene.pk).update(phone="06 11 11 11 11")
    page = reader.get(desk_url("expert", conference, irene.pk))
    may = page.context["may_view_people"]
    html = page.content.decode()
    assert (irene.email in html, "06 11 11 11 11" in html) == (may, may)


# -- Forms -------------------------------------------------------------------------------------------------------------
def test_the_same_address_twice_is_said_beside_the_form(conference: Conference, irene: Expert, desk: Client) -> None:
    response = desk.post(desk_url("expert_add", conference), {**EXPERT, "email": irene.email.upper()})
    assert (response.status_code, response.context["form"]["first_name"].value()) == (422, "Paul")
    assert Expert.objects.count() == 1
    elsewhere = make_conference(Conference.objects.get(pk=conference.pk).memberships.get().user)
    assert desk.post(desk_url("expert_add", elsewhere), {**EXPERT, "email": irene.email}).status_code == 302


def test_hours_are_on_the_conferences_clock(conference: Conference, irene: Expert, desk: Client) -> None:
    """Summer in Paris: 10:15 there is 08:15 UTC; on the page it is 10:15 again."""
    session = make_session(conference, datetime.fromisoformat("2027-06-12T07:00:00Z"))
    data = {"session": session.pk, "minutes": "15", "question_minutes": "10", "starts_at": "2027-06-12T10:15"}
    assert desk.post(desk_url("contribution_add", conference, irene.pk), data).status_code == 302
    part = Contribution.objects.get()
    assert part.starts_at == datetime.fromisoformat("2027-06-12T08:15:00Z")
    html = desk.get(desk_url("contribution_edit", conference, part.pk)).content.decode()
    assert 'value="2027-06-12T10:15"' in html


def test_nobody_speaks_outside_the_session_or_in_another_conferences(
    conference: Conference, irene: Expert, desk: Client
) -> None:
    session = make_session(conference, datetime.fromisoformat("2027-06-12T07:00:00Z"))
    foreign = make_session(make_conference())
    data = {"minutes": "15", "question_minutes": "10"}
    path = desk_url("contribution_add", conference, irene.pk)
    late = desk.post(path, {**data, "session": session.pk, "starts_at": "2027-06-12T19:00"})
    assert (late.status_code, list(late.context["form"].errors)) == (422, ["starts_at"])
    strange = desk.post(path, {**data, "session": foreign.pk})
    assert (strange.status_code, list(strange.context["form"].errors)) == (422, ["session"])
    assert Contribution.objects.count() == 0


def test_the_preview_shows_and_saves_nothing(conference: Conference, olive: User, desk: Client) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    path = desk_url("briefing_edit", conference, briefing.pk)
    response = desk.post(path, {"title": "Cadre", "text": "**Deux**", "preview": "1"})
    assert (response.status_code, response.context["preview"]) == (200, "<p><strong>Deux</strong></p>\n")
    assert response.context["form"]["text"].value() == "**Deux**"
    assert list(BriefingVersion.objects.values_list("text", flat=True)) == ["Un.\n"]
    desk.post(path, {"title": "Cadre", "text": "**Deux**", "save": "1"})
    assert list(BriefingVersion.objects.filter(published_at=None).values_list("text", flat=True)) == ["**Deux**\n"]


def test_an_older_version_stays_readable_with_its_difference(conference: Conference, olive: User, desk: Client) -> None:
    briefing = make_briefing(conference, olive, "Vous parlez vingt minutes.", "Vous parlez quinze minutes.")
    first = desk.get(desk_url("version", conference, briefing.pk, 1)).content.decode()
    assert ("vingt minutes" in first, "quinze" in first, "<ins>" in first) == (True, False, False)
    second = desk.get(desk_url("version", conference, briefing.pk, 2)).content.decode()
    assert ("<del>" in second, "<ins>" in second) == (True, True)
    assert desk.get(desk_url("version", conference, briefing.pk, 3)).status_code == 404


def test_publishing_twice_from_two_windows_makes_one_version(conference: Conference, olive: User, desk: Client) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    write(briefing, olive, "Deux.")
    path = desk_url("briefing_publish", conference, briefing.pk)
    assert [desk.post(path, {"change_note": "Court."}).status_code for _ in range(2)] == [302, 404]
    assert BriefingVersion.objects.published().count() == 2


# -- What pages cost ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3, 30])
@pytest.mark.parametrize(("name", "expected"), [("experts", 13), ("expert", 17), ("briefing", 9)])
def test_query_counts(
    conference: Conference, olive: User, desk: Client, name: str, expected: int, item_count: int
) -> None:
    for _ in range(item_count):
        expert = make_expert(conference, ExpertState.ACCEPTED)
        session = make_session(conference)
        make_part(expert, session, starts_at=session.starts_at + timedelta(minutes=5))
        briefing = make_briefing(conference, olive, "Un.", "Deux.")
    args = {"experts": [], "expert": [expert.pk], "briefing": [briefing.pk]}[name]
    path = desk_url(name, conference, *args)
    desk.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(path).status_code == 200
    assert len(queries) == expected, "\n".join(query["sql"][:200] for query in queries)
