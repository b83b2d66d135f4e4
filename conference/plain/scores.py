"""The published formulas, on counts. Nothing here is rounded or clipped.

- French: L. Kandel and A. Moles, "Application de l’indice de Flesch à la langue française", Cahiers d’études de
  radio-télévision 19, 1958, pp. 253-274: 207 - 1.015 words per sentence - 73.6 syllables per word.
- English: R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32(3), 1948, pp. 221-233:
  206.835 - 1.015 words per sentence - 84.6 syllables per word.
- Both: LIX, C.-H. Björnsson, Läsbarhet, Stockholm, Liber, 1968: words per sentence + long words (more than six letters)
  per hundred words. Higher is harder; it knows nothing of a language, and so checks the other two.
"""

from conference.plain.reading import Score

KANDEL_MOLES = "Kandel & Moles, Cahiers d’études de radio-télévision 19, 1958"
FLESCH = "Flesch, Journal of Applied Psychology 32(3), 1948"
BJORNSSON = "Björnsson, Läsbarhet, Stockholm, 1968"
LONG_WORD = 7  # letters, from here on "long": more than six


def kandel_moles(*, words: int, sentences: int, syllables: int) -> float:
    return 207 - 1.015 * (words / sentences) - 73.6 * (syllables / words)


def flesch(*, words: int, sentences: int, syllables: int) -> float:
    return 206.835 - 1.015 * (words / sentences) - 84.6 * (syllables / words)


def lix(*, words: int, sentences: int, long_words: int) -> float:
    return words / sentences + 100 * long_words / words


def ease(language: str, *, words: int, sentences: int, syllables: int) -> Score:
    """The reading ease for a language: higher is easier, 60 and more is standard prose."""
    if not words:
        return Score("", 0.0, "")
    if language == "fr":
        value = kandel_moles(words=words, sentences=sentences, syllables=syllables)
        return Score("Kandel-Moles", value, KANDEL_MOLES)
    return Score("Flesch", flesch(words=words, sentences=sentences, syllables=syllables), FLESCH)


def lix_score(*, words: int, sentences: int, long_words: int) -> Score:
    value = lix(words=words, sentences=sentences, long_words=long_words) if words else 0.0
    return Score("LIX", value, BJORNSSON)
