"""Words of messages in a real browser: written with the preview beside them, tested, saved, sent by the real worker."""

import re
from collections.abc import Iterator

import pytest
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
def drawn(live_stack: LiveStack) -> Conference:
    conference, _draw = make_drawn(make_user("claire@example.org", name="Claire Fontaine"))
    return conference


def sign_in(browser: Browser, stack: LiveStack, *, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=stack.url, locale="en-GB", viewport={"width": 1280, "height": 900}, java_script_enabled=script
    )
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", "claire@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def sent(page: Page, **which: object) -> Message:
    found = Message.objects.filter(state=State.SENT, **which)
    for _try in range(WORK // 500):
        if found.exists():
            break
        page.wait_for_timeout(500)
    return found.get()


def test_words_are_written_seen_tested_and_sent(browser: Browser, live_stack: LiveStack, drawn: Conference) -> None:
    page = sign_in(browser, live_stack)
    page.goto(f"/desk/{drawn.slug}/texts/")
    assert_accessible(page)
    page.get_by_role("link", name="As it comes – Invitation to a seat, French").click()
    assert_accessible(page)

    # A place that does not exist is told while writing; one that does comes at a click.
    text = page.get_by_label("Text", exact=True)
    text.fill("Bonjour {prenom},\n\nVenez, c’est important.\n\n{button}\n\nAvant le ")
    problems = page.locator("#text-problems")
    expect(problems).to_contain_text("There is no {prenom} here.")
    text.fill("Bonjour {first_name},\n\nVenez, c’est important.\n\n{button}\n\nAvant le ")
    expect(problems).to_be_empty()
    text.press("Control+End")
    page.get_by_text("Places that are filled for each person").click()
    page.get_by_role("button", name="Insert deadline").click()
    expect(text).to_have_value(re.compile(r"Avant le \{deadline\}$"))

    # The preview follows, on a phone and as plain text.
    phone = page.frame_locator("iframe[title='The letter on a phone']")
    expect(phone.get_by_text("Venez, c’est important.")).to_be_visible()
    expect(phone.get_by_text("Camille")).to_be_visible()
    page.get_by_label("Plain text").check()
    expect(page.locator(".view--plain pre")).to_contain_text("Venez, c’est important.")
    assert_accessible(page)

    page.get_by_role("button", name="Send me a test").click()
    expect(page.get_by_text("A test is on its way to claire@example.org.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Venez, c’est important"))
    assert "Venez, c’est important." in sent(page, kind=Kind.TEST).body_text

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The text is saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()

    claire = drawn.memberships.get().user
    first = invite_panel(conference=drawn, actor=claire)[0]
    message = sent(page, kind=Kind.INVITATION, subject_id=str(first.pk))
    assert "Venez, c’est important." in message.body_text

    page.get_by_role("link", name="Version 1").click()
    expect(page.locator("ins", has_text="Venez, c’est important.")).to_be_visible()
    assert_accessible(page)


def test_without_script_the_same_is_done_by_buttons(browser: Browser, live_stack: LiveStack, drawn: Conference) -> None:
    page = sign_in(browser, live_stack, script=False)
    page.goto(f"/desk/{drawn.slug}/texts/invitation/fr/")
    page.get_by_label("Text", exact=True).fill("Bonjour {first_nam},\n\nVenez.\n\n{button}")

    page.get_by_role("button", name="Show how it reads").click()
    expect(page.locator(".error-summary")).to_contain_text("Do you mean {first_name}?")
    expect(page.get_by_role("button", name=re.compile("^Insert"))).to_have_count(0)
    page.get_by_label("Text", exact=True).fill("Bonjour {first_name},\n\nVenez.\n\n{button}")
    page.get_by_role("button", name="Show how it reads").click()
    expect(page.frame_locator("iframe[title='The letter on a phone']").get_by_text("Venez.")).to_be_visible()
    page.get_by_label("Computer").check()
    expect(page.frame_locator("iframe[title='The letter on a computer']").get_by_text("Venez.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The text is saved.")).to_be_visible()


def test_a_free_message_goes_out_after_its_number_was_shown(
    browser: Browser, live_stack: LiveStack, drawn: Conference
) -> None:
    page = sign_in(browser, live_stack)
    page.goto(f"/desk/{drawn.slug}/texts/")
    page.get_by_role("link", name="Write a free message").click()
    page.get_by_label("The alternates").check()
    page.get_by_label("Subject (French)").fill("Des nouvelles")
    page.get_by_label("Text (French)").fill("Bonjour {first_name},\n\nLa date approche.")
    assert_accessible(page)

    page.get_by_role("button", name="Show how it reads, and to how many it goes").click()
    expect(page.get_by_role("heading", name="This message goes to 4 people")).to_be_visible()
    expect(page.frame_locator("iframe[title='The letter on a phone']").get_by_text("La date approche.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Subject (French)")).to_have_value("Des nouvelles")
    page.get_by_role("button", name="Show how it reads, and to how many it goes").click()
    page.get_by_role("button", name="Send to 4 people").click()

    expect(page.get_by_text("The message goes out to 4 people.")).to_be_visible()
    for _try in range(WORK // 500):
        if Message.objects.filter(kind=Kind.FREE, state=State.SENT).count() == 4:
            break
        page.wait_for_timeout(500)
    assert Message.objects.filter(kind=Kind.FREE, state=State.SENT).count() == 4
