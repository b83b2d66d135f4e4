"""Pages that are made once and filled for each: nobody reads another's words, and values stay text wherever they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.mail.domain.kinds import Content, Text
from conference.mail.domain.render import TextError, render
from conference.mail.enums import Kind
from tests.mail.test_render import Page, one_line

LINK = "https://conference.example.org/i/AbC-dEf_123/"
NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), max_size=60)


def page_of(body: str, *, link: str = "", leave: str = "", language: str = "fr", **values: str) -> str:
    label = "Ouvrir" if link else ""
    content = Content(values, from_name=values.get("sender", ""), action_url=link, action_label=label, leave_url=leave)
    return render(Kind.FREE, language, content, text=Text("Pour {who}", body)).html


@given(st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=4))
def test_each_reads_their_own_words_and_only_these(people: list[tuple[str, str]]) -> None:
    for number, (who, place) in enumerate(people):
        link = f"https://conference.example.org/i/{number}/"
        page = Page(page_of("Bonjour {who},\n\nvoici {place}.\n\n{button}", who=who, place=place, link=link))

        assert one_line(f"Bonjour {who.strip()}") in one_line(page.words) or not who.strip()
        assert one_line(f"voici {place.strip()}") in one_line(page.words) or not place.strip()
        assert set(page.links) == {link}


@pytest.mark.parametrize(
    ("contact", "links"),
    [
        ("ada@example.org", ["mailto:ada@example.org"]),
        ("x) <img src=x> [y](https://evil.example/", ["mailto:x"]),
        ('"><script>', []),
    ],
)
def test_a_place_in_the_address_of_a_link_is_cleaned_with_its_value(contact: str, links: list[str]) -> None:
    for _time in range(2):
        html = page_of("Bonjour {who}, [écrivez](mailto:{contact}) ou dites-le.", who="Ada", contact=contact)

        page = Page(html)
        assert not {"img", "script"} & set(page.tags)
        assert [link for link in page.links if "evil" in link] == []
        assert page.links in (links, [f"mailto:{contact}"], []) or page.links[0].startswith("mailto:")


def test_a_value_is_never_searched_for_places_or_for_marks() -> None:
    page = Page(page_of("Bonjour {who}, voici {place}.", who="{place}", place="{who} {button} n0n n1n"))

    assert "Bonjour {place}, voici {who} {button} n0n n1n." in one_line(page.words)


def test_an_empty_place_leaves_its_line_out_for_one_and_not_for_the_next() -> None:
    body = "Bonjour {who}.\n\nUne indemnité : {allowance}\n\nAu revoir."

    assert "indemnité" in page_of(body, who="Ada", allowance="90 €")
    assert "indemnité" not in page_of(body, who="Ada", allowance="")
    assert "indemnité" in page_of(body, who="Zoé", allowance="80 €")


def test_the_language_and_the_way_to_leave_are_each_reader_s_own() -> None:
    french = page_of("Bonjour {who}", who="Ada", leave="https://example.org/fr")
    english = page_of("Bonjour {who}", who="Ada", leave="https://example.org/en", language="en")
    staying = page_of("Bonjour {who}", who="Ada")

    assert ('lang="fr"' in french, 'lang="en"' in english) == (True, True)
    assert Page(french).links == ["https://example.org/fr"]
    assert Page(english).links == ["https://example.org/en"]
    assert Page(staying).links == []


def test_line_breaks_of_every_kind_are_line_breaks() -> None:
    for ending in ("\n", "\r\n", "\r"):
        assert "12 rue des Tilleuls<br>\nLyon" in page_of("{who}", who=f"12 rue des Tilleuls{ending}Lyon")


def test_a_button_within_a_sentence_is_refused_each_time() -> None:
    for _time in range(2):
        with pytest.raises(TextError):
            page_of("Cliquez {button} ici, {who}.", who="Ada", link=LINK)
