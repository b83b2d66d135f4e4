"""What the text explains itself: acronyms written out at first use, and words that it defines where they stand."""

import re
import unicodedata

_OPENED = re.compile(r"\s{0,3}\(([^()]{1,200})\)")
_AFTER = {
    "fr": re.compile(
        r"[\s»”\"]{0,3}(?:,\s{0,2}|\(|:|–|—)?\s{0,2}(?:c['’]est[- ]à[- ]dire|autrement dit|désign|signifi|veut dire|veulent dire"
        r"|est (?:un|une|le|la|l['’]|ce)\b|sont (?:des|les|ce)\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"[\s”\"]{0,3}(?:,\s{0,2}|\(|:|–|—)?\s{0,2}(?:that is\b|which means|meaning\b|in other words|means?\b|refers? to"
        r"|(?:is|are) (?:an?|the)\b)",
        re.IGNORECASE,
    ),
}
_BEFORE = {
    "fr": re.compile(r"(?:appel|nomm|dit|dénomm)\w{0,4}\s{1,2}(?:aussi\s)?(?:(?:une?|les?|la|des?)\s|l['’])?[«“\"\s]{0,3}$", re.IGNORECASE),
    "en": re.compile(r"(?:called|known as|named)\s{1,2}(?:(?:an?|the)\s)?[“\"‘]?$", re.IGNORECASE),
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]{2,40}")


def words_within(text: str) -> int:
    return len(_WORDS.findall(text))


def opened_after(bare: str, end: int) -> str:
    """What stands in brackets right after a place, or nothing."""
    found = _OPENED.match(bare, end)
    return found[1] if found else ""


def is_defined(bare: str, start: int, end: int, language: str) -> bool:
    """Whether the text says here what the word at this place means."""
    if words_within(opened_after(bare, end)) >= 2:
        return True
    if _AFTER[language].match(bare, end):
        return True
    return bool(_BEFORE[language].search(bare[max(0, start - 40) : start]))


def is_written_out(bare: str, start: int, end: int, language: str) -> bool:
    """ "OX (Organisation X)" or "Organisation X (OX)", judged by the first letter, or a definition in words."""
    if is_defined(bare, start, end, language):
        return True
    before, after = bare[max(0, start - 160) : start].rstrip(), bare[end : end + 3].lstrip()
    if not (before.endswith(("(", ",", "« ", "ou", "or", "(«"))) or "(" not in before[-30:]:
        return False
    if not after.startswith((")", ",", "»", "”")):
        return False
    acronym = bare[start:end]
    named = _WORDS.findall(before.rpartition("(")[0])[-(2 * len(acronym) + 4) :]
    return any(_initial(word) == _initial(acronym) for word in named)


def _initial(word: str) -> str:
    return unicodedata.normalize("NFD", word)[0].lower()
