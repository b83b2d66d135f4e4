"""Who may have a text measured, what comes back, and that a text never becomes HTML."""

import pytest
from django.test import Client
from django.urls import reverse

from conference.enums import Role
from conference.models import Conference, User
from conference.plain import glossaries
from conference.plain.glossaries import Glossary, Term
from conference.plain_pages import LONGEST_TEXT
from experts.enums import ExpertState
from experts.models import Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_briefing
from tests.factories import add_member, make_user

TEXT = "Les PFAS <b>résistent</b>. La turbidité est mesurée."
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def url(conference: Conference) -> str:
    return reverse("plain:desk", args=[conference.slug])


@pytest.fixture(autouse=True)
def _no_glossary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glossaries, "_PROVIDERS", [])


@pytest.fixture
def _glossary(_no_glossary: None) -> None:
    """A room with a glossary registers itself; here one of two terms."""
    terms = (Term("turbidité", "/glossary/#turbidité"), Term("nappe phréatique", "/glossary/#nappe"))
    glossaries.register(lambda _conference: Glossary(terms, lambda word: f"/glossary/add/?word={word}"))


# -- Who ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_every_member_may_have_a_text_measured(conference: Conference, url: str, role: Role) -> None:
    client = signed_in(add_member(conference, role=role))
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": TEXT}).status_code == 200
    assert client.post(url, {"text": TEXT}, headers=FRAGMENT).status_code == 200


def test_a_stranger_finds_no_page(url: str, otto: User) -> None:
    for client in (signed_in(otto), signed_in(make_user(name="Nobody"))):
        assert (client.get(url).status_code, client.post(url, {"text": TEXT}).status_code) == (404, 404)


def test_the_public_is_asked_to_sign_in(url: str) -> None:
    assert (Client().get(url).status_code, Client().post(url, {"text": TEXT}).status_code) == (302, 302)


def test_an_expert_has_an_address_of_their_own_and_none_of_the_desk(irene: Expert, url: str) -> None:
    client = browser_of(irene)
    own = reverse("experts:plain")
    assert (client.get(own).status_code, client.post(own, {"text": TEXT}).status_code) == (200, 200)
    assert client.post(url, {"text": TEXT}).status_code == 302


@pytest.mark.parametrize("state", [ExpertState.ACCEPTED, ExpertState.INVITED])
def test_without_the_link_there_is_no_reading(irene: Expert, state: ExpertState) -> None:
    Expert.objects.filter(pk=irene.pk).update(state=state)
    own = reverse("experts:plain")
    assert (Client().get(own).status_code, Client().post(own, {"text": TEXT}).status_code) == (404, 404)


def test_a_post_without_the_token_is_refused(conference: Conference, url: str, olive: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olive)
    assert strict.post(url, {"text": TEXT}).status_code == 403


# -- What --------------------------------------------------------------------------------------------------------------
def test_the_fragment_says_what_to_mend_and_escapes_the_text(desk: Client, url: str) -> None:
    html = desk.post(url, {"text": TEXT}, headers=FRAGMENT).content.decode()
    assert "<html" not in html
    assert (
        '<mark class="plain-mark plain-mark--acronym">PFAS<small class="plain-mark__note">sigle</small></mark>' in html
    )
    assert "&lt;b&gt;résistent&lt;/b&gt;" in html
    assert "<b>" not in html


def test_a_script_in_the_text_stays_words(desk: Client, url: str) -> None:
    text = "La <script>alert(1)</script> \"turbidité' & <img src=x onerror=alert(1)> est mesurée."
    html = desk.post(url, {"text": text}, headers=FRAGMENT).content.decode()
    assert ("<script" in html, "<img" in html) == (False, False)


@pytest.mark.usefixtures("_glossary")
def test_the_glossary_is_one_click_away(desk: Client, url: str) -> None:
    text = "La turbidité de la nappe phréatique. Une écotoxicité."
    html = desk.post(url, {"text": text}, headers=FRAGMENT).content.decode()
    assert 'href="/glossary/#turbidité"' in html
    assert 'href="/glossary/#nappe"' in html
    assert 'href="/glossary/add/?word=écotoxicité"' in html
    assert "plain-mark--rare" not in html.replace('plain-mark--rare"><a href="/glossary/add/?word=écotoxicité"', "")


@pytest.mark.usefixtures("_glossary")
def test_who_may_not_add_a_word_finds_no_link_to_do_so(conference: Conference, url: str, irene: Expert) -> None:
    guarantor = signed_in(add_member(conference, role=Role.GUARANTOR))
    for client, address, linked in ((guarantor, url, True), (browser_of(irene), reverse("experts:plain"), False)):
        html = client.post(address, {"text": "La turbidité. Une écotoxicité."}, headers=FRAGMENT).content.decode()
        assert "/glossary/add/" not in html
        assert ('href="/glossary/#turbidité"' in html) is linked
        assert html.count("plain-mark--rare") == 1  # the glossary's word is not hard


def test_without_script_the_form_itself_is_posted(desk: Client, url: str) -> None:
    posted = {"title": "Un titre", "sheet-text": TEXT, "plain_field": "sheet-text"}
    page = desk.post(f"{url}?language=en", posted)
    assert page.status_code == 200
    assert (page.context["text"], page.context["text_language"]) == (TEXT, "en")


@pytest.mark.parametrize(("asked", "taken"), [("en", "en"), ("fr", "fr"), ("de", "fr"), ("", "fr")])
def test_a_language_that_is_not_ours_gives_way_to_the_conferences(
    desk: Client, url: str, asked: str, taken: str
) -> None:
    page = desk.post(url, {"text": TEXT, "plain_language": asked})
    assert page.context["text_language"] == taken


def test_a_text_beyond_measure_is_refused_in_words(desk: Client, url: str) -> None:
    most = desk.post(url, {"text": "a" * LONGEST_TEXT}, headers=FRAGMENT)
    more = desk.post(url, {"text": "a" * (LONGEST_TEXT + 1)}, headers=FRAGMENT)
    assert (most.status_code, more.status_code) == (200, 413)
    assert "notice-problem" in more.content.decode()


def test_nothing_to_measure(desk: Client, url: str) -> None:
    for text in ("", "   ", "!!!", "```\ncode\n```"):
        page = desk.post(url, {"text": text}, headers=FRAGMENT)
        assert (page.status_code, page.context["shown"]) == (200, None)


def test_the_editor_of_a_briefing_has_the_margin(desk: Client, olive: User, conference: Conference, url: str) -> None:
    briefing = make_briefing(conference, olive)
    html = desk.get(reverse("experts_desk:briefing_edit", args=[conference.slug, briefing.pk])).content.decode()
    assert f'data-plain data-field="id_text" data-name="text" data-url="{url}" data-language="fr"' in html
    assert f'formaction="{url}?language=fr"' in html
