"""Where the terms of a conference’s glossary come from: the room that keeps a glossary registers when it starts.

    from conference.plain import glossaries
    glossaries.register(provider)   # provider(conference) -> Glossary

The conference is opaque here: this package knows no models.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Term:
    """An explained term: its words, and where its entry stands ("" for nowhere to go)."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Glossary:
    """``add_url(word)``: where whoever may do so adds a word; "" leaves the link out."""

    terms: tuple[Term, ...] = ()
    add_url: Callable[[str], str] = field(default=lambda _word: "")


type Provider = Callable[[Any], Glossary]

_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def glossary_of(conference: Any) -> Glossary:
    """All terms of a conference; the first provider that knows where to add one says so."""
    found = [provider(conference) for provider in _PROVIDERS]
    terms = tuple(term for one in found for term in one.terms)

    def add_url(word: str) -> str:
        return next((url for one in found if (url := one.add_url(word))), "")

    return Glossary(terms, add_url)
