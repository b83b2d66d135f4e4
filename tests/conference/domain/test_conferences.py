from typing import Any

import pytest

from conference.domain import conferences
from conference.domain.errors import DomainError
from conference.enums import Role, StepKey
from conference.models import Conference, Event, Membership, Session, User
from tests.factories import make_user

FIELDS: dict[str, Any] = {
    "title": "L’eau que nous buvons",
    "question": "Comment partager l’eau ?",
    "summary": "Il n’y en a plus assez.",
    "commissioner": "Agence de l’eau",
    "seats": 18,
    "seats_reason": "",
}


def verbs(conference: Conference) -> list[str]:
    return list(Event.objects.filter(conference=conference).order_by("pk").values_list("verb", flat=True))


def test_creating_makes_an_organiser_the_steps_and_an_event(db: None) -> None:
    user = make_user()

    created = conferences.create_conference(actor=user, fields=FIELDS)

    assert created.slug == "leau-que-nous-buvons"
    assert created.is_published is False
    assert list(Membership.objects.filter(conference=created).values_list("user", "role")) == [
        (user.pk, Role.ORGANISER)
    ]
    assert list(created.steps.values_list("key", flat=True)) == list(StepKey)
    assert verbs(created) == ["conference.created"]


def test_creating_with_sessions_is_one_act(db: None) -> None:
    from datetime import UTC, datetime

    start = datetime(2027, 1, 16, 8, 30, tzinfo=UTC)
    session = {"title": "Comprendre", "starts_at": start, "ends_at": start.replace(hour=16)}
    wrong = {"title": "À l’envers", "starts_at": start, "ends_at": start}

    created = conferences.create_conference(actor=make_user(), fields=FIELDS, sessions=[session])
    with pytest.raises(DomainError):
        conferences.create_conference(actor=make_user(), fields=FIELDS, sessions=[session, wrong])

    assert verbs(created) == ["conference.created", "session.added"]
    assert Conference.objects.count() == 1
    assert Session.objects.count() == 1


def test_a_title_taken_gets_a_number_and_the_word_new_is_not_a_conference(db: None) -> None:
    user = make_user()

    slugs = [
        conferences.create_conference(actor=user, fields={**FIELDS, "title": title}).slug
        for title in ("Eau", "Eau", "Eau", "New", "?!")
    ]

    assert slugs == ["eau", "eau-2", "eau-3", "new-2", "conference"]


def test_who_may_not_create_creates_nothing(db: None) -> None:
    with pytest.raises(DomainError):
        conferences.create_conference(actor=make_user(may_create=False), fields=FIELDS)

    assert Conference.objects.count() == 0


@pytest.mark.parametrize(
    ("seats", "reason", "taken"),
    [(15, "", True), (20, "", True), (14, "", False), (21, "", False), (14, "  ", False), (30, "Une assemblée.", True)],
)
def test_fifteen_to_twenty_seats_or_a_reason(db: None, seats: int, reason: str, taken: bool) -> None:
    fields = {**FIELDS, "seats": seats, "seats_reason": reason}
    user = make_user()

    if taken:
        assert conferences.create_conference(actor=user, fields=fields).seats == seats
    else:
        with pytest.raises(DomainError):
            conferences.create_conference(actor=user, fields=fields)
        assert Conference.objects.count() == 0


def test_a_change_names_the_fields_that_changed(conference: Conference, olive: User) -> None:
    fields = {"title": "Autre titre", "question": conference.question, "alternates": 6}

    conferences.change_conference(conference_id=conference.pk, actor=olive, fields=fields)
    conferences.change_conference(conference_id=conference.pk, actor=olive, fields=fields)

    (event,) = Event.objects.filter(conference=conference)
    assert (event.verb, event.data, event.actor) == ("conference.changed", {"fields": ["title", "alternates"]}, olive)


def test_a_room_above_may_refuse_a_change(conference: Conference, olive: User) -> None:
    def refuse(sender: object, *, conference: Conference, fields: list[str], **_kwargs: object) -> None:
        if "seats" in fields:
            raise DomainError("The panel is drawn.")

    conferences.conference_changed.connect(refuse)
    try:
        with pytest.raises(DomainError):
            conferences.change_conference(conference_id=conference.pk, actor=olive, fields={"seats": 16})
        conferences.change_conference(conference_id=conference.pk, actor=olive, fields={"title": "Autre"})
    finally:
        conferences.conference_changed.disconnect(refuse)

    conference.refresh_from_db()
    assert (conference.seats, conference.title) == (18, "Autre")
    assert verbs(conference) == ["conference.changed"]


def test_a_page_that_hides_what_the_method_wants_seen_is_not_published(olive: User) -> None:
    created = conferences.create_conference(actor=olive, fields=FIELDS)

    with pytest.raises(DomainError) as refusal:
        conferences.publish(conference_id=created.pk, actor=olive)

    assert conferences.missing_for_publication(created) == ["commissioner_pledge", "funding", "contact_email"]
    assert "commanditaire a promis" in refusal.value.message
    created.refresh_from_db()
    assert created.is_published is False


def test_publishing_and_hiding_are_once_each(conference: Conference, olive: User) -> None:
    Conference.objects.filter(pk=conference.pk).update(
        commissioner_pledge="Répondra.", funding="Le ministère.", is_published=False
    )

    states = [
        act(conference_id=conference.pk, actor=olive).is_published
        for act in (conferences.publish, conferences.publish, conferences.hide, conferences.hide)
    ]

    assert states == [True, True, False, False]
    assert verbs(conference) == ["conference.published", "conference.hidden"]
