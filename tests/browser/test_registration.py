"""A citizen registers on a phone: the real page, the real mail, the link, the button."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from conference.models import Conference
from panels.enums import Standing
from panels.models import Volunteer
from tests.factories import make_conference, make_criterion, make_user
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture
def conference(live_stack: LiveStack) -> Conference:
    conference = make_conference(make_user(), registration_opens=timezone.now() - timedelta(days=1))
    make_criterion(conference, "Genre", [("Femme", 8, 10), ("Homme", 8, 10)])
    return conference


@pytest.fixture
def phone(live_stack: LiveStack, chromium_path: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=live_stack.url, viewport={"width": 390, "height": 844}, locale="fr-FR")
        yield context.new_page()
        browser.close()
        connection.close()  # Playwright's event loop has given the test a connection of its own


def test_a_citizen_registers_on_a_phone(live_stack: LiveStack, conference: Conference, phone: Page) -> None:
    phone.goto(f"/c/{conference.slug}/register/")
    phone.get_by_label("Prénom").fill("Inès")
    phone.get_by_role("button", name="Envoyer mon inscription").click()
    expect(phone.locator(".error-summary")).to_be_visible()
    expect(phone.get_by_label("Prénom")).to_have_value("Inès")
    for label, text in {"Nom": "Gauthier", "Code postal": "33000", "Année de naissance": "1990"}.items():
        phone.get_by_label(label, exact=True).fill(text)
    phone.get_by_label("Adresse électronique").fill("ines@example.org")
    phone.get_by_text("Femme", exact=True).click()
    groups = phone.get_by_role("group")
    for group in groups.all()[1:]:  # the first is the criterion
        answer = "Oui" if "18 ans" in group.inner_text() else "Non"
        group.get_by_text(answer, exact=True).click()
    phone.get_by_label("Je suis volontaire").check()
    phone.get_by_role("button", name="Envoyer mon inscription").click()
    expect(phone.get_by_role("heading", name="Regardez dans votre messagerie")).to_be_visible()

    letter = live_stack.wait_for_letter("ines@example.org")
    link = re.search(r"https?://\S+/r/\S+", letter.text)
    assert link is not None
    phone.goto(link[0])
    assert Volunteer.objects.get().standing == Standing.UNCONFIRMED
    phone.get_by_role("button", name="Je confirme").click()

    expect(phone.get_by_role("heading", name="Votre inscription est confirmée")).to_be_visible()
    assert Volunteer.objects.get().standing == Standing.ELIGIBLE
    live_stack.wait_for_letter("ines@example.org", "confirm")
