"""From a letter to a replacement: a person without e-mail types a short address on a phone, and declines; the alternate
who is called up has no e-mail either, and says yes on the telephone. Real worker, real PDF.
"""

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PdfReader

from conference.models import Conference
from panels.domain.invitations import invite_panel
from panels.domain.seats import panel_state
from panels.enums import Channel, InvitationState
from panels.models import Identity, Invitation, Letter
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS, phone
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
    conference, draw = make_drawn(organiser)
    Identity.objects.filter(conference=conference).update(
        address="3 rue de l’Église", postcode="69001", city="Lyon", phone="01 99 00 12 34"
    )
    alternates = draw.entries.filter(place="alternate").values("volunteer")
    Identity.objects.filter(volunteer__in=alternates).update(email="")
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


def letter_code(desk: Page, conference: Conference) -> str:
    """Make the letters that the page proposes, and read the code off the paper."""
    desk.goto(f"/desk/{conference.slug}/panel/")
    desk.get_by_role("link", name="Letters", exact=True).click()
    assert_accessible(desk)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Make the letters (PDF)").click()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(download.value.path().read_bytes())).pages)
    assert "Basile Sansmail" in text
    found = re.search(r"\b[2-9A-HJKMNP-TV-Y]{5}-[2-9A-HJKMNP-TV-Y]{5}\b", text)
    assert found
    return found[0]


def test_from_a_letter_to_the_alternate_on_the_telephone(
    browser: Browser, live_stack: LiveStack, invited: Conference
) -> None:
    first = Invitation.objects.filter(conference=invited).order_by("seat__number")[0]
    Identity.objects.filter(pk=first.volunteer_id).update(first_name="Basile", last_name="Sansmail", email="")
    desk = sign_in(browser, live_stack)
    code = letter_code(desk, invited)

    small = phone(browser, live_stack).new_page()
    small.goto("/l/")
    assert_accessible(small)
    small.get_by_label("Le code de votre lettre").fill(code.lower().replace("-", " "))
    small.get_by_role("button", name="Ouvrir ma page").click()
    expect(small.get_by_text("Basile").first).to_be_visible()
    assert code not in small.url
    small.get_by_role("link", name="Je ne peux pas").click()
    small.get_by_role("button", name="Je confirme").click()
    first.refresh_from_db()
    assert first.state == InvitationState.DECLINED

    called = Invitation.objects.select_related("volunteer__identity").get(conference=invited, round=1)
    desk.goto(f"/desk/{invited.slug}/panel/calls/")
    assert_accessible(desk)
    card = desk.locator("article").filter(has_text=str(called.volunteer.identity)).first
    expect(card.get_by_text("no e-mail")).to_be_visible()
    card.get_by_role("button", name="Said yes").click()
    expect(desk.get_by_text(f"Noted for {called.volunteer.reference}")).to_be_visible()
    called.refresh_from_db()
    assert (called.state, called.channel) == (InvitationState.ACCEPTED, Channel.TELEPHONE)
    assert panel_state(invited).accepted == 1


def test_a_letter_is_shown_to_be_real_on_a_phone(browser: Browser, live_stack: LiveStack, invited: Conference) -> None:
    first = Invitation.objects.filter(conference=invited).order_by("seat__number")[0]
    Identity.objects.filter(pk=first.volunteer_id).update(first_name="Basile", last_name="Sansmail", email="")
    letter_code(sign_in(browser, live_stack), invited)
    letter = Letter.objects.get(invitation=first)

    small = phone(browser, live_stack).new_page()
    small.goto("/letter/")
    assert_accessible(small)
    for postcode, words in (("69002", "Non. Nous ne connaissons pas"), ("69001", "Oui. Nous avons envoyé")):
        small.get_by_label("Référence de la lettre").fill(letter.reference)
        small.get_by_label("Code postal").fill(postcode)
        small.locator("main form .buttons button").click()
        expect(small.get_by_text(words)).to_be_visible()
    assert "Basile" not in small.content()
