"""What is marked, what is not, and that marks lie where they should for any text at all."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.plain import LANGUAGES, Kind, Reading, measure
from conference.plain.listed import listed
from tests.conference.plain.paragraphs import ENGLISH_HARD, ENGLISH_PLAIN, FRENCH_HARD, FRENCH_PLAIN


def marked(text: str, kind: Kind, language: str = "fr", glossary: tuple[str, ...] = ()) -> list[str]:
    return [text[mark.start : mark.end] for mark in measure(text, language, glossary).marks if mark.kind == kind]


# -- Sentences ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("count", "kinds"), [(24, []), (25, ["long"]), (34, ["long"]), (35, ["very_long"])])
def test_long_sentences(count: int, kinds: list[str]) -> None:
    text = " ".join(["mot"] * count) + ". Fin."
    reading = measure(text, "fr")
    assert [mark.kind for mark in reading.marks] == kinds
    assert [(mark.start, mark.end, mark.count) for mark in reading.marks] == [(0, text.index(" Fin"), count)] * len(
        kinds
    )
    assert (reading.longest_sentence, reading.mean_sentence) == (count, (count + 1) / 2)


def test_a_chain_of_clauses() -> None:
    text = "Le maire, qui sait que la ville dont il parle a soif, agit. Il agit."
    assert marked(text, Kind.NESTED) == ["Le maire, qui sait que la ville dont il parle a soif, agit."]


# -- Rare words --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nous arrosons, nous plaçons, ils emploieront, elles appelleront et nous vendrons.", "fr"),
        ("Les citoyennes actives sont heureuses et les eaux usées finissaient là.", "fr"),
        ("Aujourd’hui, peut-être, c’est-à-dire quelqu’un.", "fr"),
        ("Nous habitons à Trifouillis et Madame Zborowska aussi.", "fr"),
        ("En 2027, 3,5 km et 12e.", "fr"),
        ("She watered, they planned, we are organising and authorising the meetings.", "en"),
        ("People in Ouagadougou are well-known.", "en"),
    ],
)
def test_no_rare_word(text: str, language: str) -> None:
    assert marked(text, Kind.RARE, language) == []


@pytest.mark.parametrize(
    ("text", "language", "rare"),
    [
        ("L’argilite retient les radionucléides. Une argilite.", "fr", ["argilite", "radionucléides"]),
        ("Des **nucléases** et l’*écotoxicité*.", "fr", ["nucléases", "écotoxicité"]),
        ("The nuclease cuts; argillaceous rock's permeability.", "en", ["nuclease", "argillaceous", "permeability"]),
    ],
)
def test_rare_words_are_marked_once_where_they_first_stand(text: str, language: str, rare: list[str]) -> None:
    assert marked(text, Kind.RARE, language) == rare


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("L’argilite (une roche très dure) est là. De l’argilite.", "fr"),
        ("De l’argilite, c’est-à-dire une roche dure.", "fr"),
        ("On trouve cette roche, appelée argilite, sous la ville.", "fr"),
        ("L’argilite est une roche.", "fr"),
        ("A nuclease is a tool that cuts.", "en"),
        ("We use a tool called nuclease.", "en"),
        ("The nuclease (a cutting tool) works.", "en"),
    ],
)
def test_a_word_that_the_text_explains_is_not_marked(text: str, language: str) -> None:
    assert marked(text, Kind.RARE, language) == []


def test_the_glossary_explains_too_and_its_terms_are_found() -> None:
    text = "La nappe phréatique et l’argilite. Des argilites et des PFAS."
    assert marked(text, Kind.RARE) == ["phréatique", "argilite", "argilites"]
    terms = ("Nappe phréatique", "argilite", "PFAS")
    reading = measure(text, "fr", terms)
    assert reading.marks == ()
    assert [(text[at.start : at.end], at.word) for at in reading.known] == [
        ("nappe phréatique", "nappe phréatique"),
        ("argilite", "argilite"),
        ("PFAS", "pfas"),
    ]


# -- Acronyms ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("L’ANSES décide. L’ANSES parle.", "fr", ["ANSES"]),
        ("L’ARNm, les PFAS et le CO2.", "fr", ["ARNm", "PFAS", "CO2"]),
        ("L’Agence de l’eau (AE) décide. L’AE parle.", "fr", []),
        ("L’AE (Agence de l’eau) décide.", "fr", []),
        ("L’AE décide. L’Agence de l’eau (AE) parle.", "fr", ["AE"]),
        ("Le XXIe siècle, Louis XIV, la TV.", "fr", []),
        ("RÉUNION PUBLIQUE\n\nLa salle est grande.", "fr", []),
        ("The Food Standards Agency (FSA) decides. The FSA knows.", "en", []),
        ("The FSA decides.", "en", ["FSA"]),
        ("Rien à voir avec ceci (FSA).", "fr", ["FSA"]),
    ],
)
def test_acronyms(text: str, language: str, found: list[str]) -> None:
    assert marked(text, Kind.ACRONYM, language) == found


# -- The passive -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’eau est traitée par la station.", ["est traitée"]),
        ("La loi a été votée hier.", ["a été votée"]),
        ("Les parcs ne seront pas toujours arrosés.", ["seront pas toujours arrosés"]),
        ("Elle doit être prise.", ["être prise"]),
        ("Nous sommes élus par vous.", ["sommes élus"]),
        ("Elle est venue, il est né, ils sont arrivés, elles sont devenues célèbres.", []),
        ("Il s’est levé, ils se sont réunis, nous nous sommes réunis.", []),
        ("Elle est âgée et la maison est située ici.", []),
        ("Elle est grande. C’est une beauté. L’été passé, cet été fini.", []),
        ("Il a mangé, nous avons pris.", []),
    ],
)
def test_french_passives(text: str, found: list[str]) -> None:
    assert marked(text, Kind.PASSIVE) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The water is treated by the plant.", ["is treated"]),
        ("The law has been passed.", ["has been passed"]),
        ("It can be used and was not often seen.", ["be used", "was not often seen"]),
        ("They got paid.", ["got paid"]),
        ("She is interested, tired and married.", []),
        ("They have treated it and she was red.", []),
    ],
)
def test_english_passives(text: str, found: list[str]) -> None:
    assert marked(text, Kind.PASSIVE, "en") == found


# -- Any text at all ---------------------------------------------------------------------------------------------------
_PIECES = st.sampled_from(
    [
        *sorted(listed("LEPAC est été écotoxicité (une chose dure) . ! ? … « » ( ) [ ] ] ( # - * ** _ ` ``` | > 1. 3,5 M. l’ qu' : ; é\u0301")),
        "\n", "\n\n", " ", "\u00a0", "[mot](adresse)", "<b>", "http://a.b", "ANSES", "(ANSES)", "est traitée", "is used",
        "nappe phréatique", "nappe\nphréatique", *FRENCH_HARD[2].split(), *ENGLISH_HARD[3].split(),
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(_PIECES, max_size=80).map(" ".join), st.lists(_PIECES, max_size=80).map("".join)
)
GLOSSARIES = st.sampled_from([(), ("nappe phréatique", "ANSES"), ("traitée par", "écotoxicité", "est", "a.b*(", " ")])


def _sound(text: str, reading: Reading) -> None:
    places = sorted((*reading.marks, *reading.known), key=lambda mark: (mark.start, -mark.end))
    for mark in places:
        assert 0 <= mark.start < mark.end <= len(text)
        assert text[mark.start : mark.end].strip()
    for one in places:
        for other in places:
            apart = one.end <= other.start or other.end <= one.start
            within = one.start <= other.start and other.end <= one.end
            around = other.start <= one.start and one.end <= other.end
            assert apart or within or around
    assert all(before.start <= after.start for before, after in pairwise(reading.marks))


@settings(deadline=None, max_examples=300)
@given(text=TEXTS, language=st.sampled_from(LANGUAGES), glossary=GLOSSARIES)
def test_any_text_gives_a_reading_whose_marks_lie_inside_and_nest(
    text: str, language: str, glossary: tuple[str, ...]
) -> None:
    reading = measure(text, language, glossary)
    _sound(text, reading)
    assert (reading.words == 0) == (reading.verdict is None)
    assert reading.syllables >= reading.words >= reading.sentences >= 0
    assert reading.longest_sentence <= reading.words


@settings(deadline=None, max_examples=150)
@given(text=TEXTS, acronym=st.sampled_from(["ANSES", "PFAS", "AE", "LEPAC"]), language=st.sampled_from(LANGUAGES))
def test_an_explanation_in_front_never_adds_an_acronym(text: str, acronym: str, language: str) -> None:
    explained = f"{acronym} (une longue explication en mots).\n\n{text}"
    before, after = set(marked(text, Kind.ACRONYM, language)), set(marked(explained, Kind.ACRONYM, language))
    assert after <= before - {acronym}


@settings(deadline=None, max_examples=150)
@given(text=TEXTS, term=st.sampled_from(["ANSES", "argilite", "nappe phréatique"]), language=st.sampled_from(LANGUAGES))
def test_a_glossary_term_never_adds_a_word_to_mend(text: str, term: str, language: str) -> None:
    hard = {Kind.RARE, Kind.ACRONYM}
    before = {(mark.start, mark.kind) for mark in measure(text, language).marks if mark.kind in hard}
    after = [mark for mark in measure(text, language, (term,)).marks if mark.kind in hard]
    assert len(after) <= len(before)


@pytest.mark.parametrize(
    ("language", "texts"), [("fr", FRENCH_PLAIN + FRENCH_HARD), ("en", ENGLISH_PLAIN + ENGLISH_HARD)]
)
def test_the_paragraphs_together(language: str, texts: tuple[str, ...]) -> None:
    text = "\n\n".join(texts)
    reading = measure(text, language)
    _sound(text, reading)
    assert (reading.words, reading.sentences) == (
        sum(measure(one, language).words for one in texts),
        sum(measure(one, language).sentences for one in texts),
    )


def test_answers_side_by_side_are_no_chain() -> None:
    assert marked("Dites ce que l’on sait, ce que l’on ignore, et où vous allez.", Kind.NESTED) == []
