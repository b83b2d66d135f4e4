"""The running order: moved as a person would, parts in step with their items, pages by role."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conference.domain import running_order as order
from conference.domain import whole_programme as whole
from conference.domain.errors import DomainError
from conference.domain.sessions import cancel_session
from conference.enums import ItemKind, Role
from conference.mail.models import Message
from conference.method import plans
from conference.models import Conference, Item, ProgrammeVersion, Room, Session, User
from conference.programme import conflicts_of, speakers_of
from experts.domain.running_order import set_speakers, shares
from experts.enums import ExpertState
from experts.models import Contribution, Expert
from tests.experts.conftest import signed_in
from tests.experts.factories import make_expert
from tests.factories import add_member, make_conference, make_session, make_user

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)


@pytest.fixture
def hearing(conference: Conference) -> Session:
    return make_session(conference, NINE, 8, title="Audition publique")


def put(session: Session, actor: User, minute: int, minutes: int = 20, **fields: Any) -> Item:
    facts = {"title": f"Point {minute}", "kind": ItemKind.TALK, **fields}
    facts |= {"starts_at": session.starts_at + timedelta(minutes=minute), "minutes": minutes}
    return order.add_item(session_id=session.pk, actor=actor, fields=facts)


def minutes_of(session: Session) -> list[tuple[str, int]]:
    """Each item with the minute at which it begins."""
    rows = Item.objects.filter(session=session).order_by("starts_at", "id")
    return [(row.title, int((row.starts_at - session.starts_at).total_seconds()) // 60) for row in rows]


def test_an_item_moves_past_its_neighbour_and_gaps_stay(olive: User, hearing: Session) -> None:
    put(hearing, olive, 0, 20, title="A")
    put(hearing, olive, 30, 40, title="B")
    last = put(hearing, olive, 70, 10, title="C")
    order.move_item(item_id=last.pk, actor=olive, places=-1)
    assert minutes_of(hearing) == [("A", 0), ("C", 30), ("B", 40)]
    order.move_item(item_id=last.pk, actor=olive, places=-5)
    assert minutes_of(hearing) == [("C", 0), ("A", 20), ("B", 40)]
    order.move_item(item_id=last.pk, actor=olive, places=1)
    assert minutes_of(hearing) == [("A", 0), ("C", 30), ("B", 40)]


def test_items_of_another_room_stay_where_they_are(conference: Conference, olive: User, hearing: Session) -> None:
    room = Room.objects.create(conference=conference, name="Salle 2")
    first = put(hearing, olive, 0, 20, title="A")
    put(hearing, olive, 0, 60, title="À côté", room=room)
    put(hearing, olive, 20, 20, title="B")
    order.move_item(item_id=first.pk, actor=olive, places=1)
    assert minutes_of(hearing) == [("À côté", 0), ("B", 0), ("A", 20)]


def test_a_move_of_what_somebody_else_has_moved_says_so(olive: User, hearing: Session) -> None:
    first = put(hearing, olive, 0)
    put(hearing, olive, 20)
    order.move_item(item_id=first.pk, actor=olive, places=1, starts_at=first.starts_at)
    with pytest.raises(DomainError):
        order.move_item(item_id=first.pk, actor=olive, places=1, starts_at=first.starts_at)


def test_nothing_lies_outside_its_session_nor_in_a_cancelled_one(olive: User, hearing: Session) -> None:
    with pytest.raises(DomainError):
        put(hearing, olive, 470, 20)
    with pytest.raises(DomainError):
        put(hearing, olive, -1, 20)
    cancel_session(session_id=hearing.pk, actor=olive, reason="Grève")
    with pytest.raises(DomainError):
        put(hearing, olive, 0)
    assert Item.objects.count() == 0


@pytest.mark.parametrize(
    ("minutes", "speakers", "expected"), [(20, 3, [7, 7, 6]), (1, 2, [1, 0]), (5, 0, []), (9, 3, [3, 3, 3])]
)
def test_whole_minutes_are_shared_without_loss(minutes: int, speakers: int, expected: list[int]) -> None:
    assert shares(minutes, speakers) == expected


def parts(item: Item) -> list[tuple[int, int, datetime | None]]:
    rows = Contribution.objects.filter(item=item).order_by("id")
    return [(row.minutes, row.question_minutes, row.starts_at) for row in rows]


def test_parts_follow_their_item(conference: Conference, olive: User, hearing: Session) -> None:
    item = put(hearing, olive, 30, 25)
    set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference), make_expert(conference)])
    begins = NINE + timedelta(minutes=30)
    assert parts(item) == [(13, 0, begins), (12, 0, begins)]
    order.change_item(item_id=item.pk, actor=olive, fields={"kind": ItemKind.QUESTIONS, "minutes": 40})
    assert parts(item) == [(0, 20, begins), (0, 20, begins)]
    afternoon = make_session(conference, NINE + timedelta(days=1), 8)
    order.change_item(item_id=item.pk, actor=olive, fields={"session": afternoon, "starts_at": afternoon.starts_at})
    assert parts(item) == [(0, 20, afternoon.starts_at)] * 2
    assert set(Contribution.objects.values_list("session_id", flat=True)) == {afternoon.pk}
    set_speakers(item_id=item.pk, actor=olive, experts=[])
    assert parts(item) == []


def test_who_declined_is_not_put_into_the_running_order(conference: Conference, olive: User, hearing: Session) -> None:
    item = put(hearing, olive, 0)
    with pytest.raises(DomainError):
        set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference, ExpertState.DECLINED)])
    with pytest.raises(DomainError):
        set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(make_conference())])
    assert parts(item) == []


def test_the_public_reads_the_names_of_those_who_accepted(
    conference: Conference, olive: User, hearing: Session
) -> None:
    item = put(hearing, olive, 0)
    sure, unsure = make_expert(conference), make_expert(conference, ExpertState.INVITED)
    set_speakers(item_id=item.pk, actor=olive, experts=[sure, unsure])
    found = speakers_of(conference)[item.pk]
    assert {(one.name, one.is_sure) for one in found} == {(str(sure), True), (str(unsure), False)}


# -- Templates ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", plans())
def test_a_template_is_a_programme_without_conflicts_but_those_of_people(
    conference: Conference, olive: User, key: str
) -> None:
    made = whole.lay_programme(
        conference_id=conference.pk, actor=olive, plan=plans()[key], first_day=date(2027, 3, 12), language="fr"
    )
    assert len(made) == len(plans()[key].sessions)
    assert made[0].starts_at.astimezone(conference.zone).date() == date(2027, 3, 12)
    texts = {conflict.text for conflict in conflicts_of(conference)}
    assert texts == {
        f"«\N{NO-BREAK SPACE}{session.title}\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: personne n’anime encore"
        for session in made
    }
    for plan in plans()[key].sessions:
        assert plan.starts + sum(item.minutes for item in plan.items) <= plan.ends
        assert all(item.titles["en"] for item in plan.items)


def test_a_programme_is_shifted_whole_and_hours_stay_over_the_change_of_clocks(
    conference: Conference, olive: User
) -> None:
    whole.lay_programme(
        conference_id=conference.pk, actor=olive, plan=plans()["municipal"], first_day=date(2027, 3, 20), language="fr"
    )
    before = [item.starts_at.astimezone(conference.zone) for item in Item.objects.order_by("id")]
    assert (
        whole.shift_programme(conference_id=conference.pk, actor=olive, shift=whole.Shift(days=14)) == 3
    )  # the clocks go forward on the 28th
    after = [item.starts_at.astimezone(conference.zone) for item in Item.objects.order_by("id")]
    assert [(one.date() + timedelta(days=14), one.time()) for one in before] == [
        (one.date(), one.time()) for one in after
    ]


# -- Pages -------------------------------------------------------------------------------------------------------------
def address(name: str, conference: Conference, *args: object) -> str:
    return reverse(f"programme:{name}", args=[conference.slug, *args])


def typed(session: Session, **fields: object) -> dict[str, object]:
    return {
        "title": "Ouverture",
        "kind": "talk",
        "session": session.pk,
        "day": "2027-03-13",
        "begins": "09:15",
        "minutes": "25",
        **fields,
    }


def test_an_organiser_adds_changes_moves_and_removes_by_form(
    conference: Conference, desk: Client, hearing: Session
) -> None:
    expert = make_expert(conference)
    add = desk.post(address("item_add", conference), typed(hearing, new_room="Grande salle", experts=[expert.pk]))
    assert add.status_code == 302
    item = Item.objects.get()
    assert (item.title, item.minutes, str(item.room)) == ("Ouverture", 25, "Grande salle")
    assert [row.expert for row in Contribution.objects.filter(item=item)] == [expert]

    desk.post(
        address("item", conference, item.pk), typed(hearing, minutes="30", room=item.room_id, experts=[expert.pk])
    )
    item.refresh_from_db()
    assert item.minutes == 30
    assert Contribution.objects.get().minutes == 30

    page = desk.get(address("programme", conference)).text
    assert "Ouverture" in page
    assert str(expert) in page
    assert desk.post(address("item_remove", conference, item.pk)).status_code == 302
    assert Item.objects.count() == 0


def test_what_does_not_fit_comes_back_with_words_and_keeps_what_was_typed(
    conference: Conference, desk: Client, hearing: Session
) -> None:
    answer = desk.post(address("item_add", conference), typed(hearing, begins="18:00"))
    assert answer.status_code == 422
    assert 'value="Ouverture"' in answer.text
    assert Item.objects.count() == 0


def test_the_buttons_the_keys_and_dragging_send_the_same_form(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    first = put(hearing, olive, 0, title="A")
    put(hearing, olive, 20, title="B")
    seen = first.starts_at.isoformat()
    desk.post(address("item_move", conference, first.pk), {"places": "1", "seen": seen})
    assert minutes_of(hearing) == [("B", 0), ("A", 20)]
    desk.post(
        address("item_move", conference, first.pk), {"places": "-1", "seen": seen}
    )  # from a page that is out of date
    desk.post(address("item_move", conference, first.pk), {"places": "beaucoup"})
    assert minutes_of(hearing) == [("B", 0), ("A", 20)]


ACTS: dict[str, tuple[Callable[[Item], tuple[object, ...]], bool]] = {
    "item_add": (lambda _item: (), True),
    "item": (lambda item: (item.pk,), True),
    "item_move": (lambda item: (item.pk,), True),
    "rooms": (lambda _item: (), True),
    "item_remove": (lambda item: (item.pk,), False),
    "lay": (lambda _item: (), True),
    "shift": (lambda _item: (), True),
}


@pytest.mark.parametrize("role", Role)
def test_members_read_and_the_organiser_changes(
    conference: Conference, olive: User, hearing: Session, role: Role
) -> None:
    item = put(hearing, olive, 0)
    client = signed_in(add_member(conference, role=role))
    assert client.get(address("programme", conference)).status_code == 200
    for name, (args, readable) in ACTS.items():
        path = address(name, conference, *args(item))
        allowed = role == Role.ORGANISER
        assert client.get(path).status_code == ((200 if readable else 405) if allowed or not readable else 404), name
        if not allowed:
            assert client.post(path).status_code == 404, name
    assert Item.objects.filter(pk=item.pk).exists()


def test_outsiders_find_nothing(conference: Conference, olive: User, otto: User, hearing: Session) -> None:
    item = put(hearing, olive, 0)
    for name, (args, _readable) in {**ACTS, "programme": (lambda _item: (), True)}.items():
        path = address(name, conference, *args(item))
        assert signed_in(otto).post(path).status_code in {404, 405}, name
        assert Client().post(path).status_code in {302, 405}, name
    assert signed_in(otto).get(address("programme", conference)).status_code == 404
    other = make_conference(make_user())
    assert signed_in(olive).get(address("item", other, item.pk)).status_code == 404
    assert Item.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize("experts", [1, 3, 30])
def test_the_page_takes_the_same_queries_for_any_number_of_experts(
    conference: Conference, olive: User, desk: Client, experts: int, django_assert_max_num_queries: Any
) -> None:
    whole.lay_programme(
        conference_id=conference.pk, actor=olive, plan=plans()["danish"], first_day=date(2027, 3, 12), language="fr"
    )
    talk = Item.objects.filter(kind=ItemKind.TALK)[0]
    set_speakers(item_id=talk.pk, actor=olive, experts=[make_expert(conference) for _ in range(experts)])
    desk.get(address("programme", conference))
    with django_assert_max_num_queries(
        14
    ):  # session, person, role; sessions, items, speakers; six for conflicts; version
        assert desk.get(address("programme", conference)).status_code == 200


def test_a_whole_hearing_is_laid_published_changed_and_told_to_the_one_concerned(
    conference: Conference, olive: User, desk: Client
) -> None:
    desk.post(address("lay", conference), {"template": "danish", "first_day": "2027-03-12", "act": "lay"})
    talks = list(Item.objects.filter(kind=ItemKind.TALK).order_by("starts_at")[:2])
    concerned, other = make_expert(conference), make_expert(conference)
    for item, expert in zip(talks, (concerned, other), strict=True):
        set_speakers(item_id=item.pk, actor=olive, experts=[expert])
    desk.post(reverse("publication:publish", args=[conference.slug]), {"note": "Première version"})
    assert ProgrammeVersion.objects.get().number == 1
    told = {message.recipient_key for message in _programme_letters(conference)}
    assert told == {f"expert:{concerned.pk}", f"expert:{other.pk}"}
    _programme_letters(conference).update(state="sent")

    order.change_item(item_id=talks[0].pk, actor=olive, fields={"minutes": 20})
    desk.post(reverse("publication:publish", args=[conference.slug]), {"note": "Exposé plus court"})
    waiting = [message.recipient_key for message in _programme_letters(conference).filter(state="scheduled")]
    assert waiting == [f"expert:{concerned.pk}"]
    assert str(concerned) in Client().get(reverse("publication:public", args=[conference.slug])).text


def _programme_letters(conference: Conference) -> Any:

    return Message.objects.filter(conference=conference, kind="expert_programme")


def test_declined_experts_stay_on_the_form_only_where_they_speak(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    item = put(hearing, olive, 0)
    expert: Expert = make_expert(conference)
    set_speakers(item_id=item.pk, actor=olive, experts=[expert])
    Expert.objects.filter(pk=expert.pk).update(state=ExpertState.WITHDRAWN)
    assert str(expert) in desk.get(address("item", conference, item.pk)).text
    assert str(expert) not in desk.get(address("item_add", conference)).text
