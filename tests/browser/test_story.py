"""The whole story in a real browser: from an empty conference to a complete panel.

Real web server, worker, beat, PostgreSQL, Valkey and SMTP (``live_stack``). The organiser works in English on a wide
screen, the citizens answer in French on a phone. Every page that is crossed is read by axe.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from conference.models import Conference
from panels.domain.seats import panel_state
from panels.enums import InvitationState
from panels.models import Identity, Invitation
from tests.browser import ceremony
from tests.browser.axe import assert_accessible
from tests.factories import PASSWORD, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WORK = 60_000  # milliseconds that the worker may take for an import or a draw on a busy machine
SEX, AGE, AREA = ["Femme", "Homme"], ["18 à 34 ans", "35 à 59 ans", "60 ans et plus"], ["Ville", "Campagne"]
QUOTAS = [("Sexe", "Femme", 8, 9), ("Sexe", "Homme", 8, 9)]
QUOTAS += [("Âge", value, 5, 7) for value in AGE] + [("Territoire", "Ville", 9, 11), ("Territoire", "Campagne", 7, 9)]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, live_stack: LiveStack) -> Iterator[Page]:
    """The organiser's browser, signed in by the form."""
    make_user("claire@example.org", name="Claire Fontaine")
    context = browser.new_context(base_url=live_stack.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", "claire@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    yield page
    context.close()


def phone(browser: Browser, stack: LiveStack) -> BrowserContext:
    return browser.new_context(
        base_url=stack.url, locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )


def pool_file(folder: Path) -> Path:
    """Sixty volunteers as people have them: semicolons, Windows-1252, French headers."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Prénom", "Nom", "Courriel", "Code postal", "Sexe", "Âge", "Territoire"])
    for number, (sex, age, area) in enumerate(itertools.islice(itertools.cycle(itertools.product(SEX, AGE, AREA)), 60)):
        writer.writerow(
            [f"Zoé{number}", f"Lefèvre{number}", f"zoe{number}@example.org", f"69{number:03d}", sex, age, area]
        )
    path = folder / "volontaires.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def quota_file(folder: Path) -> Path:
    path = folder / "critères.csv"
    path.write_text(
        "feature,value,min,max\n" + "".join(f"{f},{v},{low},{high}\n" for f, v, low, high in QUOTAS), encoding="utf-8"
    )
    return path


def create_conference(page: Page) -> Conference:
    page.goto("/desk/")
    assert_accessible(page)
    page.goto("/desk/new/")
    page.fill("[name=title]", "Réutiliser l’eau")
    page.fill("[name=question]", "Jusqu’où réutiliser les eaux usées traitées ?")
    page.fill("[name=summary]", "Les étés s’assèchent. Dix-sept habitants rendent un avis.")
    page.fill("[name=commissioner]", "Conseil régional")
    page.fill("[name=commissioner_pledge]", "Une réponse écrite à chaque recommandation, dans les trois mois.")
    page.fill("[name=funding]", "Conseil régional, 112 000 €.")
    page.fill("[name=organised_by]", "Bureau des conférences")
    page.fill("[name=contact_name]", "Claire Fontaine")
    page.fill("[name=contact_email]", "eau@example.org")
    page.fill("[name=seats]", "17")
    deadline = (timezone.now() + timedelta(days=12)).strftime("%Y-%m-%dT18:00")
    page.fill("[name=reply_deadline]", deadline)
    assert_accessible(page)
    page.locator("main form .buttons button").last.click()
    page.wait_for_url(re.compile(r"/desk/(?!new)[\w-]+/"))
    conference = Conference.objects.get(title="Réutiliser l’eau")
    assert conference.seats == 17
    Conference.objects.update(quiet_from=time(8), quiet_to=time(8))  # this test runs at any hour of the night
    return conference


def add_session(page: Page, conference: Conference) -> None:
    page.goto(f"/desk/{conference.slug}/sessions/add/")
    page.fill("[name=title]", "Première fin de semaine")
    page.fill("[name=day]", (timezone.now() + timedelta(days=40)).strftime("%Y-%m-%d"))
    page.fill("[name=begins]", "09:30")
    page.fill("[name=ends]", "17:00")
    page.fill("[name=place]", "12 rue des Tilleuls")
    assert_accessible(page)
    page.locator("main form .buttons button").last.click()
    page.wait_for_url(re.compile("/sessions/$"))
    assert conference.sessions.count() == 1


def import_criteria(page: Page, conference: Conference, folder: Path) -> None:
    page.goto(f"/desk/{conference.slug}/criteria/import/")
    page.set_input_files("[name=file]", quota_file(folder))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Put these criteria in place").click()
    page.wait_for_url(re.compile("/criteria/$"))
    expect(page.get_by_text("Adds up", exact=True)).to_have_count(3)
    assert_accessible(page)


def import_pool(page: Page, conference: Conference, folder: Path) -> None:
    page.goto(f"/desk/{conference.slug}/import/")
    assert_accessible(page)
    page.set_input_files("[name=file]", pool_file(folder))
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("Lefèvre0")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Check all 60 rows").click()
    page.get_by_role("button", name="Import all 60 rows").click(timeout=WORK)
    expect(page.get_by_text("60 people were added to the pool.")).to_be_visible(timeout=WORK)
    page.goto(f"/desk/{conference.slug}/pool/")
    assert_accessible(page)


def publish(page: Page, conference: Conference) -> None:
    """A draw is announced on the public page, which therefore must be visible."""
    page.goto(f"/desk/{conference.slug}/settings/")
    page.get_by_role("button", name="Show the public page").click()
    expect(page.get_by_text("The public page is visible to everybody.").first).to_be_visible()


def draw_panel(page: Page, conference: Conference) -> None:
    publish(page, conference)
    ceremony.prepare(page, conference)
    ceremony.reveal(page, ceremony.announce(page, conference), "417")
    page.goto(f"/desk/{conference.slug}/draw/")
    expect(page.locator("main svg").first).to_be_visible()
    assert_accessible(page)


def link_in(text: str, base: str) -> str:
    found = re.search(rf"{re.escape(base)}/i/\S+", text)
    assert found, text
    return found[0].removeprefix(base)


def open_invitation(context: BrowserContext, stack: LiveStack, invitation: Invitation) -> Page:
    email = Identity.objects.get(volunteer=invitation.volunteer).email
    letter = stack.wait_for_letter(email, "votre réponse avant", seconds=60)
    page = context.new_page()
    page.goto(link_in(letter.text, stack.url))
    expect(page).to_have_url(re.compile("/invitation/$"))  # the token is out of the address at once
    return page


def test_from_an_empty_conference_to_a_complete_panel(
    browser: Browser, desk: Page, live_stack: LiveStack, tmp_path: Path
) -> None:
    conference = create_conference(desk)
    slug = conference.slug
    add_session(desk, conference)
    import_criteria(desk, conference, tmp_path)
    import_pool(desk, conference, tmp_path)
    draw_panel(desk, conference)

    desk.goto(f"/desk/{slug}/panel/")
    assert_accessible(desk)
    desk.get_by_role("button", name="Send the 17 invitations").click()
    expect(desk.get_by_text("17 waiting").first).to_be_visible()
    invited = list(Invitation.objects.filter(conference=conference).order_by("seat__number"))
    assert len(invited) == 17

    # One accepts on a phone, and says what she needs.
    with phone(browser, live_stack) as context:
        page = open_invitation(context, live_stack, invited[0])
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="J’accepte").click()
        page.fill("[name=diet]", "Sans gluten")
        assert_accessible(page)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Sans gluten")).to_be_visible()
        assert_accessible(page)
    letter = live_stack.wait_for_letter(
        Identity.objects.get(volunteer=invited[0].volunteer).email, "réservée", seconds=60
    )
    assert [attachment.name for attachment in letter.attachments] == ["conference.ics"]

    # One declines: the alternate is invited at once, by a letter of her own.
    with phone(browser, live_stack) as context:
        page = open_invitation(context, live_stack, invited[1])
        page.get_by_role("link", name="Je ne peux pas").click()
        assert_accessible(page)
        page.get_by_role("button", name=re.compile("confirme")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
        assert_accessible(page)
    alternate = Invitation.objects.get(conference=conference, round=1)
    assert alternate.seat_id == invited[1].seat_id

    # Everybody else accepts, the alternate too.
    with phone(browser, live_stack) as context:
        for invitation in [*invited[2:], alternate]:
            page = open_invitation(context, live_stack, invitation)
            page.get_by_role("button", name="J’accepte").click()
            page.wait_for_url(re.compile("/invitation/"))
            page.close()
    assert panel_state(conference).complete is True
    assert Invitation.objects.filter(conference=conference, state=InvitationState.ACCEPTED).count() == 17

    # The cockpit turns green, the log tells it, and the public sees the panel in aggregate.
    for path in (
        f"/desk/{slug}/",
        f"/desk/{slug}/panel/",
        f"/desk/{slug}/messages/",
        f"/desk/{slug}/log/",
        f"/desk/{slug}/settings/",
    ):
        response = desk.goto(path)
        assert response is not None
        assert response.status == 200, path
        assert_accessible(desk)
    desk.goto(f"/desk/{slug}/log/")
    expect(desk.get_by_text("The panel is complete: 17 citizens have accepted").first).to_be_visible()
    with phone(browser, live_stack) as context:
        public = context.new_page()
        public.goto(f"/c/{slug}/")
        expect(public.get_by_text("Jusqu’où réutiliser les eaux usées traitées ?").first).to_be_visible()
        assert "Lefèvre" not in public.content()
        assert_accessible(public)
