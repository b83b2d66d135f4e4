"""The pages that an expert reaches through their link, for the short navigation on each. Parts register theirs when
they start; ``experts.views.link_frame.render_link`` draws the page with it.

A part that wants something of the expert says it through ``todo``: a sentence in their language, shown on their first
page with a way to the page. It is asked once for each view of that first page: one query, or none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from experts.enums import CONCERNED
from experts.models import Expert


def _is_concerned(expert: Expert) -> bool:
    return expert.state in CONCERNED


def _nothing(expert: Expert) -> str:
    return ""


@dataclass(frozen=True)
class LinkPage:
    """``url_name`` takes no argument. ``shown``: whether this expert has the page now; by default the invited and those
    who have accepted."""

    key: str
    label: str | Promise
    url_name: str
    order: int
    shown: Callable[[Expert], bool] = _is_concerned
    todo: Callable[[Expert], str] = _nothing


_PAGES: dict[str, LinkPage] = {}


def register_link_page(page: LinkPage) -> None:
    """Orders: my answer 0, what is expected 10, when I speak 20, declarations 30, questions 40, documents 50, travel 60."""
    _PAGES[page.key] = page


@dataclass(frozen=True)
class LinkNavItem:
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True)
class Todo:
    text: str
    label: str | Promise
    url: str


def _of(expert: Expert) -> list[LinkPage]:
    return sorted((page for page in _PAGES.values() if page.shown(expert)), key=lambda page: page.order)


def navigation(expert: Expert, current: str) -> list[LinkNavItem]:
    return [LinkNavItem(page.label, reverse(page.url_name), page.key == current) for page in _of(expert)]


def todos(expert: Expert) -> list[Todo]:
    """What is wanted of the expert now, in the order of the pages."""
    return [Todo(text, page.label, reverse(page.url_name)) for page in _of(expert) if (text := page.todo(expert))]
