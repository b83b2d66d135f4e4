from collections.abc import Iterator
from datetime import timedelta

import pytest

from conference.domain import sessions
from conference.domain.errors import DomainError
from conference.enums import Role
from conference.models import Conference, Event, Membership, Session, User
from tests.factories import add_member, make_conference, make_session

type Heard = list[tuple[str, str]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What a room that subscribed is told."""
    told: Heard = []

    def listen(sender: object, *, session: Session, change: sessions.Change, **_kwargs: object) -> None:
        told.append((session.title, change))

    sessions.session_changed.connect(listen)
    yield told
    sessions.session_changed.disconnect(listen)


def verbs(conference: Conference) -> list[tuple[str, str]]:
    return list(Event.objects.filter(conference=conference).order_by("pk").values_list("verb", "reason"))


def test_adding_a_session(conference: Conference, olive: User, heard: Heard) -> None:
    start = conference.created_at + timedelta(days=30)
    fields = {"title": "Audition", "starts_at": start, "ends_at": start + timedelta(hours=6)}

    added = sessions.add_session(conference_id=conference.pk, actor=olive, fields=fields)

    assert (added.sequence, added.title) == (0, "Audition")
    assert heard == [("Audition", "added")]
    assert verbs(conference) == [("session.added", "")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"place": "Villeurbanne"}, [("Première fin de semaine", "moved")]),
        ({"description": "Autre"}, []),
        ({"is_public": True}, []),
    ],
)
def test_every_change_raises_the_sequence_and_a_new_place_is_told(
    conference: Conference, olive: User, heard: Heard, change: dict[str, object], told: Heard
) -> None:
    session = make_session(conference)

    sessions.change_session(session_id=session.pk, actor=olive, fields=change)

    session.refresh_from_db()
    assert session.sequence == 1
    assert heard == told
    assert verbs(conference) == [("session.changed", "")]


def test_another_hour_is_told_and_nothing_new_is_not(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)
    later = {"starts_at": session.starts_at + timedelta(hours=1), "ends_at": session.ends_at}

    for _time in range(2):
        sessions.change_session(session_id=session.pk, actor=olive, fields=later)

    session.refresh_from_db()
    assert session.sequence == 1
    assert heard == [("Première fin de semaine", "moved")]
    assert Event.objects.get(conference=conference).data == {
        "title": "Première fin de semaine",
        "fields": ["starts_at"],
    }


def test_a_session_cannot_end_before_it_starts(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)

    with pytest.raises(DomainError):
        sessions.change_session(session_id=session.pk, actor=olive, fields={"ends_at": session.starts_at})

    assert (Session.objects.get().sequence, heard, verbs(conference)) == (0, [], [])


def test_cancelling_keeps_the_session_and_tells_why_once(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)

    for _time in range(2):
        sessions.cancel_session(session_id=session.pk, actor=olive, reason=" Grève des trains ")

    kept = Session.objects.get()
    assert (kept.cancelled_at is not None, kept.sequence, kept.uid) == (True, 1, session.uid)
    assert heard == [("Première fin de semaine", "cancelled")]
    assert verbs(conference) == [("session.cancelled", "Grève des trains")]


def test_cancelling_needs_a_reason(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)

    with pytest.raises(DomainError):
        sessions.cancel_session(session_id=session.pk, actor=olive, reason=" ")

    assert (Session.objects.get().cancelled_at, heard) == (None, [])


def test_a_cancelled_session_cannot_be_changed(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)
    sessions.cancel_session(session_id=session.pk, actor=olive, reason="Grève")

    with pytest.raises(DomainError):
        sessions.change_session(session_id=session.pk, actor=olive, fields={"place": "Ailleurs"})

    assert Session.objects.get().place == "12 rue des Tilleuls, Lyon"


def test_a_subscriber_that_fails_undoes_the_change(conference: Conference, olive: User) -> None:
    session = make_session(conference)

    def fail(sender: object, **_kwargs: object) -> None:
        raise RuntimeError

    sessions.session_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            sessions.change_session(session_id=session.pk, actor=olive, fields={"place": "Ailleurs"})
    finally:
        sessions.session_changed.disconnect(fail)

    assert Session.objects.get().place == "12 rue des Tilleuls, Lyon"
    assert verbs(conference) == []


def test_who_facilitates_is_kept_and_nobody_is_written_to(conference: Conference, olive: User, heard: Heard) -> None:
    session = make_session(conference)
    amine = Membership.objects.get(user=add_member(conference, role=Role.FACILITATOR))
    for _time in range(2):
        sessions.change_session(session_id=session.pk, actor=olive, fields={"facilitators": [amine]})
    assert list(session.facilitators.all()) == [amine]
    assert [event.data["fields"] for event in Event.objects.filter(conference=conference)] == [["facilitators"]]
    assert heard == []

    stranger = Membership.objects.get(user=add_member(make_conference(), role=Role.FACILITATOR))
    with pytest.raises(DomainError):
        sessions.change_session(session_id=session.pk, actor=olive, fields={"facilitators": [stranger]})
    assert list(session.facilitators.all()) == [amine]
    sessions.change_session(session_id=session.pk, actor=olive, fields={"facilitators": []})
    assert list(session.facilitators.all()) == []
