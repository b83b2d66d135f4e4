"""The running order in real browsers: moved by key, by mouse and by finger, and all of it without script too.

A conflict appears beside the items that it is about, and goes when one of them is moved.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from conference.domain.running_order import add_item
from conference.enums import ItemKind
from conference.models import Conference, Item, Session, User
from experts.domain.running_order import set_speakers
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS
from tests.experts.factories import make_expert
from tests.factories import PASSWORD, make_conference, make_session, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)  # nine o'clock in Paris
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ORGANISER = "claire@example.org"


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    """A hearing of five items from nine to eleven, in a session that lasts until noon; another one on the next day."""
    organiser = make_user(ORGANISER, name="Claire Fontaine")
    made = make_conference(organiser)
    hearing = make_session(made, NINE, 3, title="Hearing")
    make_session(made, NINE + timedelta(days=1), 2, title="Presentation")
    speakers = [make_expert(made, last_name=name) for name in ("Armand", "Orsini")]
    at = NINE
    for kind, title, minutes in (
        (ItemKind.WELCOME, "Opening", 20),
        (ItemKind.TALK, "For", 30),
        (ItemKind.TALK, "Against", 20),
        (ItemKind.BREAK, "Coffee", 20),
        (ItemKind.QUESTIONS, "Questions", 60),
    ):
        fields = {"kind": kind, "title": title, "starts_at": at, "minutes": minutes}
        item = add_item(session_id=hearing.pk, actor=organiser, fields=fields)
        if kind == ItemKind.TALK:
            set_speakers(item_id=item.pk, actor=organiser, experts=[speakers.pop(0)])
        at = item.ends_at
    return made


def enter(browser: Browser, stack: LiveStack, conference: Conference, **options: Any) -> Page:
    context = browser.new_context(base_url=stack.url, locale="en-GB", **{"viewport": DESK, **options})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", ORGANISER)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/desk/")
    page.goto(f"/desk/{conference.slug}/programme/")
    return page


def order() -> list[tuple[str, str]]:
    """Each item with its hour, as the database has it."""
    rows = Item.objects.select_related("session__conference").order_by("starts_at", "id")
    return [(row.title, f"{row.session.conference.local(row.starts_at):%H:%M}") for row in rows]


AT_FIRST = [("Opening", "09:00"), ("For", "09:20"), ("Against", "09:50"), ("Coffee", "10:10"), ("Questions", "10:30")]
SWAPPED = [("Opening", "09:00"), ("Against", "09:20"), ("For", "09:40"), ("Coffee", "10:10"), ("Questions", "10:30")]


def item(page: Page, title: str) -> Locator:
    return page.locator(f"[data-item][data-title='{title}']")


def says(page: Page, text: str) -> None:
    expect(page.locator("[data-order-says]")).to_contain_text(text)


def in_sight(what: Locator) -> None:
    """In the middle of the window, so that nothing scrolls by itself near its edges."""
    what.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")


def look(page: Page) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_by_key(browser: Browser, live_stack: LiveStack, conference: Conference) -> None:
    page = enter(browser, live_stack, conference)
    look(page)
    item(page, "For").locator("[data-grip]").focus()
    page.keyboard.press("ArrowDown")
    says(page, "“For”: 9.40\N{NO-BREAK SPACE}am to 10.10\N{NO-BREAK SPACE}am, Hearing")
    page.keyboard.press("Escape")
    says(page, "“For” stays where it was")
    assert order() == AT_FIRST

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    says(page, "“For” now begins at 9.40\N{NO-BREAK SPACE}am")
    assert order() == SWAPPED
    assert page.evaluate("document.activeElement.closest('[data-item]').dataset.title") == "For"

    page.keyboard.press("Shift+ArrowUp")
    says(page, "9.35\N{NO-BREAK SPACE}am to 10.05\N{NO-BREAK SPACE}am")
    page.keyboard.press("ArrowLeft")
    says(page, "There is no place further on")
    page.keyboard.press("ArrowRight")
    says(page, "9\N{NO-BREAK SPACE}am to 9.30\N{NO-BREAK SPACE}am, Presentation")
    page.keyboard.press("Enter")
    says(page, "in “Presentation”")
    assert Item.objects.get(title="For").session.title == "Presentation"
    look(page)
    page.keyboard.press("Control+z")
    says(page, "The move of “For” is undone")
    assert order() == SWAPPED

    item(page, "Questions").locator("[data-grip]").focus()
    for _ in range(7):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".order__drop")).to_contain_text("beyond the end of the session")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Lengthen “Hearing” until 12.05")).to_be_visible()
    assert order() == SWAPPED


def test_by_mouse(browser: Browser, live_stack: LiveStack, conference: Conference) -> None:
    page = enter(browser, live_stack, conference)
    in_sight(item(page, "Against"))
    take(page, item(page, "For"), item(page, "Against"), 0.8)
    expect(page.locator(".order__drop")).to_have_text("9.40\N{NO-BREAK SPACE}am – 10.10\N{NO-BREAK SPACE}am")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".order__drop")).to_have_count(0)
    assert order() == AT_FIRST
    in_sight(item(page, "Against"))
    take(page, item(page, "For"), item(page, "Against"), 0.8)
    page.mouse.up()
    says(page, "“For” now begins at 9.40\N{NO-BREAK SPACE}am")
    assert order() == SWAPPED

    # Into the free time at the end, at the hour under the pointer; nothing closes up behind it.
    in_sight(item(page, "Questions"))
    take(page, item(page, "Coffee"), page.locator("[data-gap='690']"), 0.34)
    expect(page.locator(".order__drop")).to_contain_text("11.40\N{NO-BREAK SPACE}am")
    page.mouse.up()
    says(page, "“Coffee” now begins at 11.40\N{NO-BREAK SPACE}am")
    assert order()[-1] == ("Coffee", "11:40")
    page.get_by_role("button", name="Undo").click()
    says(page, "The move of “Coffee” is undone")
    assert order() == SWAPPED


def take(page: Page, what: Locator, where: Locator, share: float) -> None:
    """Press on the handle and go, in steps, to this share of the other's height."""
    grip = what.locator("[data-grip]").bounding_box()
    to = where.bounding_box()
    assert grip
    assert to
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] - 40, grip["y"] + 30, steps=3)
    page.mouse.move(to["x"] + 60, to["y"] + to["height"] * share, steps=5)


