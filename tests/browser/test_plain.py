"""The plain-language margin in a real browser: while typing, by keyboard, on a phone, and without script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conference.models import Conference
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS
from tests.factories import PASSWORD, make_conference, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

HARD = "The turbidity of the effluent is measured. The FSA decides <b>here</b>."


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    return make_conference(make_user("claire@example.org", name="Claire Fontaine"), language="en", summary="We talk.")


def settings_page(browser: Browser, stack: LiveStack, conference: Conference, *, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=stack.url, locale="en-GB", viewport={"width": 390, "height": 800}, java_script_enabled=script
    )
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", "claire@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    page.goto(f"/desk/{conference.slug}/settings/")
    return page


def test_the_margin_follows_what_is_written(browser: Browser, live_stack: LiveStack, conference: Conference) -> None:
    page = settings_page(browser, live_stack, conference)
    margin = page.get_by_role("region", name="Plain language")
    status = margin.get_by_role("status")
    expect(status).to_have_text("This text: easy for most. Nothing to mend.")

    page.get_by_label("Summary").fill(HARD)
    expect(margin.locator("mark.plain-mark--rare")).to_have_count(2)
    expect(margin.locator("mark.plain-mark--acronym")).to_contain_text("FSA")
    expect(margin.locator("mark.plain-mark--passive")).to_contain_text("is measured")
    expect(margin.locator(".plain__preview")).to_contain_text("<b>here</b>")  # words, not HTML
    expect(status).to_contain_text("4 places to look at.")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert_accessible(page)

    # By keyboard: the button asks at once, and the form is not sent.
    page.get_by_label("Summary").fill("We talk again.")
    margin.get_by_role("button", name="Check the language").press("Enter")
    expect(status).to_have_text("This text: easy for most. Nothing to mend.")
    expect(page).to_have_url(re.compile("/settings/$"))


def test_without_script_a_page_in_a_new_tab_says_the_same(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    page = settings_page(browser, live_stack, conference, script=False)
    page.get_by_label("Summary").fill(HARD)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Check the language").click()
    shown = opened.value
    expect(shown.locator("mark.plain-mark--rare")).to_have_count(2)
    expect(shown.get_by_label("The text", exact=True)).to_have_value(HARD)
    expect(page.get_by_label("Summary")).to_have_value(HARD)  # what was being written is still there
    shown.get_by_label("The text", exact=True).fill("We talk.")
    shown.get_by_role("button", name="Check the language").click()
    expect(shown.locator(".tag")).to_have_text("Easy for most")
