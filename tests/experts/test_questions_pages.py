"""The pages of questions and answers: what they say, what they keep of what was typed, what they cost."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.audiences import groups_of
from conference.enums import Role
from conference.mail.domain.delivery import prepare
from conference.mail.domain.kinds import ReasonGone
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Event, User
from experts.domain import questions as domain
from experts.domain.experts import answer
from experts.enums import Verdict
from experts.models import Ask, Expert, KeyQuestion
from experts.question_letters import _open_questions
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_expert
from tests.experts.test_questions import WORDS, in_days, put
from tests.factories import add_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def amine(conference: Conference) -> User:
    return add_member(conference, role=Role.FACILITATOR)


@pytest.fixture
def asked(conference: Conference, amine: User) -> list[KeyQuestion]:
    return [domain.add_question(conference_id=conference.pk, actor=amine, text=text) for text in WORDS]


@pytest.fixture
def speaker(conference: Conference) -> Expert:
    return make_expert(conference, first_name="Irène", last_name="Caumont", language="fr")


@pytest.fixture
def ask(conference: Conference, olive: User, asked: list[KeyQuestion], speaker: Expert) -> Ask:
    return put(conference, olive, (asked[0], speaker))[0]


def url(name: str, conference: Conference, *more: Any) -> str:
    return reverse(f"questions:{name}", args=[conference.slug, *more])


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, headers={"accept-language": "fr"})
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ")


# -- The list ----------------------------------------------------------------------------------------------------------
def test_a_facilitator_types_a_question_in(conference: Conference, amine: User) -> None:
    client = signed_in(amine)

    response = client.post(url("questions", conference), {"text": " Qui paie ? ", "explanation": ""}, follow=True)

    assert response.redirect_chain == [(url("questions", conference), 302)]
    assert list(KeyQuestion.objects.values_list("number", "text", "typed_by")) == [(1, "Qui paie ?", amine.pk)]


def test_too_long_a_question_is_told_and_kept(conference: Conference, amine: User) -> None:
    text = "Pourquoi ? " * 60

    response = signed_in(amine).post(url("questions", conference), {"text": text})

    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not KeyQuestion.objects.exists()


def test_who_only_looks_finds_no_form(conference: Conference, asked: list[KeyQuestion]) -> None:
    observer = signed_in(add_member(conference, role=Role.OBSERVER))
    said = page(observer, url("questions", conference))

    assert "Qui paie ?" in said
    assert '<form method="post" novalidate' not in said
    assert "Arrêter les questions" not in said


def test_each_state_says_its_next_step(
    conference: Conference, olive: User, asked: list[KeyQuestion], speaker: Expert, desk: Client
) -> None:
    steps = []

    def look() -> None:
        (sentence,) = page(desk, url("questions", conference)).split('class="state__sentence">')[1:]
        steps.append(sentence.split("</p>")[0].split(" au plus tard")[0].strip())

    look()
    domain.freeze(conference_id=conference.pk, actor=olive)
    look()
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(asked[0].pk, speaker.pk)])
    look()
    domain.put(conference_id=conference.pk, actor=olive, due_at=in_days(20))
    look()
    domain.hand_in(ask_id=Ask.objects.get().pk, expert=speaker, text="L’usager.")
    look()
    domain.publish_answers(conference_id=conference.pk, actor=olive)
    look()

    assert steps[:5] == [
        "3 questions, encore modifiables.",
        "Les questions sont arrêtées. Dites maintenant qui répond à laquelle.",
        "Posez les questions aux experts, avec une date pour leurs réponses écrites.",
        "1 réponse écrite est attendue",
        "Toutes les réponses sont remises : elles peuvent être publiées.",
    ]
    assert steps[5].startswith("Les réponses écrites ont été publiées le ")


def test_the_grid_and_the_day_in_the_browser(
    conference: Conference, olive: User, asked: list[KeyQuestion], speaker: Expert, desk: Client
) -> None:
    desk.post(url("freeze", conference))
    desk.post(url("assign", conference), {"pair": [f"{asked[0].pk}-{speaker.pk}", "x-y", "7-"]})
    refused = desk.post(url("put", conference), {"due_at": "2020-01-01T18:00"})
    assert refused.status_code == 422
    assert "2020-01-01T18:00" in refused.content.decode()
    assert not Message.objects.exists()

    day = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT18:00")
    assert desk.post(url("put", conference), {"due_at": day}).status_code == 302

    due = domain.state_of(conference).answers_due_at
    assert due is not None
    assert conference.local(due).strftime("%Y-%m-%dT%H:%M") == day  # on the conference's clock
    assert Message.objects.filter(kind=Kind.QUESTIONS_ASKED).count() == 1


def test_a_reason_with_a_sign_that_no_text_has_is_taken_without_it(
    conference: Conference, asked: list[KeyQuestion], desk: Client
) -> None:
    desk.post(url("freeze", conference))

    response = desk.post(url("reopen", conference), {"reason": "Mal\0 recopiée."})

    assert response.status_code == 302
    event = Event.objects.get(conference=conference, verb="questions.reopened")
    assert event.reason == "Mal recopiée."


# -- The expert's own pages --------------------------------------------------------------------------------------------
def answer_url(ask: Ask) -> str:
    return reverse("experts_questions:answer", args=[ask.pk])


def test_the_home_page_of_the_expert_says_what_is_to_do(ask: Ask, speaker: Expert) -> None:
    assert "Répondez par écrit à une question des citoyens." in page(browser_of(speaker), "/briefing/")


def test_an_expert_drafts_hands_in_and_takes_back(ask: Ask, speaker: Expert) -> None:
    client = browser_of(speaker)
    client.post(answer_url(ask), {"text": "L’us", "save": ""})
    assert "L’us" in page(client, answer_url(ask))
    assert "Continuer à écrire" in page(client, reverse("experts_questions:questions"))

    client.post(answer_url(ask), {"text": "L’usager, **pour moitié**.", "hand_in": ""})
    assert "<strong>pour moitié</strong>" in page(client, answer_url(ask))
    assert "Vous avez répondu à tout" in page(client, reverse("experts_questions:questions"))

    client.post(answer_url(ask), {"take_back": ""})
    ask.refresh_from_db()
    assert (ask.answer, ask.draft) == ("", "L’usager, **pour moitié**.")


def test_what_was_typed_is_not_lost_when_the_answers_were_published_meanwhile(
    conference: Conference, olive: User, ask: Ask, speaker: Expert
) -> None:
    other = make_expert(conference)
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(ask.question_id, other.pk)])
    domain.put(conference_id=conference.pk, actor=olive, due_at=in_days(30))
    domain.hand_in(ask_id=Ask.objects.get(expert=other).pk, expert=other, text="L’impôt.")
    domain.publish_answers(conference_id=conference.pk, actor=olive)

    response = browser_of(speaker).post(answer_url(ask), {"text": "L’usager, après réflexion.", "hand_in": ""})

    assert response.status_code == 422
    assert "L’usager, après réflexion." in response.content.decode()


def test_the_script_saves_a_draft_and_is_told_why_not(ask: Ask, speaker: Expert) -> None:
    client = browser_of(speaker)
    script = {"X-Fragment": "1"}

    saved = client.post(answer_url(ask), {"text": "L’us", "save": "1"}, headers=script)
    assert (saved.status_code, saved["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert saved.content.decode().startswith("Brouillon enregistré le ")
    too_long = client.post(answer_url(ask), {"text": "x" * 20_001, "save": "1"}, headers=script)
    assert too_long.status_code == 422
    domain.hand_in(ask_id=ask.pk, expert=speaker, text="L’usager.")
    late = client.post(answer_url(ask), {"text": "Autre", "save": "1"}, headers=script)
    assert (late.status_code, late.content.decode()) == (
        422,
        "Cette réponse est remise. Reprenez-la pour la modifier.",
    )
    ask.refresh_from_db()
    assert (ask.draft, ask.answer) == ("", "L’usager.")


def test_another_expert_and_an_unput_question_are_not_found(
    conference: Conference, olive: User, ask: Ask, asked: list[KeyQuestion], speaker: Expert
) -> None:
    assert browser_of(make_expert(conference)).get(answer_url(ask)).status_code == 404
    domain.assign(conference_id=conference.pk, actor=olive, pairs=[(asked[1].pk, speaker.pk)])
    planned = Ask.objects.get(question=asked[1])
    assert browser_of(speaker).get(answer_url(planned)).status_code == 404
    assert browser_of(speaker).post(answer_url(planned), {"text": "Oui", "hand_in": ""}).status_code == 404


# -- The hearing -------------------------------------------------------------------------------------------------------
def test_one_tap_or_a_typed_hour(conference: Conference, amine: User, ask: Ask) -> None:
    client = signed_in(amine)
    path = url("spoken", conference, ask.pk)
    client.post(path, {"spoken": "now"})
    ask.refresh_from_db()
    assert ask.spoken_at is not None

    client.post(path, {"typed": "1", "at": "2026-03-14T09:30"})
    ask.refresh_from_db()
    assert ask.spoken_at is not None
    assert conference.local(ask.spoken_at).strftime("%Y-%m-%d %H:%M") == "2026-03-14 09:30"
    coming = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT09:30")
    assert client.post(path, {"typed": "1", "at": coming}).status_code == 422
    client.post(path, {"spoken": "no"})
    ask.refresh_from_db()
    assert ask.spoken_at is None


def test_a_verdict_without_an_answer_is_refused_in_words(conference: Conference, amine: User, ask: Ask) -> None:
    response = signed_in(amine).post(url("cell", conference, ask.pk), {"verdict": "evaded", "note": "Rien de clair."})

    assert response.status_code == 422
    assert "Il n’y a pas encore de réponse" in response.content.decode()
    assert "Rien de clair." in response.content.decode()


# -- What everybody reads ----------------------------------------------------------------------------------------------
def test_the_public_reads_no_answer_before_all_are_published(
    conference: Conference, olive: User, ask: Ask, speaker: Expert
) -> None:
    domain.save_draft(ask_id=ask.pk, expert=speaker, text="Un brouillon à moi.")
    public = Client()
    assert "brouillon à moi" not in page(public, url("public", conference))
    domain.hand_in(ask_id=ask.pk, expert=speaker, text="L’usager paie déjà.")
    before = page(public, url("public", conference)) + page(public, url("public", conference) + "?as=csv")
    assert "usager" not in before
    assert "Réponse écrite ;" not in before

    domain.publish_answers(conference_id=conference.pk, actor=olive)

    assert "L’usager paie déjà." in page(public, url("public", conference))


def test_the_public_finds_the_questions_from_the_page_of_the_conference(
    conference: Conference, asked: list[KeyQuestion]
) -> None:
    said = page(Client(), reverse("public:conference", args=[conference.slug]))

    assert url("public", conference) in said
    assert "Qui paie ?" in said


def test_a_reason_for_opening_again_stands_until_frozen(
    conference: Conference, olive: User, asked: list[KeyQuestion]
) -> None:
    domain.freeze(conference_id=conference.pk, actor=olive)
    domain.reopen(conference_id=conference.pk, actor=olive, reason="Mal recopiée.")
    assert "Mal recopiée." in page(Client(), url("public", conference))
    domain.freeze(conference_id=conference.pk, actor=olive)
    assert "Mal recopiée." not in page(Client(), url("public", conference))


def test_the_file_for_a_spreadsheet(
    conference: Conference, olive: User, amine: User, ask: Ask, speaker: Expert, desk: Client
) -> None:
    other = make_expert(conference, first_name="=cmd", last_name="Dupré")
    domain.hand_in(ask_id=ask.pk, expert=speaker, text="=1+1")
    domain.give_verdict(
        ask_id=ask.pk, actor=amine, verdict=Verdict.CONTRADICTED, contradicted_by=other, note="Les chiffres."
    )

    response = desk.get(url("matrix", conference) + "?as=csv", headers={"accept-language": "fr"})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert response["Content-Disposition"] == f'attachment; filename="{conference.slug}-questions.csv"'
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Question"], row["Expert"], row["Réponse écrite"]) == ("Qui paie ?", "Irène Caumont", "Réponse écrite")
    assert (row["Contredit par"], row["Texte de la réponse"]) == ("'=cmd Dupré", "'=1+1")  # no formula


# -- Letters and audiences ---------------------------------------------------------------------------------------------
def letter(kind: Kind) -> Message:
    return Message.objects.filter(kind=kind).earliest("due_at", "pk")


def test_the_letter_lists_what_is_still_open_and_leads_to_the_page(
    conference: Conference, olive: User, asked: list[KeyQuestion], speaker: Expert
) -> None:
    one, _two = put(conference, olive, (asked[0], speaker), (asked[1], speaker))
    domain.hand_in(ask_id=one.pk, expert=speaker, text="L’usager.")

    content = _open_questions(letter(Kind.ANSWERS_DUE))

    assert content.placeholders["questions"] == "- Qui décide ?"
    client = Client()
    assert client.get(content.action_url.removeprefix("http://testserver")).status_code == 302
    prepared = prepare(letter(Kind.QUESTIONS_ASKED))
    assert prepared is not None
    assert not mail.outbox


def test_the_letter_loses_its_reason(conference: Conference, olive: User, ask: Ask, speaker: Expert) -> None:
    written = letter(Kind.QUESTIONS_ASKED)
    answer(expert_id=speaker.pk, accepts=False)

    with pytest.raises(ReasonGone):
        _open_questions(written)


def test_a_free_message_reaches_who_owes_an_answer(
    conference: Conference, olive: User, ask: Ask, speaker: Expert
) -> None:
    make_expert(conference)
    (group,) = [one for one in groups_of(conference) if one.key == "experts_owing"]
    assert [one.email for one in group.members()] == [speaker.email]
    domain.hand_in(ask_id=ask.pk, expert=speaker, text="L’usager.")
    assert "experts_owing" not in {one.key for one in groups_of(conference)}


# -- What the pages cost -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize(("name", "most"), [("questions", 7), ("assign", 6), ("matrix", 6), ("public", 4), ("own", 5)])
def test_the_number_of_queries_does_not_grow(
    conference: Conference, olive: User, desk: Client, asked: list[KeyQuestion], name: str, most: int, count: int
) -> None:
    experts = [make_expert(conference) for _ in range(count)]
    put(conference, olive, *[(question, expert) for question in asked for expert in experts])
    for expert in experts:
        domain.hand_in(ask_id=Ask.objects.filter(expert=expert)[0].pk, expert=expert, text="L’usager.")
    domain.publish_answers(conference_id=conference.pk, actor=olive)
    client = {"public": Client(), "own": browser_of(experts[0])}.get(name, desk)
    path = reverse("experts_questions:questions") if name == "own" else url(name, conference)
    client.get(path)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert len(queries) == most
