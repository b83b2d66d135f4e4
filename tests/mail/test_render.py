"""Texts and what is put into them: complete, in both languages, harmless whatever a name contains."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conference.mail.domain.kinds import Content
from conference.mail.domain.render import BUTTON, TEXTS, TextError, blank_link, places, render, text_for
from conference.mail.enums import Kind

KINDS = [kind for kind in Kind if kind not in {Kind.ACCOUNT, Kind.FREE, Kind.TEST}]  # these bring their own words
LANGUAGES = ["fr", "en"]
LINK = "https://conference.example.org/i/AbC-dEf_123/"
COMMON = ["first_name", "conference", "question", "commissioner", "contact", "organiser"]
OWN: dict[Kind, list[str]] = {
    Kind.REGISTRATION_CONFIRM: ["deadline_confirm", "erase_on"],
    Kind.REGISTRATION_CONFIRMED: ["reference", "erase_on"],
    Kind.INVITATION: ["seat_dates", "deadline", "allowance", "support", "why", "chance"],
    Kind.CALL_UP: ["seat_dates", "deadline", "allowance", "support", "why", "chance"],
    Kind.INVITATION_REMINDER: ["seat_dates", "deadline", "allowance", "support", "why", "chance"],
    Kind.ACCEPTED: ["seat_dates", "deadline", "support"],
    Kind.DECLINED: ["deadline"],
    Kind.SESSION_REMINDER: ["session", "session_date", "place"],
    Kind.SESSION_CHANGED: ["session", "session_date", "place", "change"],
    Kind.NOT_DRAWN: ["pool", "seats", "erase_on"],
    Kind.THANKS: ["pledge", "erase_on"],
    Kind.EXPERT_PROGRAMME: ["number", "changes", "programme"],
    Kind.COMMITTEE_ASKED: ["waiting"],
    Kind.TEAM_PROGRAMME: ["number", "changes", "programme"],
    Kind.EXPERT_SESSION_CHANGED: ["session", "session_date", "place", "change", "sessions"],
    Kind.EXPERT_CODE: ["code", "minutes"],
    Kind.EXPERT_CLAIM: ["decision", "amount", "note"],
    Kind.EXPERT_THANKS: [],
    Kind.EXPERT_INVITATION: ["sessions", "deadline", "citizens"],
    Kind.EXPERT_ACCEPTED: ["sessions"],
    Kind.BRIEFING_CHANGED: ["briefing", "number", "change"],
    Kind.QUESTIONS_ASKED: ["questions", "deadline"],
    Kind.ANSWERS_DUE: ["questions", "deadline"],
    Kind.BRIEFING_REMINDER: ["briefing", "number", "published"],
    Kind.COLLEAGUE_ADDED: ["role", "added_by"],
    Kind.DRILL: ["number", "count"],
}


def content_for(kind: Kind, **changed: str) -> Content:
    """Each place filled with a word of its own; a link where the text has a button."""
    values = {name: f"x{name.replace('_', 'z')}x" for name in [*COMMON, *OWN[kind]]}
    has_button = BUTTON in places(text_for(kind, "fr")[1])
    return Content(
        {**values, **changed}, action_url=LINK if has_button else "", action_label="Ouvrir" if has_button else ""
    )


class Page(HTMLParser):
    """What a mail program would see: elements, their attributes, and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        assert not {name for name in found if name.startswith("on") or name in {"src", "background", "srcset"}}
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag == "html":
            self.language = found.get("lang") or ""

    def handle_data(self, data: str) -> None:
        self.words += data


def one_line(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_both_languages_and_both_forms(kind: Kind, language: str) -> None:
    content = content_for(kind)
    subject, body = text_for(kind, language)

    rendered = render(kind, language, content)

    page = Page(rendered.html)
    for name in places(body) - {BUTTON}:
        assert content.placeholders[name] in rendered.text
        assert content.placeholders[name] in page.words
    for name in places(subject):
        assert content.placeholders[name] in rendered.subject
    assert page.language == language
    assert not re.search(r"[{}*#]|\bNone\b", rendered.subject + rendered.text)
    assert rendered.text.count(LINK) == (1 if content.action_url else 0)
    assert page.links.count(LINK) == (2 if content.action_url else 0)  # the button, and the address in full


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_things(kind: Kind) -> None:
    french, english = (" ".join(text_for(kind, language)) for language in LANGUAGES)

    assert places(french) == places(english)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.CALL_UP, Kind.INVITATION_REMINDER])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_says_by_when_an_answer_is_needed(kind: Kind, language: str) -> None:
    assert "deadline" in places(text_for(kind, language)[0])


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.fr.md")), ids=lambda path: path.name)
def test_french_spaces_and_apostrophes(path: object) -> None:
    text = path.read_text(encoding="utf-8").removeprefix("Subject:")  # type: ignore[attr-defined]

    assert re.findall(r"(?: [:;?!»]|« |\w'\w|[^\s\u00a0:][?!])", text) == []


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.md")), ids=lambda path: path.name)
def test_every_text_belongs_to_a_kind(path: object) -> None:
    kind, language, _suffix = path.name.split(".")  # type: ignore[attr-defined]

    assert (kind in KINDS, language in LANGUAGES) == (True, True)


