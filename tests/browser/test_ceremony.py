"""The ceremony in a real browser, from a full pool to a sceptic who checks the published list on another computer.

Real web server, worker and beat. What is downloaded is checked by the command line in a process of its own, in an empty
folder and without any setting of this site.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect, sync_playwright

from conference.links import make_token
from conference.models import Conference
from panels.domain import draws
from panels.domain.registration import SCOPE
from panels.enums import DrawState, Place
from panels.models import Draw, DrawEntry, Volunteer
from tests.browser.axe import assert_accessible
from tests.browser.ceremony import announce, prepare, reveal, wait_until_prepared
from tests.factories import PASSWORD, make_conference, make_criterion, make_user, make_volunteer
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    organiser = make_user("claire@example.org", name="Claire Fontaine")
    made = make_conference(organiser, seats=15, alternates=3, title="Réutiliser l’eau")
    make_criterion(made, "Sexe", [("Femme", 7, 8), ("Homme", 7, 8)])
    make_criterion(made, "Âge", [("18 à 34 ans", 4, 6), ("35 à 59 ans", 5, 6), ("60 ans et plus", 4, 6)])
    ages = ("18 à 34 ans", "35 à 59 ans", "60 ans et plus", "60 ans et plus")
    for number in range(44):
        make_volunteer(made, {"Sexe": "Femme" if number % 3 else "Homme", "Âge": ages[number % 4]})
    return made


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


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


@pytest.fixture
def phone(browser: Browser, live_stack: LiveStack) -> Page:
    """Somebody of the public, who speaks French and is signed in nowhere."""
    context = browser.new_context(
        base_url=live_stack.url, locale="fr-FR", viewport={"width": 390, "height": 844}, accept_downloads=True
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def in_one_piece(page: Page) -> str:
    return re.sub(r"\s", "", page.locator("main").inner_text())


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as a sceptic runs it: from its folder, with nothing of this site in the environment."""
    return subprocess.run(
        [sys.executable, "-m", "panels.lottery", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def own_page(volunteer: Volunteer) -> str:
    return f"/r/{make_token(SCOPE, volunteer.uuid, volunteer.link_version)}/"


def download_proof(phone: Page, folder: Path) -> Path:
    phone.get_by_text("Prouver que vous êtes dans la liste").click()
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="Télécharger ma preuve").click()
    return saved(waiting.value, folder)


def see_announcement(phone: Page, draw: Draw) -> None:
    """The fingerprint is public; the list is not."""
    slug = draw.conference.slug
    phone.goto(f"/c/{slug}/")
    phone.get_by_role("link", name="Voir l’annonce et son empreinte").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Le tirage au sort est annoncé")
    assert_accessible(phone)
    assert draw.fingerprint in in_one_piece(phone)
    assert draw.root in in_one_piece(phone)
    answer = phone.request.get(f"/c/{slug}/draw/{draw.number}/bundle.json")
    assert (answer.status, draw.seed in answer.text()) == (404, False)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def see_own_part(phone: Page, draw: Draw, entry: DrawEntry, folder: Path) -> None:
    """Chance, tickets and code; and a proof that holds under the announced root, for the owner of the code only."""
    code = draws.code_for(draw, entry.pseudonym)
    phone.goto(own_page(entry.volunteer))
    expect(phone.get_by_text(code)).to_be_visible()
    expect(phone.get_by_text(f"vous figurez sur {len(entry.tickets)} des")).to_be_visible()
    assert_accessible(phone)
    proof = download_proof(phone, folder)
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    other = draw.entries.exclude(pk=entry.pk)[0]
    codes = [code, draws.code_for(draw, other.pseudonym)]
    runs = [command(folder, "prove", proof.name, "--root", draw.root, "--code", shown) for shown in codes]
    assert [run.returncode for run in runs] == [0, 1], [run.stderr for run in runs]
    assert command(folder, "prove", proof.name, "--root", "0" * 64).returncode == 1


def check_as_a_sceptic(phone: Page, draw: Draw, entry: DrawEntry, folder: Path) -> None:
    """The downloaded list gives the same panel; with one byte changed it is refused."""
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="Télécharger la liste").click()
    bundle = saved(waiting.value, folder)
    code = draws.code_for(draw, entry.pseudonym)
    shown = phone.locator(".command", has_text="verify").inner_text().split()
    assert shown[:5] == ["python", "-m", "panels.lottery", "verify", bundle.name]

    checked = command(folder, *shown[3:], "--code", code)

    assert checked.returncode == 0, checked.stderr
    for name in [*draw.result["panel"], *draw.result["alternates"]]:
        assert name in checked.stdout
    assert entry.pseudonym in checked.stdout
    content = bytearray(bundle.read_bytes())
    place = content.index(b'"tickets":[[') + len(b'"tickets":[["')
    content[place] = ord("B") if content[place] != ord("B") else ord("C")
    (folder / "changed.json").write_bytes(content)
    refused = command(folder, "verify", "changed.json", *shown[5:])
    assert (refused.returncode, "✗" in refused.stderr) == (1, True)
    assert command(folder, "verify", bundle.name, "--fingerprint", "0" * 64).returncode == 1


