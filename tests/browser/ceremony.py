"""The organiser's steps of a draw, in a browser that speaks English: prepare, announce, draw the ticket."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from conference.models import Conference
from panels.models import Draw
from tests.browser.axe import assert_accessible

WORK = 60_000  # milliseconds that the worker may take on a busy machine


def wait_until_prepared(page: Page, conference: Conference) -> Draw:
    """The page follows the worker by itself, and shows the next step when the lottery is there."""
    expect(page.get_by_role("link", name="Announce the draw")).to_be_visible(timeout=WORK)
    assert_accessible(page)
    return Draw.objects.get(conference=conference, state="prepared")


def prepare(page: Page, conference: Conference) -> Draw:
    page.goto(f"/desk/{conference.slug}/draw/")
    assert_accessible(page)
    page.get_by_role("button", name="Prepare the draw").click()
    return wait_until_prepared(page, conference)


def announce(page: Page, conference: Conference, *, place: str = "Salle des fêtes, Lyon") -> Draw:
    page.get_by_role("link", name="Announce the draw").click()
    assert_accessible(page)
    page.get_by_text("Balls drawn in public", exact=True).click()
    page.fill("[name=choosing_note]", "Trois boules tirées d’un sac, remises chaque fois.")
    page.fill("[name=reveal_at]", (conference.local(timezone.now()) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=reveal_place]", place)
    page.get_by_role("button", name="Go on").click()
    assert_accessible(page)
    page.get_by_role("button", name="Yes, announce the draw").click()
    page.wait_for_url(re.compile("/draw/$"))
    assert_accessible(page)
    return Draw.objects.get(conference=conference, state="committed")


def reveal(page: Page, draw: Draw, ticket: str) -> None:
    """On the page for the room: the digits are typed, compared, and then the ticket is drawn."""
    page.goto(f"/desk/{draw.conference.slug}/draw/{draw.number}/reveal/")
    assert_accessible(page)
    page.fill("[name=ticket]", ticket)
    page.get_by_role("button", name="Show this number").click()
    expect(page.get_by_role("heading", name="Is that what was drawn?")).to_be_visible()
    assert_accessible(page)
    page.fill("[name=witnesses]", "Odile Tessier, garante")
    page.get_by_role("button", name=f"Yes, ticket {ticket} was drawn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The panel:")
    assert_accessible(page)
    page.get_by_text("Show the alternates").click()
    expect(page.locator(".pseudonyms--ranked li").first).to_be_visible(timeout=WORK)
