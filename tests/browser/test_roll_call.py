"""A facilitator calls the roll where the network fails; nothing is lost; the organiser hands the allowances over."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from conference.enums import Role
from conference.models import Conference
from panels.domain.allowances import save_rate
from panels.domain.invitations import accept, invite_panel
from panels.enums import RateKind
from panels.half_days import half_days
from panels.models import AttendanceMark, Invitation, Signature, Statement
from panels.roll_rows import rows_of
from tests.browser.axe import assert_accessible
from tests.factories import PASSWORD, add_member, make_drawn, make_session, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
FACILITATOR, ORGANISER = "amine@example.org", "claire@example.org"


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    organiser = make_user(ORGANISER)
    conference, _draw = make_drawn(organiser, seats=3, alternates=1, others=2)
    add_member(conference, make_user(FACILITATOR), Role.FACILITATOR)
    for invitation in invite_panel(conference=conference, actor=organiser):
        accept(invitation_id=invitation.pk)
    make_session(conference, timezone.now() - timedelta(minutes=40), hours=1)
    fields = {"kind": RateKind.HALF_DAY, "amount": Decimal("45.00")}
    save_rate(conference_id=conference.pk, actor=organiser, fields=fields)
    return conference


@pytest.fixture
def tablet(live_stack: LiveStack, chromium_path: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_context(base_url=live_stack.url, viewport={"width": 820, "height": 1180}, locale="fr-FR")
        browser.close()
        connection.close()  # Playwright's event loop has given the test a connection of its own


def sign_in(page: Page, email: str, address: str) -> None:
    page.goto(f"/accounts/login/?next={address}")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{address}")


def kept_for_later(page: Page) -> bool:
    """Whether the device holds the page and has somebody to serve it."""
    return bool(
        page.evaluate(
            """async () => {
              const kept = await caches.open(`attendance:${location.pathname}`);
              const styles = (await kept.keys()).some((one) => one.url.endsWith('.css'));
              const worker = await navigator.serviceWorker.getRegistration(location.pathname);
              return Boolean(styles && worker && worker.active && await kept.match(location.pathname));
            }"""
        )
    )


def wait_until_kept(page: Page) -> None:
    for _try in range(50):
        if kept_for_later(page):
            return
        page.wait_for_timeout(200)
    pytest.fail("The page was not kept on the device.")


def draw_signature(page: Page) -> None:
    box = page.locator("[data-sign-field]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + 25 * step, box["y"] + (40 if step % 2 else 90))
    page.mouse.up()


def test_the_roll_is_called_without_network(
    live_stack: LiveStack, conference: Conference, tablet: BrowserContext
) -> None:
    half = half_days(conference)[0]
    address = f"/desk/{conference.slug}/attendance/{half.slug}/"
    page = tablet.new_page()
    sign_in(page, FACILITATOR, address)
    rows = page.locator(".roll__row")
    state = page.locator("[data-roll-state]")

    # With network: sent at once.
    rows.nth(0).get_by_role("button", name="Présent", exact=True).click()
    expect(state).to_contain_text("Tout est envoyé")
    assert AttendanceMark.objects.count() == 1
    assert_accessible(page)
    wait_until_kept(page)

    # Without: noted, signed, and still there after the page was opened again.
    tablet.set_offline(True)
    rows.nth(1).get_by_role("button", name="Signer").click()
    draw_signature(page)
    page.get_by_role("button", name="Garder la signature").click()
    rows.nth(2).get_by_role("button", name="Absent", exact=True).click()
    expect(state).to_contain_text("Pas de réseau")
    expect(state).to_contain_text("À envoyer\N{NO-BREAK SPACE}: 3")
    page.reload()
    expect(state).to_contain_text("À envoyer\N{NO-BREAK SPACE}: 3")
    expect(rows.nth(0)).to_have_class(re.compile("roll__row--present"))
    expect(rows.nth(1)).to_contain_text("signé")
    expect(rows.nth(1)).to_have_class(re.compile("roll__row--present"))
    expect(rows.nth(2)).to_have_class(re.compile("roll__row--absent"))
    expect(page.locator(".round-table__figure")).to_contain_text("2")
    assert AttendanceMark.objects.count() == 1

    # Signed out meanwhile: the marks wait for whoever signs in again.
    cookies = tablet.cookies()
    tablet.clear_cookies(name="sessionid")
    tablet.set_offline(False)
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(state).to_contain_text("déconnecté")
    assert AttendanceMark.objects.count() == 1
    page.get_by_role("link", name="Se reconnecter").click()
    sign_in(page, FACILITATOR, address)
    expect(state).to_contain_text("Tout est envoyé")
    assert cookies
    assert [str(one.presence.kind) for one in rows_of(half_days(conference)[0])] == ["present", "present", "absent"]
    assert len(Signature.objects.get().strokes) == 1
    assert AttendanceMark.objects.count() == 4

    # Closed: nothing stays on the device.
    page.get_by_role("button", name="Clore la demi-journée").click()
    expect(page.get_by_text("La demi-journée est close.")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('|')).length") == 0


def test_signing_out_clears_the_names(live_stack: LiveStack, conference: Conference, tablet: BrowserContext) -> None:
    address = f"/desk/{conference.slug}/attendance/{half_days(conference)[0].slug}/"
    page = tablet.new_page()
    sign_in(page, FACILITATOR, address)
    wait_until_kept(page)

    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "attendance" not in url)

    assert page.evaluate("async () => (await caches.keys()).length") == 0
    tablet.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(address)


def test_allowances_are_confirmed_and_handed_over(
    live_stack: LiveStack, conference: Conference, tablet: BrowserContext
) -> None:
    half = half_days(conference)[0]
    page = tablet.new_page()
    sign_in(page, ORGANISER, f"/desk/{conference.slug}/attendance/{half.slug}/")
    for number in (0, 1):
        page.locator(".roll__row").nth(number).get_by_role("button", name="Présent", exact=True).click()
    expect(page.locator("[data-roll-state]")).to_contain_text("Tout est envoyé")
    page.get_by_role("button", name="Clore la demi-journée").click()

    page.goto(f"/desk/{conference.slug}/allowances/")
    assert_accessible(page)
    page.get_by_role("button", name="Tout confirmer").click()
    page.get_by_role("button", name="Établir le fichier de paiement").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger (CSV)").click()
    content = download.value.path().read_bytes().decode("utf-8-sig")
    page.get_by_role("button", name="Marquer comme payé").click()

    lines = content.splitlines()
    references = [one.volunteer.reference for one in Invitation.objects.order_by("seat__number")[:2]]
    assert [line.split(";")[2] for line in lines[1:]] == references
    assert all(line.endswith(";1;45,00") for line in lines[1:])
    assert set(Statement.objects.values_list("state", flat=True)) == {"paid"}
