"""The balance of views in real browsers: a view is missing, it is found, the committee signs, the citizens wish, the public reads.

The member of the committee and the facilitator work on a telephone, the organiser at a desk.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conference.enums import Role
from conference.models import Conference, Membership, User
from experts.domain.committee import give_opinion
from experts.enums import ExpertState, Opinion, Position, ProposedBy
from experts.models import BoardSignature, Contribution, Expert, Wish
from tests.browser.axe import assert_accessible
from tests.browser.test_story import FLAGS
from tests.experts.factories import make_expert, make_part
from tests.factories import PASSWORD, add_member, make_conference, make_session, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    """Two who are for are approved and have their hour; the one who is against waits on the long list."""
    made = make_conference(make_user("claire@example.org", name="Claire Fontaine"))
    session = make_session(made)
    for name, position, state in (
        ("Armand", Position.FOR, ExpertState.APPROVED),
        ("Orsini", Position.OPEN, ExpertState.APPROVED),
        ("Kerjean", Position.AGAINST, ExpertState.LISTED),
    ):
        expert = make_expert(made, state, last_name=name, position=position, proposed_by=ProposedBy.CITIZENS)
        make_part(expert, session, starts_at=session.starts_at)
    add_member(made, make_user("helene@example.org", name="Hélène Cazal"), Role.STEERING)
    add_member(made, make_user("amine@example.org", name="Amine Berrada"), Role.FACILITATOR)
    return made


def enter(browser: Browser, stack: LiveStack, email: str, size: dict[str, int]) -> Page:
    context = browser.new_context(base_url=stack.url, locale="en-GB", viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def look(page: Page) -> None:
    """Nothing serious for axe, nothing that scrolls sideways."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def approve(expert: Expert) -> None:
    member = Membership.objects.get(user=User.objects.get(email="helene@example.org"))
    give_opinion(expert_id=expert.pk, member=member, opinion=Opinion.APPROVES)


def test_a_missing_view_is_found_signed_and_read(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    board = f"/desk/{conference.slug}/balance/"
    desk = enter(browser, live_stack, "claire@example.org", DESK)
    desk.goto(board)
    expect(desk.get_by_text("Nobody speaks against it: this view is missing.")).to_be_visible()
    look(desk)
    desk.locator("main").get_by_role("link", name="Look on the long list").first.click()
    expect(desk.get_by_role("link", name="Irène Kerjean")).to_be_visible()

    approve(Expert.objects.get(last_name="Kerjean"))
    member = enter(browser, live_stack, "helene@example.org", PHONE)
    member.goto(f"/desk/{conference.slug}/")
    expect(member.get_by_text("The balance board waits for your signature")).to_be_visible()
    member.goto(board)
    expect(member.get_by_text("Opposed views are heard in fair measure.")).to_be_visible()
    look(member)
    member.get_by_role("link", name="Sign the board, or refuse").click()
    look(member)
    member.get_by_label("I do not sign it").check()
    member.get_by_role("button", name="Give my word").click()
    expect(member.get_by_text("Write why you do not sign").first).to_be_visible()
    look(member)
    member.get_by_label("I sign this board").check()
    member.get_by_role("button", name="Give my word").click()
    expect(member.get_by_text("The steering committee has signed this board: 1 of its 1 members.")).to_be_visible()
    assert BoardSignature.objects.count() == 1

    public = browser.new_page(base_url=live_stack.url, locale="en-GB")
    public.goto(f"/c/{conference.slug}/balance/")
    expect(public.get_by_text("Hélène Cazal")).to_be_visible()
    look(public)
    Contribution.objects.filter(expert__last_name="Kerjean").update(minutes=10)
    public.reload()
    expect(public.get_by_text("The board has changed since it was signed")).to_be_visible()
    public.get_by_text("What has changed since").click()
    expect(public.get_by_text("20 minutes before, 10 now.")).to_be_visible()


def test_a_wish_goes_from_the_room_to_the_public_with_its_answer(
    browser: Browser, live_stack: LiveStack, conference: Conference
) -> None:
    facilitator = enter(browser, live_stack, "amine@example.org", PHONE)
    facilitator.goto(f"/desk/{conference.slug}/wishes/")
    facilitator.get_by_role("link", name="Note a wish").click()
    facilitator.get_by_label("We want to hear…").fill("Quelqu’un qui ressème ses graines.")
    look(facilitator)
    facilitator.get_by_role("button", name="Save", exact=True).click()
    expect(facilitator.get_by_text("1 wish of the citizens waits for an answer.")).to_be_visible()
    look(facilitator)

    desk = enter(browser, live_stack, "claire@example.org", DESK)
    desk.goto(f"/desk/{conference.slug}/")
    desk.get_by_role("link", name="To the wishes").click()
    desk.get_by_role("link", name="Answer").click()
    desk.get_by_label("Will be heard", exact=True).check()
    desk.get_by_role("button", name="Give this answer").click()
    expect(desk.get_by_text("Choose the expert who will be heard.").first).to_be_visible()
    look(desk)
    desk.get_by_label("Who will be heard").select_option(label="Irène Armand")
    desk.get_by_role("button", name="Give this answer").click()
    expect(desk.get_by_text("Every wish has its answer.")).to_be_visible()
    assert Wish.objects.get().expert == Expert.objects.get(last_name="Armand")

    public = browser.new_page(base_url=live_stack.url, locale="en-GB")
    public.goto(f"/c/{conference.slug}/balance/")
    expect(public.get_by_text("by an expert who is not confirmed yet")).to_be_visible()
