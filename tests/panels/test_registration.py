"""The registration page: one person one entry, nothing told to strangers, a link that only a button follows."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from conference.links import make_token
from conference.mail.domain.kinds import registered
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Event
from panels.domain.erasure import erase_due
from panels.enums import DrawState, Source, Standing
from panels.models import Criterion, Draw, Identity, Trait, Value, Volunteer
from panels.rules import SCREENER
from tests.factories import make_conference, make_criterion, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_and_fresh() -> Iterator[None]:
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def conference() -> Conference:
    conference = make_conference(
        make_user(),
        registration_opens=timezone.now() - timedelta(days=1),
        erase_on=date(2027, 12, 31),
        languages=["fr", "en"],
        legal_basis="Mission d’intérêt public.",
    )
    make_criterion(conference, "Sexe", [("Femme", 8, 10), ("Homme", 8, 10)])
    return conference


@pytest.fixture
def citizen(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def filled(conference: Conference, **changes: str) -> dict[str, str]:
    """The form as an uncommitted adult fills it in."""
    criterion = Criterion.objects.get(conference=conference)
    data = {
        "first_name": "Inès",
        "last_name": "Gauthier",
        "email": "ines@example.org",
        "phone": "",
        "address": "3 place du Marché",
        "postcode": "33000",
        "city": "Bordeaux",
        "birth_year": "1990",
        "language": "fr",
        "consent": "on",
        "website": "",
        f"criterion_{criterion.pk}": str(Value.objects.get(criterion=criterion, name="Femme").pk),
    }
    data |= {f"screen_{question.key}": "no" if question.doubtful else "yes" for question in SCREENER}
    return data | changes


def register(citizen: Client, conference: Conference, **changes: str) -> Any:
    return citizen.post(reverse("panels:register", args=[conference.slug]), filled(conference, **changes))


def link(volunteer: Volunteer) -> str:
    return reverse("panels:registration_link", args=[make_token("volunteer", volunteer.uuid, volunteer.link_version)])


def confirm(citizen: Client, volunteer: Volunteer) -> Any:
    seen = citizen.get(link(volunteer)).context["seen"]
    return citizen.post(link(volunteer), {"act": "confirm", "seen": seen})


def sent(conference: Conference) -> list[tuple[str, str]]:
    messages = Message.objects.filter(conference=conference).order_by("pk")
    return list(messages.values_list("kind", "recipient_email"))


# -- From the form to the pool ------------------------------------------------------------------------------------
def test_a_person_registers_and_confirms(citizen: Client, conference: Conference) -> None:
    answer = register(citizen, conference)

    assert answer.url == reverse("panels:register_sent", args=[conference.slug])
    volunteer = Volunteer.objects.get()
    assert (volunteer.standing, volunteer.source) == (Standing.UNCONFIRMED, Source.REGISTRATION)
    assert volunteer.consented_at is not None
    assert volunteer.screener == {question.key: not question.doubtful for question in SCREENER}
    assert volunteer.identity.email_key == "ines@example.org"
    assert Trait.objects.get(volunteer=volunteer).value.name == "Femme"
    assert sent(conference) == [(Kind.REGISTRATION_CONFIRM, "ines@example.org")]

    confirm(citizen, volunteer)

    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.ELIGIBLE
    assert volunteer.confirmed_at is not None
    assert sent(conference)[1:] == [(Kind.REGISTRATION_CONFIRMED, "ines@example.org")]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "volunteer.registered",
        "volunteer.confirmed",
    ]
    assert "Gauthier" not in str(list(Event.objects.values()))


@pytest.mark.parametrize("question", SCREENER, ids=[question.key for question in SCREENER])
def test_a_doubtful_answer_waits_for_a_decision(citizen: Client, conference: Conference, question: Any) -> None:
    register(citizen, conference, **{f"screen_{question.key}": "yes" if question.doubtful else "no"})
    volunteer = Volunteer.objects.get()

    confirm(citizen, volunteer)

    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.REVIEW
    with translation.override("fr"):
        assert volunteer.standing_reason == str(question.reason)


def test_looking_at_the_link_changes_nothing(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()

    for look in (citizen.get, citizen.head):
        assert look(link(volunteer)).status_code == 200

    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.UNCONFIRMED
    assert Event.objects.filter(verb="volunteer.confirmed").count() == 0


def test_pressing_the_button_twice_confirms_once(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()
    seen = citizen.get(link(volunteer)).context["seen"]

    for _press in range(2):
        assert citizen.post(link(volunteer), {"act": "confirm", "seen": seen})["Location"] == link(volunteer)

    assert Event.objects.filter(verb="volunteer.confirmed").count() == 1
    assert len(sent(conference)) == 2


def test_a_link_confirms_what_its_page_showed(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()
    seen = citizen.get(link(volunteer)).context["seen"]
    register(citizen, conference, first_name="Somebody else")

    answer = citizen.post(link(volunteer), {"act": "confirm", "seen": seen})

    assert answer.status_code == 422
    assert "Look at it again" in answer.text
    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.UNCONFIRMED


@pytest.mark.parametrize("scope", ["invitation", "expert"])
def test_links_of_others_open_nothing(citizen: Client, conference: Conference, scope: str) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()
    foreign = reverse("panels:registration_link", args=[make_token(scope, volunteer.uuid, volunteer.link_version)])
    old = reverse(
        "panels:registration_link", args=[make_token("volunteer", volunteer.uuid, volunteer.link_version + 1)]
    )

    assert [citizen.get(address).status_code for address in (foreign, old, "/r/nonsense/")] == [404, 404, 404]


def test_a_link_is_dead_after_fourteen_days(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert citizen.get(link(volunteer)).status_code == 404
        assert erase_due(timezone.now()) == 1

    assert not Identity.objects.filter(volunteer=volunteer).exists()
    assert Message.objects.get().recipient_email == ""
    assert Volunteer.objects.listed().count() == 0


# -- The same person twice becomes one, and strangers learn nothing -----------------------------------------------
def test_registering_twice_makes_one_entry(citizen: Client, conference: Conference) -> None:
    first = register(citizen, conference)
    second = register(citizen, conference, email=" INES@example.org", first_name="Inès-Marie")

    assert first.url == second.url
    volunteer = Volunteer.objects.get()
    assert volunteer.identity.first_name == "Inès-Marie"
    assert [kind for kind, _address in sent(conference)] == [Kind.REGISTRATION_CONFIRM] * 2


def test_the_page_after_sending_is_the_same_for_known_and_unknown(citizen: Client, conference: Conference) -> None:
    make_volunteer(conference, {"Sexe": "Homme"}, email="known@example.org")
    answers = [register(citizen, conference, email=address) for address in ("known@example.org", "new@example.org")]
    pages = [citizen.get(answer.url) for answer in answers]

    assert [answer.status_code for answer in answers] == [302, 302]
    # The one token of the language form differs from page to page.
    same = {re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.text) for page in pages}
    assert len(same) == 1


def test_nobody_changes_an_entry_by_knowing_its_address(citizen: Client, conference: Conference) -> None:
    known = make_volunteer(
        conference, {"Sexe": "Homme"}, email="known@example.org", first_name="Paul", last_name="Martin"
    )

    register(citizen, conference, email="known@example.org")

    known.refresh_from_db()
    assert (known.identity.first_name, known.standing, known.consented_at) == ("Paul", Standing.ELIGIBLE, None)
    assert Trait.objects.get(volunteer=known).value.name == "Homme"

    confirm(citizen, known)

    known = Volunteer.objects.get()
    assert (known.identity.first_name, known.source, known.standing) == ("Inès", Source.IMPORT, Standing.ELIGIBLE)
    assert known.consented_at is not None
    assert known.identity.pending == {}
    assert Trait.objects.get(volunteer=known).value.name == "Femme"


def test_an_imported_person_who_is_doubtful_leaves_the_pool_for_review(citizen: Client, conference: Conference) -> None:
    known = make_volunteer(conference, {"Sexe": "Femme"}, email="known@example.org")

    register(citizen, conference, email="known@example.org", screen_campaigns="yes")
    confirm(citizen, known)

    known.refresh_from_db()
    assert known.standing == Standing.REVIEW


def test_a_decision_stands_when_the_person_registers_again(citizen: Client, conference: Conference) -> None:
    known = make_volunteer(conference, {"Sexe": "Femme"}, email="known@example.org", standing=Standing.EXCLUDED)

    register(citizen, conference, email="known@example.org")
    confirm(citizen, known)

    known.refresh_from_db()
    assert known.standing == Standing.EXCLUDED


def test_a_namesake_waits_for_a_decision(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    confirm(citizen, Volunteer.objects.get())
    register(citizen, conference, email="other@example.org")
    second = Volunteer.objects.get(identity__email="other@example.org")

    confirm(citizen, second)

    second.refresh_from_db()
    assert second.standing == Standing.REVIEW
    assert "V-0001" in second.standing_reason


# -- Withdrawing --------------------------------------------------------------------------------------------------
def test_a_person_withdraws_and_comes_back(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    volunteer = Volunteer.objects.get()
    confirm(citizen, volunteer)

    citizen.post(link(volunteer), {"act": "withdraw"})

    volunteer = Volunteer.objects.get()
    assert volunteer.standing == Standing.WITHDRAWN
    assert (volunteer.identity.first_name, volunteer.identity.email, volunteer.identity.address) == ("", "", "")
    assert set(Message.objects.values_list("recipient_email", flat=True)) == {""}

    register(citizen, conference)
    confirm(citizen, volunteer)

    volunteer = Volunteer.objects.get()
    assert (volunteer.standing, volunteer.identity.first_name) == (Standing.ELIGIBLE, "Inès")


def test_after_the_draw_nobody_registers_confirms_or_withdraws(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    register(citizen, conference, email="late@example.org", first_name="Luc")
    early, late = Volunteer.objects.order_by("pk")
    seen = citizen.get(link(late)).context["seen"]
    confirm(citizen, early)
    Draw.objects.create(conference=conference, number=1, state=DrawState.DONE, seed="s", requested_by=make_user())

    closed = register(citizen, conference, email="third@example.org")
    too_late = citizen.post(link(late), {"act": "confirm", "seen": seen})

    assert (closed.status_code, Volunteer.objects.count()) == (410, 2)
    assert "too late" in too_late.text
    late.refresh_from_db()
    assert late.standing == Standing.UNCONFIRMED
    assert "Withdraw from the pool" not in citizen.get(link(early)).text


# -- The form -----------------------------------------------------------------------------------------------------
def test_errors_keep_what_was_typed(citizen: Client, conference: Conference) -> None:
    answer = register(citizen, conference, email="not an address", consent="", screen_elected="")

    assert answer.status_code == 422
    assert 'value="Gauthier"' in answer.text
    assert set(answer.context["form"].errors) == {"email", "consent", "screen_elected"}
    assert 'href="#id_screen_elected_0"' in answer.text
    assert Volunteer.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_published": False}, None),
        ({"registration_opens": None}, "Registration is not open yet."),
        ({"registration_closes": timezone.now() - timedelta(hours=1)}, "Registration is closed."),
    ],
)
def test_the_page_is_there_only_while_open(
    citizen: Client, conference: Conference, changes: dict[str, Any], said: str | None
) -> None:
    Conference.objects.filter(pk=conference.pk).update(**changes)

    page, posted = citizen.get(reverse("panels:register", args=[conference.slug])), register(citizen, conference)

    assert page.status_code == (200 if said else 404)
    assert posted.status_code == (410 if said else 404)
    assert said is None or said in page.text
    assert Volunteer.objects.count() == 0


def test_a_program_that_fills_in_everything_leaves_no_trace(citizen: Client, conference: Conference) -> None:
    answer = register(citizen, conference, website="https://spam.example.org")

    assert answer.url == reverse("panels:register_sent", args=[conference.slug])
    assert Volunteer.objects.count() == 0


def test_an_address_gets_five_mails_an_hour(citizen: Client, conference: Conference) -> None:
    answers = [register(citizen, conference) for _time in range(7)]

    assert {answer.url for answer in answers} == {reverse("panels:register_sent", args=[conference.slug])}
    assert len(sent(conference)) == 5


def test_a_connection_may_register_thirty_people_an_hour(citizen: Client, conference: Conference) -> None:
    answers = [register(citizen, conference, email=f"p{number}@example.org") for number in range(31)]

    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert 'value="Gauthier"' in answers[-1].text
    assert Volunteer.objects.count() == 30


def test_the_page_speaks_the_readers_language(client: Client, conference: Conference) -> None:
    Value.objects.filter(name="Femme").update(name_en="Woman")
    address = reverse("panels:register", args=[conference.slug])

    pages = [client.get(address, headers={"accept-language": language}).text for language in ("fr", "en")]

    assert ["Woman" in page for page in pages] == [False, True]
    assert ['<html lang="fr"' in page for page in pages] == [True, False]
    assert "Mission d’intérêt public." in pages[0]


# -- The mails ----------------------------------------------------------------------------------------------------
def test_the_mails_carry_a_link_that_works(citizen: Client, conference: Conference) -> None:
    register(citizen, conference)
    message = Message.objects.get()

    content = registered(Kind.REGISTRATION_CONFIRM).build(message)

    assert content.action_url == f"http://testserver{link(Volunteer.objects.get())}"
    assert content.placeholders["first_name"] == "Inès"
    assert "2027" in content.placeholders["erase_on"]

    confirm(citizen, Volunteer.objects.get())
    confirmed = registered(Kind.REGISTRATION_CONFIRMED).build(Message.objects.get(kind=Kind.REGISTRATION_CONFIRMED))
    assert confirmed.placeholders["reference"] == "V-0001"
