"""By what the same person is recognised. Everything is compared folded: without case, accents or outer spaces."""

import hashlib
import re
import unicodedata

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
)
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """The text for comparing: "  Île-de-France " and "ILE‑DE‑FRANCE" fold to the same."""
    if text.isascii():  # most cells of a large file: spare them the decomposition
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _SPACES.sub(" ", plain.casefold()).strip()


def email_key(email: str) -> str:
    return email.strip().casefold()


def person_key(*, first_name: str, last_name: str, postcode: str, birth_year: int | None) -> str:
    """Name, postcode and year of birth. A name alone joins few entries: see ``is_telling``."""
    name = fold(f"{last_name} {first_name}").replace("-", " ").replace("|", " ")
    return f"{name[:180]}|{fold(postcode).replace(' ', '')[:12]}|{birth_year or ''}"


def is_telling(key: str) -> bool:
    """Whether the key says more than a name, which two people may share."""
    return bool(key) and not key.endswith("||")


def household_key(
    *, conference_uuid: object, address: str = "", postcode: str = "", city: str = "", given: str = ""
) -> str:
    """One key for the people of one address, or of one household number in the file; empty where neither is known.

    A hash, bound to the conference: it can be compared and not read.
    """
    if given.strip():
        text = f"household:{fold(given)}"
    elif address.strip() and (postcode.strip() or city.strip()):
        place = fold(postcode).replace(" ", "") or fold(city)
        street = re.sub(r"[^a-z0-9]+", " ", fold(address)).strip()
        text = f"address:{street}|{place}"
    else:
        return ""
    return hashlib.sha256(f"{conference_uuid}:{text}".encode()).hexdigest()
