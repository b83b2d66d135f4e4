"""Sentences and words: what ends one, what does not, and where they stand in the source."""

import pytest

from conference.plain.splitting import split


def sentences(text: str, language: str = "fr") -> list[str]:
    return [" ".join(text[one.start : one.end].split()) for one in split(text, language)[1]]


def words(text: str, language: str = "fr") -> list[str]:
    return [word.text for one in split(text, language)[1] for word in one.words]


@pytest.mark.parametrize(
    "text",
    [
        "M. Durand et Mme Petit sont venus.",
        "On peut, p. ex. Paris, nommer une ville.",
        "Voir l’art. 5 et la p. 12.",
        "Cela coûte 3.5 euros, soit env. 4 dollars.",
        "« Pourquoi pas ? » demande-t-elle.",
        "J.-P. Martin et A. B. Simon parlent.",
        "Des écrans, des livres, etc. et des jeux.",
        "Il hésite… puis il répond.",
    ],
)
def test_one_sentence_in_french(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "text", ["Dr. Smith met Mrs. Jones, e.g. Ann.", "It costs 3.5 dollars.", "The U.S. Senate met.", "“Why?” she asks."]
)
def test_one_sentence_in_english(text: str) -> None:
    assert sentences(text, "en") == [text]


def test_two_sentences() -> None:
    assert sentences("Il pleut. Je sors ! Pourquoi ? « Pour rien. » C’est dit.") == [
        "Il pleut.",
        "Je sors !",
        "Pourquoi ?",
        "« Pour rien. »",
        "C’est dit.",
    ]


def test_headings_items_and_rows_end_a_sentence() -> None:
    text = "# Un titre\nUn texte\nqui continue\n- un point\n- un autre **point**\n1. premier\n\n| a b | c |\n|---|---|\n> cité"
    assert sentences(text) == [
        "Un titre",
        "Un texte qui continue",
        "un point",
        "un autre **point",
        "premier",
        "a b | c",
        "cité",
    ]


def test_words_are_those_between_blanks() -> None:
    number = "1\N{NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000"
    text = f"L’eau d'aujourd’hui, peut-être 3,5 litres ou {number}, va-t-il à 10:30 ? L’ARNm et le CO2."
    before = ["L’eau", "d'aujourd’hui", "peut-être", "3,5", "litres", "ou"]
    assert words(text) == [*before, number, "va-t-il", "à", "10:30", "L’ARNm", "et", "le", "CO2"]


def test_markup_and_addresses_are_not_read() -> None:
    text = (
        "Un [lien utile](https://example.org/une/page) et **gras**, `code`, <b>html</b>, note[^1],\n"
        "voir https://example.org/x?a=b ou contact@example.org.\n\n```\ndu code. ici.\n```\n![une image](image.png)"
    )
    assert " ".join(words(text)) == "Un lien utile et gras code html note voir ou une image"


def test_blank_text_keeps_every_place() -> None:
    text = "## Le *titre*\n\n- un [lien](https://example.org) ici"
    bare, found = split(text, "fr")
    assert len(bare) == len(text)
    assert [text[word.start : word.end] for one in found for word in one.words] == ["Le", "titre", "un", "lien", "ici"]
