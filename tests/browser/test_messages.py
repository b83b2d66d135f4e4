"""What goes out when, in a real browser: read before it leaves, moved, held, sent by the real worker, found again."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference
from panels.domain.invitations import invite_panel
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS, WORK
from tests.factories import PASSWORD, make_drawn, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def invited(live_stack: LiveStack) -> Conference:
    organiser = make_user("claire@example.org", name="Claire Fontaine")
    conference, _draw = make_drawn(organiser)
    invite_panel(conference=conference, actor=organiser)
    return conference


def sign_in(browser: Browser, stack: LiveStack) -> Page:
    page = browser.new_context(base_url=stack.url, locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/desk/")
    page.fill("[name=login]", "claire@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def test_reading_moving_and_finding_messages(browser: Browser, live_stack: LiveStack, invited: Conference) -> None:
    page = sign_in(browser, live_stack)
    reminder = Message.objects.filter(conference=invited, kind=Kind.INVITATION_REMINDER).order_by("due_at", "pk")[0]
    page.goto(f"/desk/{invited.slug}/messages/")
    page.get_by_role("link", name=re.compile("^To come")).click()
    assert_accessible(page)

    page.get_by_label("Person").fill(reminder.recipient_name)
    page.get_by_label("Kind of message").select_option(label="Reminder of the invitation")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Reminder of the invitation").first.click()
    expect(page.get_by_role("heading", name="As it would read now")).to_be_visible()
    expect(page.get_by_text("Claire Fontaine · contact@example.org").first).to_be_visible()
    assert_accessible(page)

    page.get_by_text("Give it another time").click()
    later = (invited.local(timezone.now()) + timedelta(days=5)).replace(hour=9, minute=15, second=0, microsecond=0)
    page.get_by_label("When it is to leave").fill(later.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("The message leaves on")).to_be_visible()
    reminder.refresh_from_db()
    assert reminder.due_at == later

    page.get_by_role("button", name="Hold back").click()
    expect(page.get_by_text("The message is held")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("The message goes out within a minute.")).to_be_visible()
    for _try in range(WORK // 500):
        reminder.refresh_from_db()
        if reminder.state == State.SENT:
            break
        page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_role("heading", name="As it went out")).to_be_visible()
