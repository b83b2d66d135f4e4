"""An organiser's own words: what is refused while writing, what is kept, and what they can never do."""

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from conference.mail.domain.kinds import Content, Text
from conference.mail.domain.places import EDITABLE, PLACES, examples, known
from conference.mail.domain.render import render, text_for
from conference.mail.domain.texts import Overtaken, default_text, latest, problems, text_in_force, tidy, write
from conference.mail.enums import Kind
from conference.mail.models import TextVersion
from conference.models import Conference, User
from tests.factories import make_conference, make_user
from tests.mail.test_render import Page

GOOD = Text(
    "Votre réponse avant le {deadline}", "Bonjour {first_name},\n\nAvant le {deadline} :\n\n{button}\n\nÀ bientôt"
)


def said(text: Text, kind: Kind = Kind.INVITATION, language: str = "en") -> list[tuple[str, str]]:
    with override("en"):
        return [(problem.field, problem.words) for problem in problems(kind, language, text)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", EDITABLE)
def test_nothing_is_wrong_with_what_comes_with_the_program(kind: Kind, language: str) -> None:
    assert said(default_text(kind, language), kind, language) == []


@pytest.mark.parametrize("kind", EDITABLE)
def test_every_place_of_a_default_text_is_known_and_explained(kind: Kind) -> None:
    assert {name for name in known(kind) if name not in PLACES} == set()
    assert set(examples(kind, "fr")) == set(known(kind)) - {"button"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"subject": ""}, [("subject", "Write a subject.")]),
        ({"subject": "Ouvrez {button}"}, [("subject", "{button} cannot stand in the subject.")]),
        ({"subject": "Avant le {deadlin}"}, [("subject", "There is no {deadlin} here. Do you mean {deadline}?")]),
        (
            {"body": GOOD.body.replace("first_name", "First name")},
            [("body", "There is no {First name} here. Do you mean {first_name}?")],
        ),
        (
            {"body": GOOD.body + " {zzzzz}"},
            [("body", "There is no {zzzzz} here. The list of places says which there are.")],
        ),
        (
            {"body": GOOD.body + " {reference}"},  # of another kind
            [("body", "There is no {reference} here. Do you mean {conference}?")],
        ),
        (
            {"body": GOOD.body + " {"},
            [("body", "A brace stands alone: the name of a place is written between two braces.")],
        ),
        (
            {"body": "Bonjour {first_name}, avant le {deadline}"},
            [("body", "{button} is missing: without it nobody can answer or open their page.")],
        ),
        (
            {"subject": "Répondez", "body": "Bonjour,\n\n{button}"},
            [("body", "{deadline} is missing: this message is no use without it.")],
        ),
        (
            {"body": GOOD.body.replace("\n\n{button}", " {button}")},
            [("body", "{button} needs a paragraph of its own: an empty line above it and one below.")],
        ),
        (
            {"body": GOOD.body.replace("{button}", "> {button}")},
            [("body", "{button} needs a paragraph of its own: an empty line above it and one below.")],
        ),
        ({"body": GOOD.body + "\n\n{button}"}, [("body", "{button} can stand only once.")]),
        (
            {"body": "```\n\n" + GOOD.body},  # what no rule foresees: the trial finds it
            [("body", "The button must stand in a paragraph of its own, once.")],
        ),
        ({"subject": "x" * 251 + "{deadline}"}, [("subject", "The subject is too long: 250 letters at most.")]),
    ],
)
def test_what_is_wrong_is_told_while_writing(changed: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert said(GOOD) == []

    assert said(Text(changed.get("subject", GOOD.subject), changed.get("body", GOOD.body))) == expected


def test_a_subject_is_one_line_and_nothing_invisible_is_kept() -> None:
    assert tidy("Un\r\nBcc: x@example.org\x00\u2028deux", "a \r\nb\x07\n\n") == Text(
        "Un Bcc: x@example.org deux", "a\nb"
    )


# -- Harmless ----------------------------------------------------------------------------------------------------------
UGLY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) ![p](https://evil.example/p.gif)"
    ' <a href="https://evil.example" onclick="x()">b</a> <style>*{}</style>'
)