def test_by_finger(browser: Browser, live_stack: LiveStack, conference: Conference) -> None:
    page = enter(browser, live_stack, conference, viewport=PHONE, has_touch=True, is_mobile=True)
    look(page)
    touch = Finger(page)
    in_sight(item(page, "Against"))
    touch.take(item(page, "For").locator("[data-grip]"))
    touch.over(item(page, "Against"), 0.8)
    expect(page.locator(".order__drop")).to_have_text("9.40\N{NO-BREAK SPACE}am – 10.10\N{NO-BREAK SPACE}am")
    touch.end("touchCancel")  # a call comes in
    expect(page.locator(".order__drop")).to_have_count(0)
    assert order() == AT_FIRST
    in_sight(item(page, "Against"))
    touch.take(item(page, "For").locator("[data-grip]"))
    touch.over(item(page, "Against"), 0.8)
    touch.end("touchEnd")
    says(page, "“For” now begins at 9.40\N{NO-BREAK SPACE}am")
    assert order() == SWAPPED


class Finger:
    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def take(self, what: Locator) -> None:
        box = what.bounding_box()
        assert box
        self.at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self._send("touchStart", self.at)

    def over(self, where: Locator, share: float) -> None:
        box = where.bounding_box()
        assert box
        x, y = box["x"] + 60, box["y"] + box["height"] * share
        for step in range(1, 7):
            self._send(
                "touchMove", (self.at[0] + (x - self.at[0]) * step / 6, self.at[1] + (y - self.at[1]) * step / 6)
            )

    def end(self, kind: str) -> None:
        self._send(kind)


