"""The two pictures of the README, taken from a running demo.

    make run                                           # in another terminal, with a fresh CONCITOYEN_HOME
    .venv/bin/python scripts/readme_pictures.py        # honours PORT, HOST and CONCITOYEN_HOME like make run

Does what the tour says: draws the first conference's panel, sends the invitations, opens one on a phone.
"""

import json
import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CONCITOYEN_HOME", ROOT / "var"))
BASE = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SLUG = "edition-du-genome"


def sign_in(page: Page) -> None:
    login = json.loads((HOME / "demo.json").read_text())
    page.goto(f"{BASE}/desk/")
    page.fill("[name=login]", login["email"])
    page.fill("[name=password]", login["password"])
    page.locator("main form button").first.click()
    page.wait_for_url("**/desk/")


def draw(page: Page) -> None:
    """Prepare, announce, and let the program draw the ticket: the short way through the ceremony."""
    page.goto(f"{BASE}/desk/{SLUG}/draw/")
    page.locator(".state__act button").first.click()
    page.locator("a[href$='/announce/']").first.click(timeout=120_000)
    page.locator("[name=choosing][value=program]").check()
    page.fill("[name=reveal_at]", datetime.now(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%dT%H:%M"))
    page.locator("main form .buttons button").first.click()
    page.locator("main form .buttons button").first.click()
    page.locator("a[href$='/reveal/']").first.click()
    page.locator("main form button").first.click()
    page.wait_for_timeout(5000)  # the alternates


def invite(page: Page) -> None:
    """Draw and send, unless that has been done."""
    page.goto(f"{BASE}/desk/{SLUG}/panel/")
    if page.locator("main form [name=deadline]").count() == 0:
        if page.locator("a[href$='/panel/calls/']").count():
            return
        draw(page)
        page.goto(f"{BASE}/desk/{SLUG}/panel/")
    page.locator("main form button").first.click()
    page.wait_for_timeout(5000)


def invitation_link(page: Page) -> str:
    page.goto(f"{BASE}/dev/mail/")
    page.locator("a", has_text="tiré au sort").first.click()
    found = re.search(rf"{re.escape(BASE)}/i/[\w-]+/", page.content())
    assert found, "no invitation among the caught mail"
    return found[0]


def main(browser: Browser, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(locale="fr-FR", viewport={"width": 1280, "height": 900})
    sign_in(page)
    invite(page)
    page.goto(f"{BASE}/desk/{SLUG}/")
    page.screenshot(path=out / "cockpit.png")
    link = invitation_link(page)
    phone = browser.new_page(locale="fr-FR", viewport={"width": 390, "height": 844}, device_scale_factor=2)
    phone.goto(link)
    phone.screenshot(path=out / "invitation.png")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        main(playwright.chromium.launch(executable_path=path, args=FLAGS), ROOT / "docs" / "images")
