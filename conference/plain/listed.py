"""Lists of words, written as a line of them."""


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())
