"""The admin shows a member the records of their conferences and nothing else; it changes through the domain, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.desk_admin import ScopedAdmin
from conference.domain.events import record
from conference.enums import Capability, Role
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Membership, Session, Step, User
from conference.rules import may
from tests.conference.conftest import signed_in
from tests.factories import add_member, make_conference, make_session, make_user

pytestmark = pytest.mark.django_db


def make_document(conference: Conference) -> Document:
    return Document.objects.create(conference=conference, title=f"Document de {conference.title}", size=1)


def make_step(conference: Conference) -> Step:
    position = conference.steps.count()
    return Step.objects.create(conference=conference, key=["frame", "draw", "hear"][position], position=position)


def make_event(conference: Conference) -> Event:
    return record("session.added", conference=conference, title=f"Séance de {conference.title}")


def make_message(conference: Conference) -> Message:
    number = Message.objects.count()
    return Message.objects.create(
        conference=conference, kind="invitation", recipient_key=f"volunteer:{number}", due_at=timezone.now(),
        recipient_name=f"Personne de {conference.title}",
    )  # fmt: skip


def make_member(conference: Conference) -> Membership:
    user = add_member(conference, make_user(name=f"Collègue de {conference.title}"), Role.OBSERVER)
    return Membership.objects.get(user=user, conference=conference)


def make_titled_session(conference: Conference) -> Session:
    return make_session(conference, title=f"Session de {conference.title}")


type Make = Callable[[Conference], models.Model]
RECORDS: list[tuple[type[models.Model], Make, Capability, bool]] = [
    (Membership, make_member, Capability.VIEW, True),
    (Session, make_titled_session, Capability.VIEW, True),
    (Step, make_step, Capability.VIEW, True),
    (Document, make_document, Capability.VIEW, True),
    (Event, make_event, Capability.VIEW_LOG, False),
    (Message, make_message, Capability.VIEW_PEOPLE, False),
]
IDS = [model.__name__ for model, *_rest in RECORDS]


def listing(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(obj: models.Model) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def test_every_record_that_belongs_to_a_conference_is_scoped() -> None:
    unscoped = {model.__name__ for model, own in admin.site._registry.items() if not isinstance(own, ScopedAdmin)}

    assert unscoped == {"User"}


@pytest.mark.parametrize(("model", "make", "read", "_changes"), RECORDS, ids=IDS)
@pytest.mark.parametrize("role", list(Role))
def test_a_member_sees_the_rows_of_their_conferences(
    role: Role, model: type[models.Model], make: Make, read: Capability, _changes: bool
) -> None:
    mine, other = make_conference(title="Eau claire"), make_conference(title="Eau secrète")
    client = signed_in(add_member(mine, role=role))
    own, foreign = make(mine), make(other)

    response = client.get(listing(model))

    if may(role, read):
        assert response.status_code == 200
        assert set(response.context["cl"].queryset.filter(pk__in=[own.pk, foreign.pk])) == {own}
        assert "Eau secrète" not in response.content.decode()
        assert client.get(page(own)).status_code == 200
    else:
        assert response.status_code == 403
        assert client.get(page(own)).status_code in {302, 403}
    assert client.get(page(foreign)).status_code in {302, 403}  # as if it did not exist


@pytest.mark.parametrize(("model", "make", "_read", "changes"), RECORDS, ids=IDS)
@pytest.mark.parametrize("role", list(Role))
def test_only_organisers_change_and_only_what_may_change(
    role: Role, model: type[models.Model], make: Make, _read: Capability, changes: bool
) -> None:
    conference = make_conference()
    own = make(conference)
    client = signed_in(add_member(conference, role=role))
    before = Event.objects.count()

    answer = client.post(page(own), {}).status_code

    allowed = changes and role == Role.ORGANISER
    assert answer in ({200, 302} if allowed else {403})  # 200: the form comes back with its errors
    assert Event.objects.count() == before


@pytest.mark.parametrize(("model", "make", "_read", "_changes"), RECORDS, ids=IDS)
def test_nothing_is_added_or_deleted_here(
    model: type[models.Model], make: Make, _read: Capability, _changes: bool
) -> None:
    conference = make_conference()
    own = make(conference)
    client = signed_in(add_member(conference, role=Role.ORGANISER))
    stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    added = client.post(reverse(f"{stem}_add"), {})
    deleted = client.post(reverse(f"{stem}_delete", args=[own.pk]), {"post": "yes"})
    client.post(listing(model), {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"})

    assert (added.status_code, deleted.status_code) == (403, 403)
    assert type(own)._default_manager.filter(pk=own.pk).count() == 1


@pytest.mark.parametrize(
    ("model", "make", "_read", "_changes"), [(Conference, lambda c: c, None, None), *RECORDS], ids=["Conference", *IDS]
)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_few_queries_however_long(
    count: int, model: type[models.Model], make: Make, _read: Any, _changes: Any
) -> None:
    me = make_user()
    for _number in range(count):
        conference = make_conference(me)
        make(conference)
    client = signed_in(me)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(listing(model))

    assert response.status_code == 200
    assert len(queries) <= 8


def test_a_change_goes_through_the_domain_and_into_the_log() -> None:
    conference = make_conference()
    organiser = add_member(conference)
    session = make_session(conference)
    typed = {"title": "Autre titre", "kind": "hearing", "place": session.place, "description": ""}

    signed_in(organiser).post(page(session), typed)

    session.refresh_from_db()
    assert (session.title, session.sequence) == ("Autre titre", 1)
    event = Event.objects.get()
    assert (event.verb, event.actor, sorted(event.data["fields"])) == ("session.changed", organiser, ["kind", "title"])


def test_a_record_without_a_verb_leaves_an_event_too() -> None:
    conference = make_conference()
    document = make_document(conference)

    signed_in(add_member(conference)).post(page(document), {"title": "Nouveau", "audience": "team"})

    document.refresh_from_db()
    assert (document.title, document.audience) == ("Nouveau", "team")
    event = Event.objects.get()
    assert (event.verb, event.data) == (
        "record.changed",
        {"record": "conference.document", "fields": ["title", "audience"]},
    )


def test_a_refusal_of_the_domain_is_shown_in_words() -> None:
    conference = make_conference()
    organiser = add_member(conference)
    mine = Membership.objects.get(user=organiser)

    response = signed_in(organiser).post(page(mine), {"role": "observer"}, follow=True)

    assert "is the last organiser" in response.content.decode()
    mine.refresh_from_db()
    assert mine.role == Role.ORGANISER


def test_settings_keep_the_rule_of_seats() -> None:
    conference = make_conference()
    client = signed_in(add_member(conference))
    form = client.get(page(conference)).context["adminform"].form
    typed = {name: form.initial.get(name) or "" for name in form.fields} | {"languages": "fr", "reminder_days": "3"}

    response = client.post(page(conference), typed | {"seats": 12, "session_reminder_days": "3"})

    assert response.status_code == 200
    assert Conference.objects.get().seats == 18


def test_django_keeps_no_log_of_its_own() -> None:
    from django.contrib.admin.models import LogEntry

    conference = make_conference()
    document = make_document(conference)

    signed_in(add_member(conference)).post(page(document), {"title": "Nouveau", "audience": "team"})

    assert LogEntry.objects.count() == 0


# -- The door ----------------------------------------------------------------------------------------------------------
def test_strangers_are_sent_to_our_own_sign_in() -> None:
    index = reverse("admin:index")

    response = Client().get(index)
    sign_in = Client().get(response["Location"])

    assert response.status_code == 302
    assert sign_in["Location"] == f"{reverse('account_login')}?next={index}"


def test_who_belongs_to_nothing_is_refused_without_a_circle() -> None:
    response = signed_in(make_user()).get(reverse("admin:index"), follow=True)

    assert response.status_code == 403


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_staff": False, "is_superuser": True}])
def test_who_may_not_open_the_admin_does_not(fields: dict[str, Any]) -> None:
    conference = make_conference()
    user = add_member(conference, make_user(**fields))

    assert signed_in(user).get(reverse("admin:index"), follow=True).status_code == 403


def test_a_superuser_without_a_role_sees_accounts_and_no_conference() -> None:
    make_session(make_conference(title="Eau secrète"))
    client = signed_in(make_user(is_superuser=True))

    index = client.get(reverse("admin:index"))

    assert index.status_code == 200
    assert listing(User) in index.content.decode()
    assert listing(Session) not in index.content.decode()
    assert client.get(listing(Session)).status_code == 403
    assert client.get(listing(User)).status_code == 200


def test_accounts_are_not_for_organisers() -> None:
    organiser = add_member(make_conference())
    client = signed_in(organiser)

    assert listing(User) not in client.get(reverse("admin:index")).content.decode()
    assert client.get(listing(User)).status_code == 403
    assert client.post(page(organiser), {"is_superuser": "on"}).status_code == 403
    organiser.refresh_from_db()
    assert organiser.is_superuser is False


def test_history_is_the_event_log() -> None:
    conference = make_conference()
    session = make_session(conference)
    url = reverse("admin:conference_session_history", args=[session.pk])

    response = signed_in(add_member(conference)).get(url)

    assert response["Location"] == reverse("desk:log", args=[conference.slug])


def test_the_filter_offers_my_conferences_only() -> None:
    me = make_user()
    mine, second, other = make_conference(me), make_conference(me), make_conference(title="Eau secrète")
    sessions = [make_session(conference) for conference in (mine, second, other)]

    response = signed_in(me).get(listing(Session), {"conference": mine.pk})
    guessed = signed_in(me).get(listing(Session), {"conference": other.pk})

    assert list(response.context["cl"].queryset) == sessions[:1]
    assert list(guessed.context["cl"].queryset) == []
    assert "Eau secrète" not in guessed.content.decode()