def test_from_a_full_pool_to_a_sceptic(desk: Page, phone: Page, conference: Conference, tmp_path: Path) -> None:
    prepare(desk, conference)
    draw = announce(desk, conference)
    entry = draw.entries.select_related("volunteer").order_by("pk")[7]
    see_announcement(phone, draw)
    see_own_part(phone, draw, entry, tmp_path)

    reveal(desk, draw, "047")
    draw.refresh_from_db()
    assert (draw.state, draw.ticket) == (DrawState.DONE, 47)
    assert sorted(draw.result["panel"]) == sorted(desk.locator(".pseudonyms").first.inner_text().split())

    phone.goto(f"/c/{conference.slug}/draw/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Le panel est tiré au sort")
    names = phone.locator(".pseudonyms").first.inner_text().split()
    assert names == sorted(draw.entries.filter(place=Place.PANEL).values_list("pseudonym", flat=True))
    assert_accessible(phone)
    check_as_a_sceptic(phone, draw, entry, tmp_path)

    phone.get_by_role("link", name=re.compile("Parcourir les")).click()
    assert_accessible(phone)
    phone.fill("[name=q]", entry.pseudonym)
    phone.get_by_role("button", name="Chercher").click()
    expect(phone.get_by_role("status")).to_contain_text(f"figure sur {len(entry.tickets)}")
    seated = draw.entries.filter(place=Place.PANEL).select_related("volunteer")[0]
    phone.goto(own_page(seated.volunteer))
    expect(phone.get_by_text("vous y figurez")).to_be_visible()


def test_a_second_draw_needs_a_reason_and_both_stay_visible(desk: Page, phone: Page, conference: Conference) -> None:
    prepare(desk, conference)
    first = announce(desk, conference)
    reveal(desk, first, "731")

    desk.goto(f"/desk/{conference.slug}/draw/start/")
    assert_accessible(desk)
    desk.get_by_role("button", name="Set draw 1 aside").click()
    assert Draw.objects.count() == 1
    desk.fill("[name=reason]", "Une boule est tombée à terre.")
    desk.get_by_role("button", name="Set draw 1 aside").click()
    wait_until_prepared(desk, conference)
    second = announce(desk, conference)

    phone.goto(f"/c/{conference.slug}/draw/")
    told = phone.locator("main").inner_text()
    assert second.fingerprint in in_one_piece(phone)
    assert (told.count("Une boule est tombée à terre."), "731" in told) == (2, True)
    assert_accessible(phone)
    phone.get_by_role("link", name="Tout sur le tirage n° 1").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Le tirage n° 1 a été mis de côté")
    assert first.fingerprint in in_one_piece(phone)
    assert_accessible(phone)
