"""What opens an expert's page, what does not, and what an expert can do there."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.enums import DocumentAudience
from conference.links import make_token
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Item, Room, User
from experts.domain import experts as life
from experts.enums import ExpertState, Position
from experts.models import BriefingRead, Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, link, make_briefing, make_expert, make_part
from tests.factories import make_conference, make_criterion, make_session, make_volunteer

PAGE = "/briefing/"


def stand(expert: Expert) -> dict[str, Any]:
    """Everything that is stored of an expert, their answers, events and messages."""
    return {
        "expert": Expert.objects.filter(pk=expert.pk).values().get(),
        "reads": BriefingRead.objects.count(),
        "events": Event.objects.count(),
        "messages": Message.objects.count(),
    }


# -- The door ----------------------------------------------------------------------------------------------------------
def test_the_link_leaves_the_address_at_once(irene: Expert) -> None:
    client = Client()
    response = client.get(link(irene))
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert "no-store" in response["Cache-Control"]
    page = client.get(PAGE)
    assert (page.status_code, page.context["expert"]) == (200, irene)
    assert "no-store" in page["Cache-Control"]
    assert link(irene) not in page.content.decode()


def test_scanners_change_nothing(irene: Expert) -> None:
    before = stand(irene)
    client = Client()
    for _ in range(3):
        for path in (link(irene), PAGE, reverse("experts:answer"), reverse("experts:declare")):
            client.head(path)
            client.get(path)
    assert stand(irene) == before


def test_the_session_gets_a_new_key(irene: Expert) -> None:
    client = Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.get(link(irene))
    assert client.session.session_key != planted
    assert BrowserSession.objects.filter(session_key=planted).count() == 0


@pytest.mark.parametrize("kind", ["forged", "cut", "unknown", "citizen", "old"])
def test_a_link_that_is_not_the_present_one_opens_nothing(irene: Expert, olive: User, kind: str) -> None:
    path = {
        "forged": link(irene)[:-3] + "A/",
        "cut": link(irene)[:30] + "/",
        "unknown": reverse("experts:link", args=[make_token("expert", uuid.uuid4(), 1)]),
        "citizen": link(irene, scope="invitation"),
        "old": link(irene),
    }[kind]
    if kind == "old":
        life.renew_link(expert_id=irene.pk, actor=olive)
    client = Client()
    response = client.get(path)
    assert (response.status_code, response.templates[0].name) == (404, "experts/link/no_link.html")
    assert client.get(PAGE).status_code == 404
    # A dead link says whom to turn to; one that never lived cannot know.
    assert ("contact@example.org" in response.content.decode()) == (kind == "old")


def test_an_experts_link_opens_no_citizens_page_and_the_reverse(irene: Expert, conference: Conference) -> None:
    volunteer = make_volunteer(conference)
    experts_token = make_token("expert", irene.uuid, irene.link_version)
    assert Client().get(f"/i/{experts_token}/", follow=True).status_code == 404
    citizens_token = make_token("volunteer", volunteer.uuid, volunteer.link_version)
    assert Client().get(f"/e/{citizens_token}/").status_code == 404
    client = browser_of(irene)
    assert client.get(PAGE).status_code == 200
    assert client.get("/invitation/", follow=True).status_code == 404


def test_a_new_link_ends_the_browsers_that_the_old_one_opened(irene: Expert, olive: User) -> None:
    client = browser_of(irene)
    assert client.get(PAGE).status_code == 200
    life.renew_link(expert_id=irene.pk, actor=olive)
    assert client.get(PAGE).status_code == 404
    assert client.post(reverse("experts:answer"), {"answer": "accept"}).status_code == 404
    assert Expert.objects.get(pk=irene.pk).state == ExpertState.INVITED


def test_one_who_is_signed_in_is_told_what_the_link_is(irene: Expert, desk: Client, otto: User) -> None:
    response = desk.get(link(irene))
    assert (response.status_code, response.templates[0].name) == (200, "experts/link/signed_in.html")
    assert response.context["is_colleague"] is True
    assert desk.get(PAGE).status_code == 404
    other = signed_in(otto).get(link(irene))
    assert (other.status_code, other.context["is_colleague"], str(irene) in other.content.decode()) == (
        200,
        False,
        False,
    )
    assert desk.post(link(irene))["Location"] == PAGE
    assert desk.get(PAGE).status_code == 200


def test_asking_for_a_new_link_answers_alike_for_anybody(irene: Expert) -> None:
    answers = [
        Client().post(reverse("experts:new_link"), {"email": email}, HTTP_ACCEPT_LANGUAGE="fr")
        for email in (irene.email, "nobody@example.org")
    ]
    known, unknown = (response.content.decode() for response in answers)
    assert [response.status_code for response in answers] == [200, 200]
    assert _without_csrf(known) == _without_csrf(unknown)
    assert list(Message.objects.values_list("recipient_email", flat=True)) == [irene.email]


def _without_csrf(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]


def test_leaving_closes_the_page(irene: Expert) -> None:
    client = browser_of(irene)
    client.get(reverse("experts:leave"))
    assert client.get(PAGE).status_code == 200
    client.post(reverse("experts:leave"))
    assert client.get(PAGE).status_code == 404


# -- The answer --------------------------------------------------------------------------------------------------------
def test_accepting_declining_and_back(irene: Expert) -> None:
    client = browser_of(irene)
    states = []
    for answer in ("accept", "accept", "decline", "accept"):
        assert client.post(reverse("experts:answer"), {"answer": answer})["Location"] == PAGE
        states.append(Expert.objects.get(pk=irene.pk).state)
        assert client.get(PAGE).status_code == 200
    assert states == [ExpertState.ACCEPTED, ExpertState.ACCEPTED, ExpertState.WITHDRAWN, ExpertState.ACCEPTED]


def test_an_answer_needs_the_token_of_the_form(irene: Expert) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(link(irene))
    assert client.post(reverse("experts:answer"), {"answer": "accept"}).status_code == 403
    assert Expert.objects.get(pk=irene.pk).state == ExpertState.INVITED


def test_a_button_that_is_neither_changes_nothing(irene: Expert) -> None:
    browser_of(irene).post(reverse("experts:answer"), {"answer": "perhaps"})
    assert Expert.objects.get(pk=irene.pk).state == ExpertState.INVITED


def test_declaring(conference: Conference) -> None:
    expert = make_expert(conference)
    client = browser_of(expert)
    words = {"position": "against", "position_text": "Trop tôt.", "interests": "Aucun.", "phone": "06 00 00 00 00"}
    wrong = client.post(reverse("experts:declare"), {**words, "interests": ""})
    assert (wrong.status_code, wrong.context["declaration"]["position_text"].value()) == (422, "Trop tôt.")
    assert Expert.objects.get(pk=expert.pk).position == ""
    assert client.post(reverse("experts:declare"), words)["Location"] == PAGE
    stored = Expert.objects.get(pk=expert.pk)
    assert (stored.position, stored.interests, stored.phone) == (Position.AGAINST, "Aucun.", "06 00 00 00 00")


def test_what_an_organiser_noted_is_not_yet_a_declaration(conference: Conference) -> None:
    noted = make_expert(conference, position=Position.AGAINST, position_text="Trop tôt.", interests="")
    assert not browser_of(noted).get(reverse("experts:declare")).context["declared"]


# -- What they read ----------------------------------------------------------------------------------------------------
def test_the_programme_names_who_speaks_before_and_after(conference: Conference) -> None:
    session = make_session(conference)
    names = ["Avant", "Moi", "Après", "Refusé"]
    experts = [make_expert(conference, last_name=name) for name in names]
    Expert.objects.filter(pk=experts[3].pk).update(state=ExpertState.DECLINED)
    for number, expert in enumerate(experts):
        make_part(expert, session, starts_at=session.starts_at + timedelta(minutes=[0, 40, 80, 60][number]))
    item = browser_of(experts[1]).get(PAGE).context["programme"][0]
    assert (item["before"].expert, item["after"].expert) == (experts[0], experts[2])


def test_the_running_order_says_who_speaks_together_and_one_is_nobodys_own_neighbour(conference: Conference) -> None:
    session = make_session(conference)
    before, mine, beside, after = (make_expert(conference, last_name=name) for name in ("A", "B", "C", "D"))
    room = Room.objects.create(conference=conference, name="Grande salle")
    order = [("Ouverture", [before]), ("Débat", [mine, beside]), ("Questions", [mine]), ("Clôture", [after])]
    for number, (title, speakers) in enumerate(order):
        start = session.starts_at + timedelta(minutes=20 * number)
        item = Item.objects.create(session=session, title=title, starts_at=start, minutes=20, room=room)
        for speaker in speakers:
            make_part(speaker, session, item=item, starts_at=start)
    found = browser_of(mine).get(reverse("experts:speaking")).context["programme"]
    names = [
        (
            one["before"].expert.last_name,
            [other.expert.last_name for other in one["beside"]],
            one["after"].expert.last_name,
        )
        for one in found
    ]
    assert names == [("A", ["C"], "D"), ("C", [], "D")]
    assert found[0]["item"].room == room


def test_the_citizens_are_described_and_never_named(conference: Conference, irene: Expert) -> None:
    make_criterion(conference, "Âge", [("18-24", 1, 2), ("25-64", 10, 14)])
    volunteer = make_volunteer(conference, {"Âge": "18-24"}, first_name="Zéphyrine", last_name="Quatremer")
    html = browser_of(irene).get(PAGE).content.decode()
    assert "18 citoyens" in html
    assert "âge" in html
    for secret in ("Zéphyrine", "Quatremer", volunteer.reference):
        assert secret not in html


def test_the_newest_version_is_read_and_ticked(conference: Conference, olive: User, irene: Expert) -> None:
    briefing = make_briefing(conference, olive, "Premier texte.", "Deuxième texte.")
    client = browser_of(irene)
    html = client.get(PAGE).content.decode()
    assert ("Deuxième texte." in html, "Premier texte." in html) == (True, False)
    client.get(reverse("experts:mark_read", args=[briefing.pk, 2]))
    assert BriefingRead.objects.count() == 0
    client.post(reverse("experts:mark_read", args=[briefing.pk, 2]))
    assert list(BriefingRead.objects.values_list("expert", "version__number")) == [(irene.pk, 2)]
    assert client.get(PAGE).context["briefings"][0]["is_read"] is True


def test_a_briefing_for_somebody_else_is_neither_shown_nor_ticked(
    conference: Conference, olive: User, irene: Expert
) -> None:
    briefing = make_briefing(conference, olive, "Pour un autre.", expert=make_expert(conference))
    client = browser_of(irene)
    assert "Pour un autre." not in client.get(PAGE).content.decode()
    assert client.post(reverse("experts:mark_read", args=[briefing.pk, 1])).status_code == 404
    assert BriefingRead.objects.count() == 0


def test_whoever_has_declined_reads_no_briefing(conference: Conference, olive: User, irene: Expert) -> None:
    make_briefing(conference, olive, "Entre nous.")
    client = browser_of(irene)
    assert "Entre nous." in client.get(PAGE).content.decode()
    client.post(reverse("experts:answer"), {"answer": "decline"})
    assert "Entre nous." not in client.get(PAGE).content.decode()


def make_document(conference: Conference, audience: DocumentAudience) -> Document:
    document = Document(
        conference=conference,
        title="Note",
        filename="note.pdf",
        content_type="application/pdf",
        size=4,
        audience=audience,
    )
    document.file.save("note.pdf", ContentFile(b"%PDF"))
    return document


@pytest.mark.parametrize(
    ("audience", "attached_to", "status"),
    [
        (DocumentAudience.PUBLIC, "nobody", 200),
        (DocumentAudience.EXPERTS, "nobody", 200),
        (DocumentAudience.EXPERTS, "me", 200),
        (DocumentAudience.EXPERTS, "another", 404),
        (DocumentAudience.PANEL, "me", 200),
        (DocumentAudience.PANEL, "nobody", 404),
        (DocumentAudience.TEAM, "me", 404),
    ],
)
def test_documents(
    conference: Conference, olive: User, irene: Expert, audience: DocumentAudience, attached_to: str, status: int
) -> None:
    document = make_document(conference, audience)
    if attached_to != "nobody":
        expert = irene if attached_to == "me" else make_expert(conference)
        make_briefing(conference, olive, "Lire la note.", expert=expert).documents.add(document)
    path = reverse("experts:document", args=[document.uuid])
    response = browser_of(irene).get(path)
    assert response.status_code == status
    if status == 200:
        assert (response.getvalue(), response["Content-Type"]) == (b"%PDF", "application/pdf")
        assert response["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert Client().get(path).status_code == 404
    assert browser_of(make_expert(make_conference())).get(path).status_code == 404


def test_the_calendar_holds_their_sessions_only(conference: Conference, irene: Expert) -> None:
    mine, other = make_session(conference, title="La mienne"), make_session(conference, title="Une autre")
    make_part(irene, mine)
    make_part(irene, mine, subject="Une deuxième fois")
    make_part(make_expert(conference), other)
    response = browser_of(irene).get(reverse("experts:calendar"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert [line for line in lines if line.startswith("UID")] == [f"UID:{mine.uid}@concitoyen"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_speaks_the_experts_language_until_they_choose(conference: Conference, language: str) -> None:
    expert = make_expert(conference, language=language)
    client = browser_of(expert)
    assert client.get(PAGE)["Content-Language"] == language
    other = "en" if language == "fr" else "fr"
    client.post(reverse("set_language"), {"language": other})
    assert client.get(PAGE)["Content-Language"] == other


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_page_asks_the_database_the_same_number_of_times(
    conference: Conference, olive: User, irene: Expert, item_count: int
) -> None:
    for _ in range(item_count):
        session = make_session(conference, datetime.fromisoformat("2027-01-16T08:00:00Z"))
        make_part(irene, session, starts_at=session.starts_at)
        make_part(make_expert(conference), session, starts_at=session.starts_at)
        make_briefing(conference, olive, "Un.", "Deux.").documents.add(
            make_document(conference, DocumentAudience.EXPERTS)
        )
    client = browser_of(irene)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(PAGE).status_code == 200
    assert len(queries) == 11, "\n".join(query["sql"][:160] for query in queries)


def test_messages_of_the_acts_are_written_once(irene: Expert) -> None:
    client = browser_of(irene)
    for _ in range(2):
        client.post(reverse("experts:answer"), {"answer": "accept"})
    assert list(Message.objects.values_list("kind", "recipient_email")) == [(Kind.EXPERT_ACCEPTED, irene.email)]


def test_an_hour_that_a_moved_session_left_behind_is_not_announced(conference: Conference, irene: Expert) -> None:
    session = make_session(conference)
    part = make_part(irene, session, starts_at=session.starts_at + timedelta(minutes=40))
    client = browser_of(irene)
    assert client.get(PAGE).context["programme"][0]["speaks"].startswith("à partir de")
    part.session.starts_at += timedelta(days=1)
    part.session.ends_at += timedelta(days=1)
    part.session.save()
    assert client.get(PAGE).context["programme"][0]["speaks"].startswith("20 minutes")
