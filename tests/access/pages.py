"""Every address of the program, each with what stands in it for the demo's conference that is further on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver, get_resolver

from conference.models import Conference, Document, Item, Membership, Room, Session, Step
from experts.enums import ExpertState
from experts.models import Ask, Briefing, Chapter, Contribution, Expert, GlossaryEntry, KeyQuestion, Sheet, Wish
from panels.half_days import half_days
from panels.models import Rate

# The rooms of experts, programme, roll call and information; the others have tables of their own.
ROOMS = (
    "programme",
    "publication",
    "attendance",
    "experts_desk",
    "experts",
    "board",
    "information",
    "questions",
    "experts_questions",
    "plain",
)
# What is not ours: the admin, the accounts of allauth, the workshop of the embedded default, the switch of language.
FOREIGN = ("admin/", "accounts/", "dev/", "language/")


@dataclass(frozen=True)
class Page:
    name: str
    path: str  # with everything filled in

    @property
    def is_desk(self) -> bool:
        return self.path.startswith("/desk/") and self.path not in {"/desk/", "/desk/new/"}


def routes() -> Iterator[tuple[str, str]]:
    """(name, route) of every address of our own."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(FOREIGN):
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", route


NOBODY = {"int": 987654, "uuid": UUID(int=7), "str": "rien", "slug": "rien"}


def _first(rows: QuerySet[Any], field: str = "pk") -> Any:
    found = rows.order_by("pk").first()
    return getattr(found, field) if found else None


class World:
    """What each parameter of an address stands for, by the part of the address before it."""

    def __init__(self, conference: Conference) -> None:
        of = {"conference": conference}
        models: dict[str, tuple[type[Model], dict[str, Any]]] = {
            "sessions": (Session, of),
            "session": (Session, of),
            "colleagues": (Membership, of),
            "steps": (Step, of),
            "experts": (Expert, of),
            "speaks": (Contribution, {"expert__conference": conference}),
            "briefings": (Briefing, of),
            "questions": (KeyQuestion, of),
            "items": (Item, {"session__conference": conference}),
            "rooms": (Room, of),
            "sheets": (Sheet, of),
            "glossary": (GlossaryEntry, of),
            "chapters": (Chapter, of),
            "wishes": (Wish, of),
            "rates": (Rate, of),
        }
        self.slug = conference.slug
        self.half = next((half.slug for half in half_days(conference)), "rien") if conference.pk else "rien"
        self.known: dict[str, Any] = {
            before: _first(model._default_manager.filter(**which)) for before, (model, which) in models.items()
        }
        speaking = Expert.objects.filter(conference=conference, state=ExpertState.ACCEPTED).first()
        self.known["asked"] = _first(Ask.objects.filter(expert=speaking))
        self.known["documents"] = _first(Document.objects.filter(conference=conference), "uuid")

    def path(self, route: str) -> str:
        parts: list[str] = []
        for part in f"/{route}".split("/"):
            parts.append(re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: str(self._value(found, parts)), part))
        return "/".join(parts)

    def _value(self, found: re.Match[str], before: list[str]) -> Any:
        kind, name = found[1] or "str", found[2]
        if name == "slug":
            return self.slug
        if name == "what":
            return "programme"
        if name == "half":
            return self.half
        value = self.known.get(before[-1] if before else "")
        if value is not None and (kind == "uuid") == isinstance(value, UUID) and kind in {"int", "uuid"}:
            return value
        return 1 if name == "number" else NOBODY[kind]


def pages(world: World) -> list[Page]:
    return [Page(name, world.path(route)) for name, route in routes() if name.split(":")[0] in ROOMS]