UGLY = (
    "**gras** <script>alert(1)</script> [ici](https://evil.example) ![p](https://evil.example/p.gif) {contact} &lt; `x`"
)


@example(name=UGLY)
@example(name="# Titre\n\n- liste\n> cité\n===\n---")
@example(name="https://evil.example <https://evil.example> \\*")
@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=80))
def test_nothing_in_a_name_becomes_markup(name: str) -> None:
    plain = Page(render(Kind.SESSION_REMINDER, "fr", content_for(Kind.SESSION_REMINDER, first_name="Ada")).html)
    content = content_for(Kind.SESSION_REMINDER, first_name=name, place=name)

    rendered = render(Kind.SESSION_REMINDER, "fr", content)

    page = Page(rendered.html)
    assert [tag for tag in page.tags if tag not in {"br", "p"}] == [tag for tag in plain.tags if tag not in {"br", "p"}]
    assert page.links == plain.links
    assert one_line(name) in one_line(page.words)
    assert name.strip() in rendered.text


def test_a_name_in_the_subject_stays_on_one_line() -> None:
    content = content_for(Kind.SESSION_REMINDER, session="Un\r\nBcc: someone@example.org")

    assert render(Kind.SESSION_REMINDER, "fr", content).subject.splitlines()[0].count("Bcc: someone@example.org") == 1


def test_organisers_markdown_brings_no_html_and_no_picture() -> None:
    dates = (
        "- **Samedi** : <img src=x> ![p](https://evil.example/p.gif) [carte](https://example.org/) [x](javascript:a)"
    )

    rendered = render(Kind.ACCEPTED, "fr", content_for(Kind.ACCEPTED, seat_dates=dates))

    page = Page(rendered.html)
    assert "img" not in page.tags
    assert [link for link in page.links if link != LINK] == ["https://example.org/"]


def test_a_place_without_a_value_is_an_error_that_names_it() -> None:
    content = content_for(Kind.DECLINED)
    lacking = Content({name: value for name, value in content.placeholders.items() if name != "contact"})

    with pytest.raises(TextError, match="contact"):
        render(Kind.DECLINED, "fr", lacking)


def test_a_button_without_a_link_and_a_link_without_a_button_are_errors() -> None:
    content = content_for(Kind.ACCEPTED)
    with pytest.raises(TextError, match="button"):
        render(Kind.ACCEPTED, "fr", Content(content.placeholders))
    with pytest.raises(TextError, match="link"):
        render(Kind.DECLINED, "fr", Content(content_for(Kind.DECLINED).placeholders, action_url=LINK, action_label="x"))


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(TextError, match="nonsense"):
        render("nonsense", "fr", Content({}))


def test_a_language_without_a_text_falls_back_to_french() -> None:
    assert text_for(Kind.DECLINED, "br") == text_for(Kind.DECLINED, "fr")


def test_what_is_empty_leaves_no_trace() -> None:
    with_all = render(Kind.INVITATION, "fr", content_for(Kind.INVITATION)).text
    without = render(Kind.INVITATION, "fr", content_for(Kind.INVITATION, allowance="", support="", chance="")).text

    assert "Ce que vous recevez" in with_all
    assert "Ce que vous recevez" not in without
    assert "probabilité" not in without
    assert "\n\n\n" not in without


def test_the_kept_copy_loses_every_occurrence_of_the_link() -> None:
    text = render(Kind.INVITATION, "en", content_for(Kind.INVITATION)).text

    assert LINK not in blank_link(text, LINK, "en")
    assert blank_link(text, LINK, "en").count("[your personal link]") == 1
