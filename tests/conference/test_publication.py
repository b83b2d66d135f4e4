"""Publishing the programme: versions that stay, word to those concerned only, and what everybody may read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from conference.domain.errors import DomainError
from conference.domain.publication import pending, publish_programme
from conference.enums import ItemKind, Role
from conference.mail.domain.kinds import registered
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Item, Membership, ProgrammeVersion, Room, Session, User
from tests.factories import add_member, make_conference, make_session, make_user

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)


@pytest.fixture
def olive() -> User:
    return make_user(name="Olive")


@pytest.fixture
def conference(olive: User) -> Conference:
    return make_conference(olive)


@pytest.fixture
def hearing(conference: Conference) -> Session:
    return make_session(conference, NINE, 8, title="Audition publique", is_public=True, place="Grande halle, Lyon")


def item(session: Session, minute: int, minutes: int = 20, **fields: object) -> Item:
    facts = {"title": f"Point de {minute}", "kind": ItemKind.TALK, **fields}
    return Item.objects.create(
        session=session, starts_at=session.starts_at + timedelta(minutes=minute), minutes=minutes, **facts
    )


def member(conference: Conference, role: Role = Role.FACILITATOR) -> Membership:
    return Membership.objects.get(user=add_member(conference, role=role), conference=conference)


def publish(conference: Conference, user: User, note: str = "") -> ProgrammeVersion:
    return publish_programme(conference_id=conference.pk, actor=user, note=note)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(kind: Kind = Kind.TEAM_PROGRAMME) -> dict[str, dict[str, int]]:
    found = Message.objects.filter(kind=kind, state=State.SCHEDULED)
    return {message.recipient_key: message.data for message in found}


def test_versions_are_counted_and_say_what_the_programme_was(
    conference: Conference, olive: User, hearing: Session
) -> None:
    first = item(hearing, 0)
    assert publish(conference, olive).number == 1
    first.minutes = 30
    first.save()
    assert publish(conference, olive, "Un exposé plus long").number == 2

    minutes = {version.number: version.content[0]["slots"][0]["minutes"] for version in ProgrammeVersion.objects.all()}
    assert minutes == {1: 20, 2: 30}


def test_nothing_is_published_twice_nor_before_there_is_a_running_order(
    conference: Conference, olive: User, hearing: Session
) -> None:
    with pytest.raises(DomainError):
        publish(conference, olive)
    item(hearing, 0)
    publish(conference, olive)
    with pytest.raises(DomainError):
        publish(conference, olive)
    assert ProgrammeVersion.objects.count() == 1
    assert pending(conference) == []


def test_the_database_refuses_to_change_a_version(conference: Conference, olive: User, hearing: Session) -> None:
    item(hearing, 0)
    publish(conference, olive)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE conference_programmeversion SET note = 'autre chose'")


def test_only_the_colleague_concerned_is_written_to(conference: Conference, olive: User, hearing: Session) -> None:
    fanny, gael = member(conference), member(conference)
    first, second = item(hearing, 0, lead=fanny), item(hearing, 30, lead=gael)
    publish(conference, olive)
    assert waiting() == {
        f"user:{fanny.user_id}": {"version": 1, "since": 0},
        f"user:{gael.user_id}": {"version": 1, "since": 0},
    }
    Message.objects.update(state=State.SENT)

    second.starts_at += timedelta(minutes=15)
    second.save()
    publish(conference, olive)
    assert waiting() == {f"user:{gael.user_id}": {"version": 2, "since": 1}}
    assert first.lead == fanny


def test_what_has_not_gone_out_is_told_once_with_the_newer_version(
    conference: Conference, olive: User, hearing: Session
) -> None:
    fanny = member(conference)
    first = item(hearing, 0, lead=fanny, title="Ouverture")
    publish(conference, olive)
    first.minutes = 40
    first.save()
    publish(conference, olive)

    (told,) = Message.objects.filter(state=State.SCHEDULED)
    assert told.data == {"version": 2, "since": 0}
    changes = registered(Kind.TEAM_PROGRAMME).build(told).placeholders["changes"]
    assert (
        changes
        == "- Nouveau\N{NO-BREAK SPACE}: samedi 13\N{NO-BREAK SPACE}mars 2027, de 9\N{NO-BREAK SPACE}h à 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}40\N{NO-BREAK SPACE}: Ouverture"
    )


def test_who_publishes_is_not_told_what_they_did(conference: Conference, olive: User, hearing: Session) -> None:
    item(hearing, 0, lead=Membership.objects.get(user=olive))
    publish(conference, olive)
    assert waiting() == {}


def test_the_public_reads_open_sessions_and_nothing_of_closed_ones(
    conference: Conference, olive: User, hearing: Session
) -> None:
    closed = make_session(conference, NINE + timedelta(days=1), 8, title="Rédaction", place="Lieu tenu secret")
    hidden, named = member(conference), member(conference)
    Membership.objects.filter(pk=named.pk).update(is_public=True)
    item(
        hearing, 0, title="Accueil du public", lead=hidden, room=Room.objects.create(conference=conference, name="Nef")
    )
    item(hearing, 30, title="Table ronde", lead=named, note="Garder le micro baladeur")
    item(closed, 0, title="Plan de l’avis")
    publish(conference, olive)

    page = Client().get(reverse("publication:public", args=[conference.slug])).text
    assert "Accueil du public" in page
    assert "Nef" in page
    assert "Rédaction" in page
    assert str(named.user) in page
    for secret in ("Plan de l’avis", "Lieu tenu secret", "micro baladeur", str(hidden.user)):
        assert secret not in page


def test_an_earlier_version_says_so_and_an_unknown_one_is_not_found(
    conference: Conference, olive: User, hearing: Session
) -> None:
    first = item(hearing, 0)
    publish(conference, olive)
    first.title = "Autre titre"
    first.save()
    publish(conference, olive)
    client = Client()
    earlier = client.get(reverse("publication:public_version", args=[conference.slug, 1]))
    assert reverse("publication:public", args=[conference.slug]) in earlier.text
    assert "Autre titre" not in earlier.text
    assert client.get(reverse("publication:public_version", args=[conference.slug, 3])).status_code == 404


def test_no_programme_no_page_and_none_of_a_hidden_conference(
    conference: Conference, olive: User, hearing: Session
) -> None:
    address = reverse("publication:public", args=[conference.slug])
    assert Client().get(address).status_code == 404
    item(hearing, 0)
    publish(conference, olive)
    assert Client().get(address).status_code == 200
    Conference.objects.update(is_published=False)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("items", [1, 3, 30])
def test_the_public_programme_takes_three_queries(
    conference: Conference, olive: User, hearing: Session, items: int, django_assert_num_queries: object
) -> None:
    for number in range(items):
        item(hearing, number * 15, 15, lead=member(conference))
    publish(conference, olive)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert Client().get(reverse("publication:public", args=[conference.slug])).status_code == 200


ROLES = {
    Role.ORGANISER: (200, 302),
    **dict.fromkeys((Role.FACILITATOR, Role.STEERING, Role.GUARANTOR, Role.OBSERVER), (200, 404)),
}


@pytest.mark.parametrize("role", Role)
def test_members_look_and_the_organiser_publishes(
    conference: Conference, olive: User, hearing: Session, role: Role
) -> None:
    item(hearing, 0)
    client = signed_in(add_member(conference, role=role))
    address = reverse("publication:publish", args=[conference.slug])
    assert (client.get(address).status_code, client.post(address).status_code) == ROLES[role]
    assert ProgrammeVersion.objects.count() == (1 if role == Role.ORGANISER else 0)
    publish(conference, olive) if role != Role.ORGANISER else None
    assert client.get(reverse("publication:version", args=[conference.slug, 1])).status_code == 200


def test_strangers_are_not_let_in(conference: Conference, hearing: Session) -> None:
    item(hearing, 0)
    stranger = make_user()
    make_conference(stranger)
    address = reverse("publication:publish", args=[conference.slug])
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(stranger).post(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert Client().post(address).status_code == 302
    assert ProgrammeVersion.objects.count() == 0


def test_the_page_says_what_changes_and_who_is_told(conference: Conference, olive: User, hearing: Session) -> None:
    fanny = member(conference)
    first = item(hearing, 0, title="Ouverture", lead=fanny)
    publish(conference, olive)
    first.starts_at += timedelta(minutes=30)
    first.save()
    with translation.override("fr"):
        page = signed_in(olive).get(reverse("publication:publish", args=[conference.slug])).text
    assert "« Ouverture » commence à 9 h 30, et non plus à 9 h (samedi 13 mars 2027)" in page.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert str(fanny.user) in page
