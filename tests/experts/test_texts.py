"""Markdown that may stand on a page, and what changed between two texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.differences import compare
from experts.markdown import TAGS, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Le cadre", "<h3>Le cadre</h3>\n"),
        ("## Seul", "<h3>Seul</h3>\n"),
        ("### Bas\n# Haut", "<h5>Bas</h5>\n<h3>Haut</h3>\n"),
        ("# Haut\n###### Loin", "<h3>Haut</h3>\n<h6>Loin</h6>\n"),
        ("**vingt** minutes", "<p><strong>vingt</strong> minutes</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[ici](javascript:alert)", "<p>[ici](javascript:alert)</p>\n"),
        ("![pixel](https://example.org/p.gif)", "<p></p>\n"),
        (
            "[ici](https://example.org)",
            '<p><a href="https://example.org" rel="noopener noreferrer nofollow">ici</a></p>\n',
        ),
    ],
)
def test_markdown(text: str, html: str) -> None:
    assert to_html(text) == html


def test_headings_stand_below_those_of_the_page() -> None:
    assert to_html("# Le cadre", top=4) == "<h4>Le cadre</h4>\n"


@given(st.text())
def test_no_text_brings_another_tag(text: str) -> None:
    tags = set(re.findall(r"<\s*/?\s*(\w+)", to_html(text)))
    assert tags <= TAGS


def test_a_changed_word_is_marked_within_its_paragraph() -> None:
    (changed,) = compare("Vous parlez vingt minutes.", "Vous parlez quinze minutes.")
    assert changed.kind == "changed"
    assert [(piece.kind, piece.text) for piece in changed.pieces] == [
        ("same", "Vous parlez "),
        ("removed", "vingt"),
        ("added", "quinze"),
        ("same", " minutes."),
    ]


def test_a_paragraph_that_comes_and_one_that_goes() -> None:
    kinds = [paragraph.kind for paragraph in compare("Un.\n\nDeux.", "Un.\n\nDeux.\n\nTrois.")]
    assert kinds == ["same", "same", "added"]
    kinds = [paragraph.kind for paragraph in compare("Un.\n\nDeux.", "Deux.")]
    assert kinds == ["removed", "same"]


WORDS = st.text(alphabet="ab \n", max_size=60)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_difference(before: str, after: str) -> None:
    pieces = [piece for paragraph in compare(before, after) for piece in paragraph.pieces]
    old = "".join("".join(piece.text.split()) for piece in pieces if piece.kind != "added")
    new = "".join("".join(piece.text.split()) for piece in pieces if piece.kind != "removed")
    assert (old, new) == ("".join(before.split()), "".join(after.split()))
