"""What everybody may see, and what nobody may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conference.enums import Role
from conference.models import Conference, Document, Membership, Step
from tests.factories import add_member, make_conference, make_session, make_user

pytestmark = pytest.mark.django_db


def page(conference: Conference, language: str = "en") -> str:
    url = reverse("public:conference", args=[conference.slug])
    response = Client(headers={"accept-language": language}).get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["home", "accessibility", "privacy"])
def test_statements_and_home_are_there_in_both_languages(name: str, language: str) -> None:
    make_conference(title="Eau")

    response = Client(headers={"accept-language": language}).get(reverse(f"public:{name}"))

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()


def test_home_shows_what_is_published_and_nothing_else() -> None:
    make_conference(title="Eau claire")
    make_conference(title="Eau secrète", is_published=False)

    shown = Client().get(reverse("public:home")).content.decode()

    assert "Eau claire" in shown
    assert "Eau secrète" not in shown


def test_a_page_that_is_not_published_does_not_exist_even_for_its_organiser() -> None:
    conference = make_conference(is_published=False)
    document = Document.objects.create(conference=conference, title="Saisine", size=1, audience="public")
    client = Client()
    client.force_login(add_member(conference))
    urls = [
        reverse("public:conference", args=[conference.slug]),
        reverse("public:programme", args=[conference.slug]),
        reverse("public:document", args=[conference.slug, document.uuid]),
    ]

    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_the_page_says_who_asks_who_pays_and_what_was_promised() -> None:
    conference = make_conference(commissioner_pledge="Répondra à tout.", funding="Le ministère, 148 000 €.")
    steering = add_member(conference, make_user(name="Ada Publique"), Role.STEERING)
    add_member(conference, make_user(name="Ida Discrète"), Role.STEERING)
    Membership.objects.filter(user=steering).update(is_public=True, public_title="juriste")

    shown = page(conference)

    for words in (
        conference.question,
        "Ministère de l’Agriculture",
        "Répondra à tout.",
        "148 000 €",
        "Ada Publique, juriste",
    ):
        assert words in shown
    assert "Ida Discrète" not in shown
    assert steering.email not in shown


def test_closed_sessions_are_announced_without_their_place() -> None:
    conference = make_conference()
    make_session(conference, title="Audition", place="Grand amphithéâtre", is_public=True)
    make_session(conference, title="Rédaction", place="Maison discrète", is_public=False)

    shown = page(conference)

    assert "Rédaction" in shown
    assert "Grand amphithéâtre" in shown
    assert "Maison discrète" not in shown


def test_the_feed_follows_changes_and_hides_closed_places() -> None:
    conference = make_conference()
    start = datetime(2027, 1, 16, 8, 30, tzinfo=UTC)
    make_session(conference, start, title="Audition", place="Grand amphithéâtre", is_public=True)
    make_session(
        conference, start + timedelta(days=1), title="Rédaction", place="Maison discrète", cancelled_at=timezone.now()
    )

    response = Client().get(reverse("public:programme", args=[conference.slug]))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(event["STATUS"]), str(event.get("LOCATION", ""))) for event in events] == [
        ("CONFIRMED", "Grand amphithéâtre"),
        ("CANCELLED", ""),
    ]


@pytest.mark.parametrize(("audience", "status"), [("public", 200), ("panel", 404), ("experts", 404), ("team", 404)])
def test_documents_are_for_whom_they_are(conference: Conference, audience: str, status: int) -> None:
    from django.core.files.base import ContentFile

    document = Document(
        conference=conference, title="Saisine", filename="a.txt", content_type="text/plain", size=1, audience=audience
    )
    document.file.save("a.txt", ContentFile(b"a"))

    response = Client().get(reverse("public:document", args=[conference.slug, document.uuid]))

    if response.streaming:
        assert b"".join(response.streaming_content) == b"a"  # type: ignore[attr-defined]
    assert response.status_code == status
    assert ("Saisine" in page(conference)) is (audience == "public")


def test_another_number_of_seats_is_shown_with_its_reason() -> None:
    usual = make_conference(seats=18, seats_reason="Brouillon oublié.")
    large = make_conference(seats=30, seats_reason="Une assemblée régionale.")

    assert "Brouillon oublié." not in page(usual)
    assert "Une assemblée régionale." in page(large)


@pytest.mark.parametrize(
    ("opens", "closes", "open_now"),
    [(-1, 1, True), (-1, None, True), (1, 2, False), (-2, -1, False), (None, None, False)],
)
def test_the_way_to_register_is_there_while_registration_is_open(
    opens: int | None, closes: int | None, open_now: bool
) -> None:
    def at(days: int | None) -> datetime | None:
        return None if days is None else timezone.now() + timedelta(days=days)

    conference = make_conference(registration_opens=at(opens), registration_closes=at(closes))

    assert (reverse("panels:register", args=[conference.slug]) in page(conference)) is open_now


def test_the_thread_says_where_we_are() -> None:
    conference = make_conference()
    Step.objects.create(conference=conference, key="commission", position=0, done_at=timezone.now())
    Step.objects.create(conference=conference, key="frame", position=1)

    assert "Step 2 of 2: Frame" in page(conference)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_few_queries_however_much_it_shows(count: int) -> None:
    conference = make_conference()
    for number in range(count):
        make_session(conference)
        Document.objects.create(conference=conference, title=f"D{number}", size=1)
        Membership.objects.create(conference=conference, user=make_user(), role=Role.STEERING, is_public=True)

    with CaptureQueriesContext(connection) as queries:
        page(conference)

    # conference, members, steps, sessions, published programme, documents; the panel's and the experts' tags make theirs
    own = [query for query in queries if "conference_" in query["sql"].split("FROM")[1][:30]]
    assert len(own) == 6
    assert len(queries) <= 14
