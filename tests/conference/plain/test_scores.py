"""The published formulas, on counts worked by hand, and on a text counted by hand."""

import pytest

from conference.plain import measure
from conference.plain.scores import flesch, kandel_moles, lix


def test_kandel_and_moles_1958() -> None:
    # 100 words, 5 sentences, 150 syllables: 207 - 1.015 x 20 - 73.6 x 1.5 = 207 - 20.3 - 110.4
    assert kandel_moles(words=100, sentences=5, syllables=150) == pytest.approx(76.3)
    # 120 words, 4 sentences, 228 syllables: 207 - 1.015 x 30 - 73.6 x 1.9 = 207 - 30.45 - 139.84
    assert kandel_moles(words=120, sentences=4, syllables=228) == pytest.approx(36.71)


def test_flesch_1948() -> None:
    # 100 words, 5 sentences, 150 syllables: 206.835 - 1.015 x 20 - 84.6 x 1.5 = 206.835 - 20.3 - 126.9
    assert flesch(words=100, sentences=5, syllables=150) == pytest.approx(59.635)
    # Flesch’s two ends: words of one syllable in sentences of 7 are "very easy", 100 and above; long ones fall below 0.
    assert flesch(words=70, sentences=10, syllables=70) == pytest.approx(206.835 - 7.105 - 84.6)


def test_lix_bjornsson_1968() -> None:
    # 100 words, 5 sentences, 30 words of more than six letters: 20 + 30
    assert lix(words=100, sentences=5, long_words=30) == pytest.approx(50.0)


# Counted by hand. Words: La ville arrose le parc (5) | Elle nettoie l’eau (3) | Les habitants boivent chaque jour (5).
# Syllables: 1 1 2 1 1 = 6 | 1 2 1 = 4 | 1 3 1 1 1 = 7. Over six letters: nettoie, habitants, boivent.
FRENCH = "La ville arrose le parc. Elle nettoie l’eau. Les habitants boivent chaque jour."
# Words: The town waters the park (5) | It cleans the water (4) | Citizens drink some every day (5).
# Syllables: 1 1 2 1 1 = 6 | 1 1 1 2 = 5 | 3 1 1 2 1 = 8. Over six letters: Citizens.
ENGLISH = "The town waters the park. It cleans the water. Citizens drink some every day."


def test_a_french_text_counted_by_hand() -> None:
    reading = measure(FRENCH, "fr")
    assert (reading.words, reading.sentences, reading.syllables, reading.long_words) == (13, 3, 17, 3)
    assert reading.score.value == pytest.approx(207 - 1.015 * 13 / 3 - 73.6 * 17 / 13)
    assert reading.lix.value == pytest.approx(13 / 3 + 100 * 3 / 13)
    assert (reading.score.name, reading.score.source) == (
        "Kandel-Moles",
        "Kandel & Moles, Cahiers d’études de radio-télévision 19, 1958",
    )


def test_an_english_text_counted_by_hand() -> None:
    reading = measure(ENGLISH, "en")
    assert (reading.words, reading.sentences, reading.syllables, reading.long_words) == (14, 3, 19, 1)
    assert reading.score.value == pytest.approx(206.835 - 1.015 * 14 / 3 - 84.6 * 19 / 14)
    assert reading.lix.value == pytest.approx(14 / 3 + 100 / 14)
    assert (reading.score.name, reading.score.source) == ("Flesch", "Flesch, Journal of Applied Psychology 32(3), 1948")


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        measure("Ein Satz.", "de")
