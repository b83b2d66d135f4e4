"""Syllables counted by the rules, against counts made by hand."""

import pytest

from conference.plain.syllables import syllables

# By number of syllables, as a careful speaker says them.
FRENCH = {
    1: "eau eaux l’eau j’ai d’un les que qui trois rue vie joie ville banque langue fruit pluie œuf œil feuille parle"
    " parlent vient tient vent dent août est pas fille train pied lieu mangent genre ADN 2027 3,5",
    2: "station nation panneau parler était avait étaient souvent client pays travail accueil voyage après gentil moyen"
    " chaos naïf maïs poète pigeon Europe peut-être vais-je génome pompier théâtre",
    3: "citoyen énergie réunion février ouvrier étudier évalue samedi animal recyclage océan piloter société"
    " aujourd’hui évaluer situation génétique",
    4: "aéroport européen communauté industriel géographie démocratie réparation",
}
ENGLISH = {
    1: "a the don't we're town rule rules asked tired heard screen eyes goes clean cleaned DNA 2027",
    2: "water table tables wanted boxes nation patient being going science reuse people statement safely quiet changes",
    3: "citizen radio idea nuclear energy media area audience piano actual management serious",
    4: "material reality evaluate january society variety radiation scientific",
}


def _cases(table: dict[int, str]) -> list[tuple[str, int]]:
    return [(word, count) for count, words in table.items() for word in words.split()]


@pytest.mark.parametrize(("word", "count"), _cases(FRENCH))
def test_french_syllables(word: str, count: int) -> None:
    assert syllables(word, "fr") == count


@pytest.mark.parametrize(("word", "count"), _cases(ENGLISH))
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word, "en") == count
