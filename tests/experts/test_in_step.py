"""Items and parts stay in step: with the session that is moved, with the item that a part belongs to, inside their hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from conference.domain import running_order as order
from conference.domain.errors import DomainError
from conference.domain.sessions import change_session
from conference.enums import ItemKind
from conference.models import Conference, Item, Session, User
from conference.programme import conflicts_of
from experts.domain import programme
from experts.domain.experts import answer
from experts.domain.running_order import set_speakers
from experts.models import Availability, Contribution
from tests.experts.factories import make_expert
from tests.factories import make_session

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)  # nine o'clock in Paris, in winter


@pytest.fixture
def hearing(conference: Conference) -> Session:
    return make_session(conference, NINE, 8, title="Audition")


def put(session: Session, actor: User, at: int, minutes: int = 20, **fields: object) -> Item:
    starts_at = session.starts_at + timedelta(minutes=at)
    values = {"title": f"P{at}", "kind": ItemKind.TALK, "starts_at": starts_at, "minutes": minutes, **fields}
    return order.add_item(session_id=session.pk, actor=actor, fields=values)


def texts(conference: Conference) -> list[str]:
    return [conflict.text for conflict in conflicts_of(conference)]


def test_items_go_with_their_session_across_the_change_of_clocks(
    conference: Conference, olive: User, hearing: Session
) -> None:
    item = put(hearing, olive, 30)
    set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference)])
    in_summer = NINE + timedelta(days=28) - timedelta(hours=1)  # nine o'clock again

    change_session(
        session_id=hearing.pk,
        actor=olive,
        fields={"starts_at": in_summer, "ends_at": in_summer + timedelta(hours=8)},
    )

    item.refresh_from_db()
    assert item.starts_at == in_summer + timedelta(minutes=30)
    assert Contribution.objects.get().starts_at == item.starts_at


def test_items_stay_when_only_the_beginning_changes(olive: User, hearing: Session) -> None:
    item = put(hearing, olive, 30)

    change_session(session_id=hearing.pk, actor=olive, fields={"starts_at": NINE - timedelta(minutes=30)})

    item.refresh_from_db()
    assert item.starts_at == NINE + timedelta(minutes=30)


def test_overlapping_items_come_apart_inside_the_session(olive: User, hearing: Session) -> None:
    put(hearing, olive, 0, 60, title="A")
    short = put(hearing, olive, 10, 10, title="B")

    order.move_item(item_id=short.pk, actor=olive, places=-1)

    rows = Item.objects.order_by("starts_at").values_list("title", "starts_at")
    assert list(rows) == [("B", NINE), ("A", NINE + timedelta(minutes=10))]


def test_a_part_of_an_item_is_not_changed_apart_from_it(conference: Conference, olive: User, hearing: Session) -> None:
    item = put(hearing, olive, 0)
    set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference), make_expert(conference)])
    part = Contribution.objects.order_by("id")[0]

    with pytest.raises(DomainError):
        programme.change_contribution(contribution=part, actor=olive, fields={"minutes": 90})

    assert list(Contribution.objects.values_list("minutes", flat=True)) == [10, 10]


def test_who_stays_shares_the_minutes_of_who_leaves(conference: Conference, olive: User, hearing: Session) -> None:
    item = put(hearing, olive, 0)
    set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference), make_expert(conference)])

    programme.remove_contribution(contribution=Contribution.objects.order_by("id")[0], actor=olive)

    assert list(Contribution.objects.values_list("minutes", flat=True)) == [20]


def test_a_part_without_an_item_counts_for_the_expert_twice_at_once(
    conference: Conference, olive: User, hearing: Session
) -> None:
    expert = make_expert(conference)
    item = put(hearing, olive, 0, 30)
    set_speakers(item_id=item.pk, actor=olive, experts=[expert])
    other = make_session(conference, NINE + timedelta(minutes=10), 2, title="Autre")
    Contribution.objects.create(
        session=other, expert=expert, subject="Les haies", starts_at=other.starts_at, minutes=30, question_minutes=0
    )

    (twice,) = [text for text in texts(conference) if str(expert) in text]
    assert "P0" in twice
    assert "Les haies" in twice


def test_who_withdraws_is_told_where_they_still_stand(conference: Conference, olive: User, hearing: Session) -> None:
    expert = make_expert(conference)
    set_speakers(item_id=put(hearing, olive, 0).pk, actor=olive, experts=[expert])
    assert not any(str(expert) in text for text in texts(conference))

    answer(expert_id=expert.pk, accepts=False)

    assert f"{expert} ne participe plus, mais figure encore dans «\N{NO-BREAK SPACE}P0\N{NO-BREAK SPACE}»" in texts(
        conference
    )


@pytest.mark.parametrize(("gap", "expected"), [(0, 0), (1, 1)])
def test_a_morning_and_the_afternoon_after_it_are_one_stretch(
    conference: Conference, olive: User, hearing: Session, gap: int, expected: int
) -> None:
    expert = make_expert(conference)
    noon = NINE + timedelta(hours=3)
    Availability.objects.create(expert=expert, starts_at=NINE, ends_at=noon)
    Availability.objects.create(
        expert=expert, starts_at=noon + timedelta(minutes=gap), ends_at=noon + timedelta(hours=4)
    )
    set_speakers(item_id=put(hearing, olive, 170, 30).pk, actor=olive, experts=[expert])

    assert sum(str(expert) in text for text in texts(conference)) == expected


def test_two_sessions_at_once_are_told(conference: Conference, olive: User, hearing: Session) -> None:
    put(hearing, olive, 0)
    make_session(conference, NINE + timedelta(hours=7), 4, title="Soirée")
    make_session(conference, NINE + timedelta(hours=8), 2, title="Après")  # when the hearing is over
    make_session(conference, NINE, 8, title="Annulée", cancelled_at=timezone.now())

    told = [text for text in texts(conference) if "au même moment" in text]

    assert told == [
        "«\N{NO-BREAK SPACE}Audition\N{NO-BREAK SPACE}» et «\N{NO-BREAK SPACE}Soirée\N{NO-BREAK SPACE}» ont lieu au même moment"
    ]