def test_an_organiser_cannot_bring_html_scripts_or_pictures_into_a_letter() -> None:
    text = Text("<b>{deadline}</b><script>", f"# T\n\n{UGLY}\n\n{{button}}\n\n{{first_name}}".replace("{}", ""))
    values = {**examples(Kind.INVITATION, "fr"), "first_name": UGLY}
    content = Content(values, action_url="https://example.org/x", action_label='"><script>alert(1)</script>')

    html = render(Kind.INVITATION, "fr", content, text=text).html

    page = Page(html)  # looks for attributes that act or fetch
    assert set(page.tags) & {"script", "img", "b", "h1"} == set()
    assert page.tags.count("style") == 1  # ours
    assert set(page.links) == {"https://example.org/x"}
    assert ("<title>&lt;b&gt;" in html, "h2" in page.tags) == (True, True)


def test_values_bring_no_line_into_the_subject() -> None:
    text = Text("{first_name} {deadline}", GOOD.body)
    values = {**examples(Kind.INVITATION, "fr"), "first_name": "Eve\r\nBcc: all@example.org"}

    rendered = render(Kind.INVITATION, "fr", Content(values, action_url="https://e.org/", action_label="x"), text=text)

    assert rendered.subject.startswith("Eve Bcc: all@example.org ")
    assert "\n" not in rendered.subject


def test_plain_text_says_the_same_without_signs() -> None:
    text = Text("{deadline}", "## Titre\n\nUn *mot*, **fort**, [ici](https://example.org/a), 2*3*4\n\n{button}")
    content = Content(examples(Kind.INVITATION, "fr"), action_url="https://example.org/x", action_label="Lire")

    plain = render(Kind.INVITATION, "fr", content, text=text).text

    assert plain.startswith("Titre\n\nUn mot, fort, ici (https://example.org/a), 2*3*4\n\n")


# -- Versions ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def conference(db: None) -> Conference:
    return make_conference()


@pytest.fixture
def writer(db: None) -> User:
    return make_user()


def save(conference: Conference, writer: User, base: int, text: Text = GOOD) -> TextVersion | None:
    return write(
        conference_id=conference.pk, kind=Kind.INVITATION, language="fr", base=base, text=text, written_by=writer
    )


def test_the_last_version_is_in_force_in_its_conference_and_language_alone(
    conference: Conference, writer: User
) -> None:
    save(conference, writer, 0)
    other = Text(GOOD.subject, GOOD.body + " !")
    save(conference, writer, 1, other)

    assert text_in_force(conference.pk, Kind.INVITATION, "fr") == other
    assert text_in_force(conference.pk, Kind.INVITATION, "en") == default_text(Kind.INVITATION, "en")
    assert text_in_force(make_conference().pk, Kind.INVITATION, "fr") == default_text(Kind.INVITATION, "fr")
    assert text_in_force(None, Kind.INVITATION, "fr") == default_text(Kind.INVITATION, "fr")


def test_who_saves_second_on_the_same_ground_is_told(conference: Conference, writer: User) -> None:
    first = save(conference, writer, 0)

    with pytest.raises(Overtaken) as told:
        save(conference, writer, 0, Text(GOOD.subject, GOOD.body + " !"))

    assert told.value.current == first
    assert TextVersion.objects.count() == 1


def test_saving_the_same_twice_writes_one_version(conference: Conference, writer: User) -> None:
    save(conference, writer, 0)

    assert save(conference, writer, 0) is None
    assert TextVersion.objects.count() == 1


def test_the_programs_own_words_are_kept_as_such(conference: Conference, writer: User) -> None:
    save(conference, writer, 0)
    back = save(conference, writer, 1, Text(*text_for(Kind.INVITATION, "fr")))

    assert back is not None
    assert (back.is_default, back.number) == (True, 2)
    assert text_in_force(conference.pk, Kind.INVITATION, "fr") == default_text(Kind.INVITATION, "fr")


def test_the_database_refuses_to_change_a_version(conference: Conference, writer: User) -> None:
    save(conference, writer, 0)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        TextVersion.objects.update(subject="autre chose")
    kept = latest(conference.pk, Kind.INVITATION, "fr")
    assert kept is not None
    assert kept.subject == GOOD.subject
