"""Ten real-style paragraphs in each language, ranked by the score as a person ranked them beforehand."""

import pytest

from conference.plain import Verdict, measure
from tests.conference.plain.paragraphs import ENGLISH_HARD, ENGLISH_PLAIN, FRENCH_HARD, FRENCH_PLAIN

LANGUAGES = pytest.mark.parametrize(
    ("language", "plain", "hard"), [("fr", FRENCH_PLAIN, FRENCH_HARD), ("en", ENGLISH_PLAIN, ENGLISH_HARD)]
)


def _scores(texts: tuple[str, ...], language: str) -> list[float]:
    return [measure(text, language).score.value for text in texts]


def _spearman(expected: list[float], found: list[float]) -> float:
    """Without ties: 1 - 6 sum d² / n(n² - 1)."""
    ranks = [sorted(found, reverse=True).index(value) for value in found]
    wanted = [sorted(expected, reverse=True).index(value) for value in expected]
    count = len(found)
    return 1 - 6 * sum((a - b) ** 2 for a, b in zip(wanted, ranks, strict=True)) / (count * (count**2 - 1))


@LANGUAGES
def test_every_plain_paragraph_scores_above_every_hard_one(
    language: str, plain: tuple[str, ...], hard: tuple[str, ...]
) -> None:
    assert (len(plain), len(hard)) == (5, 5)
    assert min(_scores(plain, language)) > max(_scores(hard, language))


@LANGUAGES
def test_the_order_is_a_persons(language: str, plain: tuple[str, ...], hard: tuple[str, ...]) -> None:
    scores = _scores(plain + hard, language)
    assert len(set(scores)) == 10
    assert _spearman([float(-place) for place in range(10)], scores) >= 0.8


@LANGUAGES
def test_lix_agrees_from_the_other_side(language: str, plain: tuple[str, ...], hard: tuple[str, ...]) -> None:
    values = [measure(text, language).lix.value for text in plain + hard]
    assert max(values[:5]) < min(values[5:])
    assert _spearman([float(-place) for place in range(10)], [-value for value in values]) >= 0.8


@LANGUAGES
def test_the_verdict_in_words(language: str, plain: tuple[str, ...], hard: tuple[str, ...]) -> None:
    assert [measure(text, language).verdict for text in plain] == [Verdict.EASY] * 5
    assert [measure(text, language).verdict for text in hard] == [Verdict.HARD] * 5


def test_a_text_between_the_two_asks_for_effort() -> None:
    text = (
        "La commune envisage de confier la distribution de l’eau potable à une société publique locale. Cette décision"
        " modifierait le calcul du tarif, car les travaux de rénovation du réseau seraient financés par les abonnés."
        " Plusieurs associations demandent une consultation préalable des habitants concernés."
    )
    assert measure(text, "fr").verdict == Verdict.EFFORT
