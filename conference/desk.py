"""The frame of every cockpit page: the conference, what the member may do, and the pages of all rooms.

Rooms above this one add their own pages with ``register_page`` when they start, so that the core need not know them.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.enums import Capability
from conference.models import Conference, Membership


@dataclass(frozen=True)
class DeskPage:
    """A page of the cockpit's navigation; ``url_name`` takes the conference's slug."""

    key: str
    label: str | Promise
    url_name: str
    order: int
    capability: Capability = Capability.VIEW


_PAGES: dict[str, DeskPage] = {}


def register_page(page: DeskPage) -> None:
    _PAGES[page.key] = page


def address_of(key: str, slug: str) -> str | None:
    """Where a page of the cockpit is, by its key; None where no room has announced it."""
    page = _PAGES.get(key)
    return reverse(page.url_name, args=[slug]) if page else None


@dataclass(frozen=True)
class NavItem:
    key: str
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True)
class NavGroup:
    """Pages that belong together; the first group has no heading."""

    label: str | Promise
    items: list[NavItem]

    @property
    def current(self) -> NavItem | None:
        return next((item for item in self.items if item.current), None)


# By the order of their pages: (from, heading). Some twenty pages in one list would be a search, not a menu.
_GROUPS: tuple[tuple[int, str | Promise], ...] = (
    (0, ""),
    (10, pgettext_lazy("pages of the cockpit", "The panel")),
    (50, pgettext_lazy("pages of the cockpit", "Sessions")),
    (60, pgettext_lazy("pages of the cockpit", "Views and knowledge")),
    (70, pgettext_lazy("pages of the cockpit", "Messages")),
    (80, pgettext_lazy("pages of the cockpit", "The conference")),
)


def navigation(membership: Membership, current: str) -> list[NavGroup]:
    """The pages that this member may open, in order and in groups."""
    slug = membership.conference.slug
    pages = sorted((page for page in _PAGES.values() if membership.may(page.capability)), key=lambda page: page.order)
    groups = []
    for (start, label), (end, _label) in pairwise((*_GROUPS, (sys.maxsize, ""))):
        items = [
            NavItem(page.key, page.label, reverse(page.url_name, args=[slug]), page.key == current)
            for page in pages
            if start <= page.order < end
        ]
        if items:
            groups.append(NavGroup(label, items))
    return groups


def render_desk(
    request: HttpRequest,
    template: str,
    conference: Conference,
    context: Mapping[str, Any] | None = None,
    *,
    current: str,
    status: int = 200,
) -> HttpResponse:
    """A cockpit page. ``conference_for`` must have put the membership on the request."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    frame = {
        "conference": conference,
        "membership": membership,
        "may_manage": membership.may(Capability.MANAGE),
        "may_view_people": membership.may(Capability.VIEW_PEOPLE),
        "desk_nav": navigation(membership, current),
    }
    return render(request, template, {**frame, **(context or {})}, status=status)


for _page in (
    DeskPage("overview", _("Overview"), "desk:conference", 0),
    DeskPage("sessions", _("Sessions"), "desk:sessions", 50),
    # The outbox may not import upwards (house rule), so its page is announced here.
    DeskPage("messages", _("Messages"), "mail:messages", 70, Capability.VIEW_PEOPLE),
    DeskPage("texts", _("Texts of messages"), "mail:texts", 72),
    DeskPage("documents", _("Documents"), "desk:documents", 65),
    DeskPage("colleagues", _("Colleagues"), "desk:colleagues", 80),
    DeskPage("log", _("Log"), "desk:log", 85, Capability.VIEW_LOG),
    DeskPage("settings", _("Settings"), "desk:settings", 90, Capability.MANAGE),
):
    register_page(_page)
