"""The whole life of an invitation without e-mail, from the letter to the replacement, in real browsers.

An organiser makes the letter at a desk; its PDF is read by a library that did not write it; the short address is typed on
a telephone; and the alternate is called and says yes.
"""

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PdfReader

from conference.models import Conference
from panels.enums import CallOutcome, Channel, DeclineReason, InvitationState, Way
from panels.models import CallAttempt, Identity, Invitation
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS, phone
from tests.factories import PASSWORD, make_drawn, make_session, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    """One seat, two alternates, and nobody has e-mail."""
    made, _draw = make_drawn(make_user("claire@example.org", name="Claire Fontaine"), seats=1, alternates=2, others=9)
    make_session(made)
    Identity.objects.filter(conference=made).update(
        email="", email_key="", phone="01 99 00 12 34", address="3 rue de l’Église", postcode="69001", city="Lyon"
    )
    return made


@pytest.fixture
def desk(browser: Browser, live_stack: LiveStack, conference: Conference) -> Page:
    context = browser.new_context(base_url=live_stack.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", "claire@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def print_letter(desk: Page, slug: str) -> str:
    """The text of the PDF that the organiser downloads."""
    desk.goto(f"/desk/{slug}/panel/")
    expect(desk.get_by_text("nothing has reached them")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Make the letter").click()
    expect(desk.locator("[name=invitation]:checked")).to_have_count(1)
    assert_accessible(desk)
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="Make the letters (PDF)").click()
    pages = PdfReader(io.BytesIO(waiting.value.path().read_bytes())).pages
    return "\n".join(sheet.extract_text() for sheet in pages)


def decline_by_code(page: Page, code: str, first_name: str) -> None:
    page.goto("/l/")
    assert_accessible(page)
    page.get_by_label("Le code de votre lettre").fill(code[:-1] + ("2" if code[-1] != "2" else "3"))
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.get_by_text("Vérifiez chaque signe").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Le code de votre lettre").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page).to_have_url(re.compile("/invitation/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(first_name)
    assert_accessible(page)
    assert fits(page)
    page.get_by_role("link", name="Je ne peux pas").click()
    page.get_by_label("Les dates ne me conviennent pas").check()
    page.get_by_role("button", name=re.compile("confirme")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")


def ask_whether_real(page: Page, reference: str) -> None:
    page.goto("/letter/")
    for postcode, answer in (("69002", "Non."), ("69001", "Oui.")):
        page.get_by_label("Référence de la lettre").fill(reference)
        page.get_by_label("Code postal").fill(postcode)
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("status")).to_contain_text(answer)
        assert_accessible(page)
        assert fits(page)


def call_who_says_yes(desk: Page, slug: str) -> None:
    """On the telephone that the organiser calls with."""
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"/desk/{slug}/panel/calls/?only=no_mail")
    expect(desk.get_by_role("link", name="01 99 00 12 34")).to_have_attribute("href", "tel:0199001234")
    assert_accessible(desk)
    assert fits(desk)
    desk.get_by_role("button", name="Nobody answered").click()
    expect(desk.get_by_text("Nobody answered (Claire Fontaine)")).to_be_visible()
    desk.get_by_role("button", name="Said yes").click()
    expect(desk.get_by_text("Nobody to call")).to_be_visible()
    desk.set_viewport_size({"width": 1280, "height": 900})


def test_from_the_letter_to_the_replacement(
    browser: Browser, desk: Page, live_stack: LiveStack, conference: Conference
) -> None:
    slug = conference.slug
    desk.goto(f"/desk/{slug}/panel/")
    desk.get_by_role("button", name=re.compile("^Send the")).click()
    expect(desk.get_by_text("1 waiting").first).to_be_visible()
    first = Invitation.objects.select_related("volunteer__identity").get()
    identity = first.volunteer.identity

    letter = print_letter(desk, slug)

    first.refresh_from_db()
    assert (first.state, first.sent_by) == (InvitationState.SENT, Way.LETTER)
    assert f"{identity}\n3 rue de l’Église\n69001 Lyon" in letter
    assert conference.question.split()[0] in letter
    [code] = re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", letter)
    [reference] = set(re.findall(r"L-\d{3}-\d{3}", letter))

    with phone(browser, live_stack) as context:
        page = context.new_page()
        ask_whether_real(page, reference)
        decline_by_code(page, code, identity.first_name)
    first.refresh_from_db()
    assert (first.state, first.decline_reason, first.channel) == (
        InvitationState.DECLINED,
        DeclineReason.DATES,
        Channel.LINK,
    )

    alternate = Invitation.objects.get(seat=first.seat, round=1)
    call_who_says_yes(desk, slug)

    alternate.refresh_from_db()
    assert (alternate.state, alternate.channel) == (InvitationState.ACCEPTED, Channel.TELEPHONE)
    outcomes = list(CallAttempt.objects.order_by("at").values_list("outcome", flat=True))
    assert outcomes == [CallOutcome.NO_ANSWER, CallOutcome.ACCEPTED]
    desk.goto(f"/desk/{slug}/panel/seats/1/")
    expect(desk.get_by_text("Declined; replaced")).to_be_visible()
    expect(desk.get_by_text(f"Letter {reference} was made for {first.volunteer.reference}")).to_be_visible()
    expect(desk.get_by_text("was called and said yes")).to_be_visible()
    assert_accessible(desk)
    with phone(browser, live_stack) as context:
        page = context.new_page()
        page.goto(f"/l/{code}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
        expect(page.get_by_role("button", name="J’accepte")).to_have_count(0)