def test_a_conflict_appears_beside_its_items_and_goes(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    page = enter(browser, live_stack, conference)
    item(page, "Against").get_by_role("link", name="Elsewhere").click()
    look(page)
    page.get_by_label("From").fill("09:30")
    page.get_by_label("What stands there makes way").uncheck()
    page.get_by_role("button", name="Move it").click()
    expect(item(page, "For")).to_contain_text("“Against” is in the same room at the same time")
    expect(item(page, "Against")).to_contain_text("“For” is in the same room at the same time")
    look(page)
    item(page, "Against").locator("[data-grip]").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    says(page, "9.50\N{NO-BREAK SPACE}am")
    page.keyboard.press("Enter")
    says(page, "“Against” now begins at 9.50\N{NO-BREAK SPACE}am")
    expect(page.get_by_text("in the same room at the same time")).to_have_count(0)
    assert order() == AT_FIRST


def test_what_does_not_fit_offers_to_lengthen_the_session(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    page = enter(browser, live_stack, conference)
    item(page, "Questions").get_by_role("link", name="Questions", exact=True).click()
    look(page)
    page.get_by_label("Minutes").fill("120")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Lengthen “Hearing” until 12.30")).to_be_visible()
    look(page)
    page.get_by_label("Lengthen “Hearing” until 12.30").check()
    page.get_by_role("button", name="Save").click()
    expect(item(page, "Questions")).to_contain_text("12.30")
    assert Session.objects.get(title="Hearing").ends_at == NINE + timedelta(hours=3, minutes=30)


def test_without_script(browser: Browser, live_stack: LiveStack, conference: Conference) -> None:
    page = enter(browser, live_stack, conference, java_script_enabled=False)
    expect(page.locator("[data-grip]").first).to_be_hidden()
    item(page, "For").get_by_role("button", name="Later: For").click()
    expect(page.get_by_text("“For” now begins at 9.40")).to_be_visible()
    assert order() == SWAPPED
    item(page, "Coffee").get_by_role("link", name="Elsewhere").click()
    page.get_by_label("From").fill("11:50")
    page.get_by_role("button", name="Move it").click()
    page.get_by_label("Lengthen “Hearing” until 12.10").check()
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("“Coffee” now begins at 11.50")).to_be_visible()
    assert order()[-1] == ("Coffee", "11:50")


def test_a_template_is_looked_at_laid_and_shifted(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    empty = make_conference(User.objects.get(email=ORGANISER))
    page = enter(browser, live_stack, empty)
    look(page)
    page.get_by_role("link", name="Choose a template").first.click()
    page.get_by_label("Danish").check()
    page.get_by_label("First day").fill("2027-05-07")
    page.get_by_role("button", name="See what it makes").click()
    expect(page.get_by_text("Friday 7\N{NO-BREAK SPACE}May 2027").first).to_be_visible()
    assert not Item.objects.filter(session__conference=empty).exists()
    look(page)
    page.get_by_role("button", name="Lay this programme").click()
    expect(page.get_by_role("heading", name="Friday 7\N{NO-BREAK SPACE}May 2027")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Shift", exact=True).click()
    page.get_by_label("New first day").fill("2027-05-14")
    page.get_by_role("button", name="See old and new hours").click()
    expect(page.locator(".shifted del").first).to_contain_text("7\N{NO-BREAK SPACE}May")
    expect(page.locator(".shifted ins").first).to_contain_text("14\N{NO-BREAK SPACE}May")
    look(page)
    page.get_by_role("button", name="Shift, and tell those who come").click()
    expect(page.get_by_role("heading", name="Friday 14\N{NO-BREAK SPACE}May 2027")).to_be_visible()
    page.get_by_role("link", name="Rooms").click()
    page.get_by_label("Room", exact=False).last.fill("Great hall")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("“Great hall” is among the rooms")).to_be_visible()
    look(page)
