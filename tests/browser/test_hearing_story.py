"""The hearing, played from the demo in real browsers: who speaks, whether views are in balance, what experts are told.

Six experts are long-listed, the committee approves and signs, an expert accepts on a telephone, reads two versions of a
briefing and answers a question; the programme is laid, moved by key, mended, published and changed, and only the expert
whom the change concerns is told; the roll is called without network; the allowances leave as a file.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Item, User
from experts.enums import ExpertState
from experts.models import Ask, BoardSignature, Expert
from panels.enums import InvitationState
from panels.half_days import HalfDay, half_days
from panels.models import AttendanceMark, Invitation
from tests.browser.axe import assert_accessible
from tests.browser.test_roll_call import wait_until_kept
from tests.browser.test_story import FLAGS
from tests.factories import PASSWORD
from tests.stack import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
DESK, TABLET, PHONE = {"width": 1280, "height": 900}, {"width": 820, "height": 1180}, {"width": 390, "height": 844}
ORGANISER, FACILITATOR = "claire.fontaine@example.org", "amine.berrada@example.org"
COMMITTEE = ["denis.rambaud@example.org", "helene.cazal@example.org", "marc.duvernay@example.org"]  # three of four

# First name, last name, position as the form names it, and what the last name is called in the address.
SIX = [
    ("Yves", "Tallandier", "Pour"),
    ("Jeanne", "Lhermitte", "Plutôt pour"),
    ("Odette", "Marchal", "Sans avis arrêté"),
    ("Farid", "Mansour", "Sans avis arrêté"),
    ("Solène", "Guillou", "Contre"),
    ("Roland", "Pichot", "Plutôt contre"),
]
PROGRAMME_KINDS = (Kind.EXPERT_PROGRAMME, Kind.TEAM_PROGRAMME)
ONE_DAY, TWO_DAYS = "90,00", "180,00"  # the rate of the demo; three citizens have expenses besides
ANSWER = "Non : le brevet l’interdit, sauf accord du semencier."
MISSING = re.compile(r"Personne ne parle contre\s: ce point de vue manque")
READ: set[tuple[int, str]] = set()  # width and address of the pages that axe has read in this test
FOR, AGAINST = ("Tallandier", "Lhermitte"), ("Guillou", "Pichot")


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()
        connection.close()


@pytest.fixture
def demo(live_stack: LiveStack) -> None:
    call_command("load_demo", verbosity=0)
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()


def enter(browser: Browser, stack: LiveStack, email: str, size: dict[str, int]) -> Page:
    context = browser.new_context(base_url=stack.url, locale="fr-FR", viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/desk/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


@pytest.fixture(autouse=True)
def nothing_read_yet() -> None:
    READ.clear()


def look(page: Page) -> None:
    """Nothing serious for axe, nothing that scrolls sideways."""
    page.wait_for_load_state()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def cross(page: Page) -> None:
    """Look at every kind of page that is crossed, once at each width."""
    assert page.viewport_size
    kind = (page.viewport_size["width"], re.sub(r"\d+", "N", urlsplit(page.url).path))
    if kind not in READ:
        READ.add(kind)
        look(page)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    cross(page)


def follow(page: Page, name: str | re.Pattern[str], within: str = "main") -> None:
    """Go where a link leads."""
    page.locator(within).get_by_role("link", name=name).first.click()
    cross(page)


def menu(page: Page, name: str) -> None:
    """To a page of the conference by the list at the side, which a small screen folds into a menu."""
    folded = page.locator(".desk-nav--menu summary")
    if folded.is_visible():
        folded.click()
    page.locator(".desk-nav").get_by_role("link", name=name, exact=True).filter(visible=True).click()
    cross(page)


def address(last_name: str) -> str:
    return f"{last_name.lower()}@example.org"


def pk_of(last_name: str) -> int:
    return Expert.objects.get(last_name=last_name).pk


@pytest.mark.usefixtures("demo")
def test_a_hearing_from_the_long_list_to_the_balanced_programme(browser: Browser, live_stack: LiveStack) -> None:
    conference = Conference.objects.get(slug="edition-du-genome")
    desk = enter(browser, live_stack, ORGANISER, DESK)
    committee = [enter(browser, live_stack, email, PHONE) for email in COMMITTEE]

    long_list_six(desk, conference)
    lay_a_programme(desk, conference)
    for member in committee:
        approve(member, conference, ["Tallandier", "Lhermitte", "Marchal", "Mansour"])
    the_board_misses_a_view(desk, conference)
    for member in committee:
        approve(member, conference, list(AGAINST))
    the_board_turns_fair(desk, conference)
    sign(committee, conference)

    write_a_briefing(desk, conference)
    expert = invite_and_accept(browser, live_stack, desk, conference, "Guillou")
    invite_and_accept(browser, live_stack, desk, conference, "Tallandier")
    read_two_versions(live_stack, desk, conference, expert)
    ask_and_answer(browser, live_stack, desk, conference, expert)

    mend_a_conflict_by_key(desk, conference)
    tell_only_whom_it_concerns(live_stack, desk, conference)


def long_list_six(desk: Page, conference: Conference) -> None:
    follow(desk, conference.title)
    for first_name, last_name, position in SIX:
        menu(desk, "Experts")
        follow(desk, "Ajouter un expert")
        desk.fill("[name=first_name]", first_name)
        desk.fill("[name=last_name]", last_name)
        desk.fill("[name=email]", address(last_name))
        desk.get_by_label("Position sur la question").select_option(label=position)
        press(desk, "Enregistrer")
        expect(desk.locator("h1")).to_have_text(f"{first_name} {last_name}")
    menu(desk, "Experts")
    expect(desk.get_by_role("link", name="Solène Guillou")).to_be_visible()
    look(desk)
    names = [last_name for _first, last_name, _position in SIX]
    assert Expert.objects.filter(conference=conference, last_name__in=names, state=ExpertState.LISTED).count() == 6


def lay_a_programme(desk: Page, conference: Conference) -> None:
    """A municipal panel, well after what the demo plans; who speaks in its two talks of opposed views, and how long."""
    menu(desk, "Programme")
    follow(desk, "Choisir un modèle")
    desk.get_by_label("Panel municipal").check()
    desk.get_by_label("Premier jour").fill(f"{timezone.now() + timedelta(days=140):%Y-%m-%d}")
    press(desk, "Voir ce que cela donne")
    look(desk)
    press(desk, "Poser ce programme")
    for item, names, minutes in zip(talks_of(conference), (FOR, AGAINST), ("60", "80"), strict=True):
        follow(desk, item.title, "[data-item]")
        desk.fill("[name=minutes]", minutes)
        for name in names:
            desk.get_by_role("checkbox", name=name).check()
        press(desk, "Enregistrer")
    expect(desk.locator("[data-item]").filter(has_text="Guillou").first).to_be_visible()
    look(desk)


def talks_of(conference: Conference) -> list[Item]:
    """The talk of those for and the talk of those against, as the template names them."""
    items = Item.objects.filter(session__conference=conference)
    return [items.get(title="Un point de vue favorable"), items.get(title="Un point de vue opposé")]


def approve(member: Page, conference: Conference, names: list[str]) -> None:
    member.goto(f"/desk/{conference.slug}/")
    menu(member, "Experts")
    for name in names:
        row = member.get_by_role("row").filter(has_text=name)
        row.get_by_role("button", name="J’approuve").click()
        expect(row.get_by_text("Vous approuvez.")).to_be_visible()
        cross(member)


def the_board_misses_a_view(desk: Page, conference: Conference) -> None:
    menu(desk, "Tableau d’équilibre")
    expect(desk.get_by_text(MISSING).first).to_be_visible()
    look(desk)


def the_board_turns_fair(desk: Page, conference: Conference) -> None:
    desk.reload()
    expect(desk.get_by_text(MISSING)).to_have_count(0)
    expect(desk.get_by_text("Les points de vue opposés sont entendus à parts équitables.")).to_be_visible()
    look(desk)


def sign(committee: list[Page], conference: Conference) -> None:
    for member in committee:
        menu(member, "Tableau d’équilibre")
        follow(member, "Signer le tableau, ou refuser")
        member.get_by_label("Je signe ce tableau").check()
        press(member, "Enregistrer ma décision")
    assert BoardSignature.objects.filter(snapshot__conference=conference, decision="signs").count() == 3


def write_a_briefing(desk: Page, conference: Conference) -> None:
    menu(desk, "Experts")
    follow(desk, "Écrire une note de cadrage")
    desk.get_by_label("Titre").fill("Parler à dix-huit citoyens")
    press(desk, "Continuer vers le texte")
    desk.locator("textarea[name=text]").fill("Vous parlez vingt minutes, puis vous répondez.")
    press(desk, "Enregistrer et passer à la publication")
    press(desk, "Publier la version 1")


def invite_and_accept(browser: Browser, stack: LiveStack, desk: Page, conference: Conference, last_name: str) -> Page:
    """By the link of the letter, on a telephone."""
    menu(desk, "Experts")
    follow(desk, re.compile(last_name))
    press(desk, "Envoyer l’invitation")
    letter = stack.wait_for_letter(address(last_name))
    context = browser.new_context(base_url=stack.url, locale="fr-FR", viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    phone = context.new_page()
    phone.goto(link_in(letter.text))
    cross(phone)
    press(phone, "J’accepte")
    look(phone)
    follow(phone, "Mes déclarations", "nav")
    phone.locator("[name=position_text]").fill("Tout dépend de qui possède la graine.")
    phone.locator("[name=interests]").fill("Aucun financement privé.")
    press(phone, "Déclarer")
    expect(phone).to_have_url(re.compile("/briefing/#declaration$"))
    look(phone)
    expert = Expert.objects.get(last_name=last_name)
    assert (expert.state, expert.interests) == (ExpertState.ACCEPTED, "Aucun financement privé.")
    return phone


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+/e/\S+", text)
    assert found
    return found[0].rstrip(".>)")


def read_two_versions(stack: LiveStack, desk: Page, conference: Conference, phone: Page) -> None:
    follow(phone, "Ce qu’on attend de moi", "nav")
    expect(phone.get_by_text("vingt minutes")).to_be_visible()
    press(phone, "J’ai lu la version 1")
    expect(phone.get_by_text("Vous avez lu la version 1.")).to_be_visible()

    menu(desk, "Experts")
    follow(desk, "Parler à dix-huit citoyens")
    follow(desk, "Modifier le texte")
    desk.locator("textarea[name=text]").fill("Vous parlez quinze minutes, puis vous répondez.")
    press(desk, "Enregistrer et passer à la publication")
    desk.locator("[name=change_note]").fill("Quinze minutes au lieu de vingt.")
    press(desk, "Publier la version 2")

    letter = stack.wait_for_letter(address("Guillou"), "version 2 à lire")
    phone.goto(link_in(letter.text))
    follow(phone, "Ce qu’on attend de moi", "nav")
    expect(phone.get_by_text("Vous avez lu la version 1. Une plus récente")).to_be_visible()
    expect(phone.get_by_text("Ce qui a changé : Quinze minutes au lieu de vingt.")).to_be_visible()
    look(phone)
    press(phone, "J’ai lu la version 2")
    expect(phone.get_by_text("Vous avez lu la version 2.")).to_be_visible()


def ask_and_answer(browser: Browser, stack: LiveStack, desk: Page, conference: Conference, phone: Page) -> None:
    room = enter(browser, stack, FACILITATOR, TABLET)
    room.goto(f"/desk/{conference.slug}/")
    menu(room, "Questions clés")
    room.fill("textarea[name=text]", "Pourra-t-on encore ressemer ses graines ?")
    press(room, "Ajouter la question")
    press(room, "Arrêter les questions")
    look(room)
    room.context.close()

    menu(desk, "Questions clés")
    follow(desk, "Qui répond à quoi")
    desk.get_by_role("checkbox", name="Solène Guillou").check()
    press(desk, "Enregistrer")
    desk.get_by_label("Réponses écrites pour le").fill(f"{timezone.now() + timedelta(days=20):%Y-%m-%dT18:00}")
    press(desk, "Poser les questions")
    look(desk)

    letter = stack.wait_for_letter(address("Guillou"), "question")
    phone.goto(link_in(letter.text))
    follow(phone, "Les questions qui vous sont posées", "nav")
    follow(phone, re.compile("Répondre"))
    phone.locator("textarea").fill(ANSWER)
    press(phone, "Remettre ma réponse")
    look(phone)
    assert Ask.objects.get(expert__last_name="Guillou").answer == ANSWER
    follow(phone, "Mes déclarations", "nav")
    phone.get_by_label("Pourra-t-on encore ressemer ses graines ?").select_option(label="Contre")
    press(phone, "Enregistrer mes positions")
    look(phone)

    menu(desk, "Questions clés")
    follow(desk, "La grille des réponses")
    expect(desk.get_by_role("row").filter(has_text="ressemer").get_by_text("Réponse écrite")).to_be_visible()
    menu(desk, "Questions clés")
    press(desk, "Publier les réponses")
    public = browser.new_page(base_url=stack.url, locale="fr-FR")
    public.goto(f"/c/{conference.slug}/questions/")
    expect(public.get_by_text("Lire la réponse").first).to_be_visible()
    look(public)
    public.close()


def mend_a_conflict_by_key(desk: Page, conference: Conference) -> None:
    """The same expert in two talks at one hour: warned of, and mended by moving one of them with the keyboard."""
    first, second = talks_of(conference)
    menu(desk, "Programme")
    follow(desk, second.title, "[data-item]")
    desk.get_by_role("checkbox", name="Tallandier").check()
    desk.fill("[name=begins]", f"{conference.local(first.starts_at):%H:%M}")
    desk.locator("[name=follow]").uncheck()
    press(desk, "Enregistrer")
    twice = desk.get_by_label("Ce qui ne tient pas").get_by_text("Tallandier")
    expect(twice.first).to_be_visible()
    look(desk)

    desk.locator(f"#item-{second.pk} [data-grip]").focus()
    for _five_minutes in range(first.minutes // 5):
        desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-order-says]")).to_contain_text("commence")
    expect(twice).to_have_count(0)
    second.refresh_from_db()
    assert second.starts_at == first.ends_at
    look(desk)


def tell_only_whom_it_concerns(stack: LiveStack, desk: Page, conference: Conference) -> None:
    """The first version tells both who have accepted; the second one only her whose talk is moved."""
    _first, talk = talks_of(conference)
    change(desk, conference, talk, lambda: desk.get_by_role("checkbox", name="Tallandier").uncheck())
    publish(desk, conference, 1)
    assert told(stack, conference, 1) == [address("Guillou"), address("Tallandier")]

    later = conference.local(talk.starts_at + timedelta(minutes=5))
    change(desk, conference, talk, lambda: desk.fill("[name=begins]", f"{later:%H:%M}"))
    publish(desk, conference, 2)
    assert told(stack, conference, 2) == [address("Guillou")]
    assert told(stack, conference, 1) == [address("Guillou"), address("Tallandier")]


def change(desk: Page, conference: Conference, item: Item, act: Callable[[], None]) -> None:
    menu(desk, "Programme")
    follow(desk, item.title, "[data-item]")
    desk.locator("[name=follow]").uncheck()
    act()
    press(desk, "Enregistrer")
    item.refresh_from_db()


def publish(desk: Page, conference: Conference, number: int) -> None:
    menu(desk, "Programme")
    follow(desk, "Publier")
    look(desk)
    press(desk, f"Publier la version {number}")
    expect(desk.get_by_text(f"La version {number} du programme est publiée")).to_be_visible()


def told(stack: LiveStack, conference: Conference, number: int) -> list[str]:
    """Everybody to whom a letter about this version has gone, one entry a letter, once all that was written has left."""
    subject = f"programme, version {number}"
    for message in Message.objects.filter(
        conference=conference, kind__in=PROGRAMME_KINDS, occurrence=f"version-{number}"
    ):
        stack.wait_for_letter(message.recipient_email, subject)
    found = [letter for letter in stack.letters() if subject in letter.subject.casefold()]
    return sorted(re.sub(r".*<|>", "", letter.recipients) for letter in found)


@pytest.mark.usefixtures("demo")
def test_the_roll_without_network_and_the_allowances(browser: Browser, live_stack: LiveStack) -> None:
    """A session of today, put in by the organiser; the facilitator's tablet loses the network, and finds it again."""
    conference = Conference.objects.get(slug="eaux-usees")
    before = AttendanceMark.objects.count()
    desk = enter(browser, live_stack, ORGANISER, DESK)
    half = put_in_a_session_of_now(desk, conference)

    tablet = enter(browser, live_stack, FACILITATOR, TABLET)
    follow(tablet, conference.title)
    menu(tablet, "Appel")
    follow(tablet, "Faire l’appel")
    assert half.slug in tablet.url
    rows, state = tablet.locator(".roll__row"), tablet.locator("[data-roll-state]")
    expect(rows).to_have_count(18)
    look(tablet)
    wait_until_kept(tablet)
    tablet.context.set_offline(True)
    for number in range(17):
        rows.nth(number).get_by_role("button", name="Présent", exact=True).click()
    rows.nth(17).get_by_role("button", name="Absent", exact=True).click()
    expect(state).to_contain_text("Pas de réseau")
    assert AttendanceMark.objects.count() == before
    tablet.context.set_offline(False)
    press(tablet, "Envoyer maintenant")
    expect(state).to_contain_text("Tout est envoyé")
    assert AttendanceMark.objects.count() == before + 18
    press(tablet, "Clore la demi-journée")
    expect(tablet.get_by_text("La demi-journée est close.")).to_be_visible()

    menu(desk, "Indemnités")
    press(desk, "Tout confirmer")
    press(desk, "Établir le fichier de paiement")
    look(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Télécharger (CSV)").first.click()
    lines = download.value.path().read_bytes().decode("utf-8-sig").splitlines()
    paid = {fields[2]: fields[6] for fields in (line.split(";") for line in lines[1:])}
    assert paid.keys() == {one.volunteer.reference for one in seated(conference)}
    assert Counter(paid.values()) == {ONE_DAY: 2, TWO_DAYS: 13, "206,88": 1, "307,50": 1, "218,60": 1}
    assert paid[seated(conference)[17].volunteer.reference] == ONE_DAY  # absent today, there on the demo's first day


def put_in_a_session_of_now(desk: Page, conference: Conference) -> HalfDay:
    now = conference.local(timezone.now())
    follow(desk, conference.title)
    menu(desk, "Sessions")
    follow(desk, "Ajouter une session")
    desk.fill("[name=title]", "Séance du jour")
    desk.fill("[name=day]", f"{now:%Y-%m-%d}")
    desk.fill("[name=begins]", f"{max(now - timedelta(minutes=40), now.replace(hour=0, minute=0)):%H:%M}")
    desk.fill("[name=ends]", f"{min(now + timedelta(minutes=30), now.replace(hour=23, minute=59)):%H:%M}")
    desk.fill("[name=place]", "Centre Jean-Moulin, Castelnau-d’Arros")
    press(desk, "Ajouter la session")
    return next(half for half in half_days(conference) if half.session.title == "Séance du jour")


def seated(conference: Conference) -> list[Invitation]:
    held = Invitation.objects.filter(conference=conference, state=InvitationState.ACCEPTED)
    return list(held.select_related("volunteer").order_by("seat__number"))
