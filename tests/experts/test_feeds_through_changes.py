"""The calendars that citizens and experts subscribe to, as another program reads them: through a move, a cancellation, a
published programme, leaving and coming back, and over the nights of clock change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conference.domain.publication import publish_programme
from conference.domain.sessions import cancel_session, change_session
from conference.domain.whole_programme import Shift, shift_programme
from conference.enums import ItemKind
from conference.models import Conference, Item, Session, User
from experts import feeds as of_experts
from experts.domain.experts import answer
from experts.models import Expert
from panels import feeds as of_citizens
from panels.domain.invitations import accept, invite_panel, withdraw
from panels.models import Invitation
from tests.conference.test_feeds import events
from tests.experts.factories import make_expert, make_part
from tests.factories import make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
# Nine in Paris on the Saturday before the clocks go forward: a week later nine is an hour earlier in the world.
NINE = datetime(2027, 3, 27, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
type Read = dict[str, tuple[str, int, datetime, datetime]]


@pytest.fixture
def olive() -> User:
    return make_user()


@pytest.fixture
def conference(olive: User) -> Conference:
    return make_drawn(olive)[0]


@pytest.fixture
def held(conference: Conference) -> Session:
    return make_session(conference, NINE, 8)


def asked(name: str, token: str) -> Read:
    response = Client().get(reverse(name, args=[token]))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return events(response.content)


def of_citizen(invitation: Invitation) -> Read:
    invitation.refresh_from_db()
    return asked("citizen_feeds:citizen", of_citizens.feed_token(invitation))


def of_expert(expert: Expert) -> Read:
    expert.refresh_from_db()
    return asked("expert_feeds:expert", of_experts.feed_token(expert))


def move(session: Session, olive: User, by: timedelta) -> None:
    """By days on the wall clock, as somebody who types a date does."""
    session.refresh_from_db()
    zone = session.conference.zone
    starts, ends = ((at.astimezone(zone) + by).astimezone(UTC) for at in (session.starts_at, session.ends_at))
    change_session(session_id=session.pk, actor=olive, fields={"starts_at": starts, "ends_at": ends})


def test_a_citizens_calendar_follows_move_cancellation_and_clocks(
    conference: Conference, held: Session, olive: User
) -> None:
    invitation = invite_panel(conference=conference, actor=olive)[0]
    accept(invitation_id=invitation.pk)
    uid = f"{held.uid}@concitoyen"
    first = of_citizen(invitation)
    assert first == {uid: ("CONFIRMED", first[uid][1], NINE, NINE + timedelta(hours=8))}

    move(held, olive, WEEK)
    moved = of_citizen(invitation)
    nine = NINE + WEEK - timedelta(hours=1)  # nine in summer
    assert moved == {uid: ("CONFIRMED", first[uid][1] + 1, nine, nine + timedelta(hours=8))}

    cancel_session(session_id=held.pk, actor=olive, reason="La salle est inondée")
    gone = of_citizen(invitation)
    assert (gone[uid][0], gone[uid][1] > moved[uid][1], gone[uid][2]) == ("CANCELLED", True, nine)


def test_a_citizen_who_gives_the_seat_up_finds_it_all_cancelled(
    conference: Conference, held: Session, olive: User
) -> None:
    invitation = invite_panel(conference=conference, actor=olive)[0]
    accept(invitation_id=invitation.pk)
    uid = f"{held.uid}@concitoyen"
    before = of_citizen(invitation)[uid]
    withdraw(invitation_id=invitation.pk)
    after = of_citizen(invitation)[uid]
    assert (before[0], after[0], after[1] > before[1], after[2:]) == ("CONFIRMED", "CANCELLED", True, before[2:])


def lay(held: Session, expert: Expert) -> Item:
    item = Item.objects.create(
        session=held, title="Exposé", kind=ItemKind.TALK, starts_at=held.starts_at + timedelta(hours=1), minutes=20
    )
    make_part(expert, held, item=item, starts_at=item.starts_at, minutes=20)
    return item


def test_an_experts_calendar_holds_the_hour_then_the_turn_and_follows_both(
    conference: Conference, held: Session, olive: User
) -> None:
    expert = make_expert(conference)
    item = lay(held, expert)
    assert set(of_expert(expert)) == {f"{held.uid}@concitoyen"}  # nothing is published: the hours of the session

    publish_programme(conference_id=conference.pk, actor=olive)
    uid = f"{item.uuid}@concitoyen"
    ten = NINE + timedelta(hours=1)
    first = of_expert(expert)
    assert first == {uid: ("CONFIRMED", first[uid][1], ten, ten + timedelta(minutes=20))}

    shift_programme(conference_id=conference.pk, actor=olive, shift=Shift(days=7))  # on the wall clock
    assert of_expert(expert) == first  # until the programme is published again
    publish_programme(conference_id=conference.pk, actor=olive)
    moved = of_expert(expert)
    summer = ten + WEEK - timedelta(hours=1)
    assert (moved[uid][0], moved[uid][1] > first[uid][1], moved[uid][2]) == ("CONFIRMED", True, summer)

    cancel_session(session_id=held.pk, actor=olive, reason="La salle est inondée")
    publish_programme(conference_id=conference.pk, actor=olive)
    gone = of_expert(expert)
    assert (gone[uid][0], gone[uid][1] > moved[uid][1], gone[uid][2]) == ("CANCELLED", True, summer)


def test_whoever_leaves_and_comes_back_is_heard_each_time(conference: Conference, held: Session, olive: User) -> None:
    """A calendar program passes over what bears a lower sequence than it has seen."""
    expert = make_expert(conference)
    lay(held, expert)
    publish_programme(conference_id=conference.pk, actor=olive)
    seen = [next(iter(of_expert(expert).values()))]
    for accepts in (False, True, False):
        answer(expert_id=expert.pk, accepts=accepts, actor=olive, reason="Au téléphone")
        seen.append(next(iter(of_expert(expert).values())))
    assert [one[0] for one in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert [one[1] for one in seen] == sorted({one[1] for one in seen})
