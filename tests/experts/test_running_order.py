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
from experts.domain.running_order import leave_item, set_speakers, shares, speak_in
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


def test_an_item_put_between_others_makes_them_wait_until_a_gap_is_long_enough(
    conference: Conference, olive: User, hearing: Session
) -> None:
    put(hearing, olive, 0, 20, title="A")
    put(hearing, olive, 20, 20, title="B")
    put(hearing, olive, 60, 20, title="C")
    moved = put(hearing, olive, 200, 30, title="D")
    at = hearing.starts_at + timedelta(minutes=20)
    order.place_item(item_id=moved.pk, actor=olive, starts_at=at, session_id=hearing.pk, room_id=None)
    assert minutes_of(hearing) == [("A", 0), ("D", 20), ("B", 50), ("C", 70)]
    order.place_item(
        item_id=moved.pk,
        actor=olive,
        starts_at=hearing.starts_at,
        session_id=hearing.pk,
        room_id=None,
        later_follow=False,
    )
    assert sorted(minutes_of(hearing)) == [("A", 0), ("B", 50), ("C", 70), ("D", 0)]


def test_an_item_goes_to_another_session_and_its_parts_with_it(
    conference: Conference, olive: User, hearing: Session
) -> None:
    item = put(hearing, olive, 0, 20)
    set_speakers(item_id=item.pk, actor=olive, experts=[make_expert(conference)])
    tomorrow = make_session(conference, NINE + timedelta(days=1), 2)
    room = Room.objects.create(conference=conference, name="Salle 2")
    order.place_item(
        item_id=item.pk, actor=olive, starts_at=tomorrow.starts_at, session_id=tomorrow.pk, room_id=room.pk
    )
    item.refresh_from_db()
    assert (item.session, item.room) == (tomorrow, room)
    assert Contribution.objects.get().session == tomorrow
    elsewhere = make_session(make_conference(), NINE, 2)
    with pytest.raises(DomainError):
        order.place_item(
            item_id=item.pk, actor=olive, starts_at=elsewhere.starts_at, session_id=elsewhere.pk, room_id=None
        )
    with pytest.raises(DomainError):  # somebody else has moved it
        order.place_item(
            item_id=item.pk, actor=olive, starts_at=NINE, session_id=hearing.pk, room_id=None, seen=hearing.starts_at
        )
    item.refresh_from_db()
    assert item.session == tomorrow


def test_what_no_longer_fits_says_until_when_the_session_would_last_and_lengthens_it(
    olive: User, hearing: Session
) -> None:
    first = put(hearing, olive, 0, 20)
    put(hearing, olive, 460, 20, title="Fin")
    longer: dict[str, Any] = {"fields": {"minutes": 50}, "later_follow": True}
    with pytest.raises(order.DoesNotFitError) as refused:
        order.change_item(item_id=first.pk, actor=olive, **longer)
    assert refused.value.ends_at == hearing.ends_at + timedelta(minutes=30)
    assert minutes_of(hearing) == [("Point 0", 0), ("Fin", 460)]
    order.change_item(item_id=first.pk, actor=olive, **longer, lengthen=True)
    assert minutes_of(hearing) == [("Point 0", 0), ("Fin", 490)]
    assert Session.objects.get(pk=hearing.pk).ends_at == hearing.ends_at + timedelta(minutes=30)
    with pytest.raises(order.DoesNotFitError) as refused:
        order.change_item(item_id=first.pk, actor=olive, fields={"starts_at": NINE - timedelta(hours=1)})
    assert refused.value.ends_at is None


def test_rooms_are_renamed_and_removed(conference: Conference, olive: User, hearing: Session) -> None:
    room, other = (order.add_room(conference_id=conference.pk, actor=olive, name=name) for name in ("A", "B"))
    item = put(hearing, olive, 0, room=room)
    assert order.rename_room(room_id=room.pk, actor=olive, name=" Amphithéâtre ").name == "Amphithéâtre"
    for name in ("B", "  "):
        with pytest.raises(DomainError):
            order.rename_room(room_id=room.pk, actor=olive, name=name)
    order.remove_room(room_id=room.pk, actor=olive)
    item.refresh_from_db()
    assert (item.room, list(Room.objects.all())) == (None, [other])


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


def test_a_part_is_given_an_item_and_leaves_it_and_the_minutes_are_shared_anew(
    conference: Conference, olive: User, hearing: Session
) -> None:
    first, second = put(hearing, olive, 0, 25), put(hearing, olive, 30, 10)
    ada, ben = make_expert(conference), make_expert(conference)
    set_speakers(item_id=first.pk, actor=olive, experts=[ada])
    agreed = Contribution.objects.create(expert=ben, session=hearing, minutes=20)
    speak_in(item_id=first.pk, actor=olive, expert=ben, contribution_id=agreed.pk)
    assert parts(first) == [(13, 0, first.starts_at), (12, 0, first.starts_at)]
    with pytest.raises(DomainError):
        speak_in(item_id=first.pk, actor=olive, expert=ben)
    speak_in(item_id=second.pk, actor=olive, expert=ben, contribution_id=agreed.pk)
    assert parts(first) == [(25, 0, first.starts_at)]
    assert parts(second) == [(10, 0, second.starts_at)]
    leave_item(contribution=Contribution.objects.get(pk=agreed.pk), actor=olive)
    assert parts(second) == []
    with pytest.raises(DomainError):
        speak_in(item_id=second.pk, actor=olive, expert=make_expert(conference, ExpertState.DECLINED))
    with pytest.raises(DomainError):
        speak_in(item_id=second.pk, actor=olive, expert=make_expert(make_conference()))
    assert parts(second) == []


def test_the_form_of_a_part_offers_the_items(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    first, second = put(hearing, olive, 0, 25), put(hearing, olive, 30, 10)
    expert = make_expert(conference)
    path = reverse("experts_desk:contribution_add", args=[conference.slug, expert.pk])
    assert desk.post(path, {"minutes": "20", "question_minutes": "20"}).status_code == 422
    assert desk.post(path, {"item": first.pk}).status_code == 302
    assert parts(first) == [(25, 0, first.starts_at)]
    assert desk.post(path, {"item": first.pk}).status_code == 422
    change = reverse("experts_desk:contribution_edit", args=[conference.slug, Contribution.objects.get().pk])
    assert 'name="minutes"' not in desk.get(change).text
    desk.post(change, {"item": second.pk})
    assert (parts(first), parts(second)) == ([], [(10, 0, second.starts_at)])
    desk.post(reverse("experts_desk:contribution_remove", args=[conference.slug, Contribution.objects.get().pk]))
    assert parts(second) == []


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


def test_a_shift_by_minutes_of_one_session_or_to_a_first_day_is_what_its_preview_showed(
    conference: Conference, olive: User, hearing: Session
) -> None:
    put(hearing, olive, 30)
    second = make_session(conference, NINE + timedelta(days=2), 4)
    over = make_session(conference, datetime(2020, 1, 4, 9, tzinfo=UTC), 4)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    later = whole.Shift(minutes=-15, session_id=hearing.pk)
    planned = whole.plan_shift(conference, later, now)
    assert [(one.session, one.starts_at) for one in planned] == [(hearing, NINE - timedelta(minutes=15))]
    assert whole.shift_programme(conference_id=conference.pk, actor=olive, shift=later) == 1
    hearing.refresh_from_db()
    assert (hearing.starts_at, minutes_of(hearing)) == (NINE - timedelta(minutes=15), [("Point 30", 30)])

    to_april = whole.Shift(first_day=date(2027, 4, 3))
    planned = whole.plan_shift(conference, to_april, now)
    assert [one.stays for one in planned] == [whole.Stays.PAST, None, None]
    with pytest.raises(DomainError):
        whole.shift_programme(conference_id=conference.pk, actor=olive, shift=to_april, seen="another preview")
    seen = whole.fingerprint(planned)
    assert whole.shift_programme(conference_id=conference.pk, actor=olive, shift=to_april, seen=seen) == 2
    for session, on in ((hearing, date(2027, 4, 3)), (second, date(2027, 4, 5)), (over, date(2020, 1, 4))):
        session.refresh_from_db()
        assert conference.local(session.starts_at).date() == on
    assert conference.local(hearing.starts_at).strftime("%H:%M") == "08:45"
    with pytest.raises(DomainError):
        whole.plan_shift(conference, whole.Shift(first_day=date(2026, 12, 1)), now)
    under_way = whole.plan_shift(conference, whole.Shift(days=1), second.starts_at + timedelta(hours=1))
    assert under_way[-1].stays == whole.Stays.UNDER_WAY


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


def test_an_item_goes_to_another_hour_by_form_and_the_form_offers_to_lengthen(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    item = put(hearing, olive, 0, 30)
    path = address("item_move", conference, item.pk)
    fields = {
        "session": hearing.pk,
        "day": "2027-03-13",
        "begins": "16:45",
        "room": "",
        "seen": item.starts_at.isoformat(),
    }
    refused = desk.post(path, fields)
    assert refused.status_code == 422
    assert 'name="lengthen"' in refused.text
    assert "17\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}15" in refused.text
    assert desk.post(path, {**fields, "lengthen": "on"}).status_code == 302
    assert minutes_of(hearing) == [("Point 0", 465)]
    assert desk.post(path, fields).status_code == 422  # from a page that is out of date
    assert desk.post(path, {**fields, "day": "2027-03-28", "begins": "02:30"}).status_code == 422  # no such hour
    assert minutes_of(hearing) == [("Point 0", 465)]


def test_a_move_is_undone_with_all_that_made_way_for_it(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    put(hearing, olive, 0, 20, title="A")
    put(hearing, olive, 20, 20, title="B")
    last = put(hearing, olive, 40, 30, title="C")
    set_speakers(item_id=last.pk, actor=olive, experts=[make_expert(conference)])
    at_first = minutes_of(hearing)
    tomorrow = make_session(conference, NINE + timedelta(days=1), 4)
    there = {"session": tomorrow.pk, "day": "2027-03-14", "begins": "09:00", "room": "", "follow": "on"}
    between = {"session": hearing.pk, "day": "2027-03-13", "begins": "09:00", "room": "", "follow": "on"}
    for move in (there, between, {"places": "-2"}):
        page = desk.post(address("item_move", conference, last.pk), move, follow=True)
        assert page.context["undo"] == "C"
        assert minutes_of(hearing) != at_first
        desk.post(address("undo", conference))
        assert minutes_of(hearing) == at_first
        assert Contribution.objects.get().session == hearing
    assert desk.get(address("programme", conference)).context["undo"] == ""
    desk.post(address("undo", conference))  # nothing to undo any more
    assert minutes_of(hearing) == at_first

    desk.post(address("item_move", conference, last.pk), {"places": "-1"})
    order.move_item(item_id=last.pk, actor=olive, places=-1)  # somebody else
    elsewhere = minutes_of(hearing)
    desk.post(address("undo", conference))
    assert minutes_of(hearing) == elsewhere


def test_two_who_change_one_item_at_once_lose_nothing(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    item = put(hearing, olive, 15, 25, title="Ouverture")
    path = address("item", conference, item.pk)
    seen = desk.get(path).context["form"].initial["seen"]
    order.change_item(item_id=item.pk, actor=olive, fields={"title": "Accueil du public", "minutes": 30})
    mine = typed(hearing, title="Accueil des citoyens", minutes="30", seen=seen)
    met = desk.post(path, mine)
    assert met.status_code == 422
    assert [(one.theirs, one.mine) for one in met.context["met"]] == [("Accueil du public", "Accueil des citoyens")]
    assert 'value="Accueil des citoyens"' in met.text
    item.refresh_from_db()
    assert item.title == "Accueil du public"
    desk.post(path, {**mine, "seen": met.context["form"].data["seen"]})
    item.refresh_from_db()
    assert item.title == "Accueil des citoyens"


def test_an_item_a_new_room_and_its_speakers_are_stored_together_or_not_at_all(
    conference: Conference, olive: User, desk: Client, hearing: Session
) -> None:
    gone = make_expert(conference)
    item = put(hearing, olive, 15, 25, title="Ouverture")
    form = typed(hearing, title="Autre", new_room="Salle haute", begins="22:00", experts=[gone.pk])
    assert desk.post(address("item", conference, item.pk), form).status_code == 422
    assert desk.post(address("item_add", conference), form).status_code == 422
    assert (Room.objects.count(), Contribution.objects.count(), Item.objects.get().title) == (0, 0, "Ouverture")


def test_a_template_and_a_shift_are_looked_at_before_they_are_done(conference: Conference, desk: Client) -> None:
    chosen = {"template": "municipal", "first_day": "2027-03-20"}
    preview = desk.post(address("lay", conference), chosen)
    assert (preview.status_code, Session.objects.count()) == (200, 0)
    assert len(preview.context["preview"]) == 3
    desk.post(address("lay", conference), {**chosen, "act": "lay"})
    first = Session.objects.order_by("starts_at")[0]
    assert (Session.objects.count(), f"{conference.local(first.starts_at):%d/%m}") == (3, "20/03")

    by_a_week = {"session": "", "days": "7"}
    preview = desk.post(address("shift", conference), by_a_week)
    assert (preview.status_code, preview.context["moving"]) == (200, 3)
    first.refresh_from_db()
    assert f"{conference.local(first.starts_at):%d/%m}" == "20/03"
    done = {**by_a_week, "act": "shift", "seen": preview.context["seen"]}
    assert desk.post(address("shift", conference), done).status_code == 302
    assert desk.post(address("shift", conference), done).status_code == 422  # the preview no longer holds
    first.refresh_from_db()
    assert f"{conference.local(first.starts_at):%d/%m}" == "27/03"
    assert desk.post(address("shift", conference), {"days": "-400"}).status_code == 422
    assert desk.post(address("shift", conference), {"days": ""}).status_code == 422


def test_rooms_are_kept_by_form(conference: Conference, olive: User, desk: Client, hearing: Session) -> None:
    desk.post(address("rooms", conference), {"name": "Grande salle"})
    desk.post(address("rooms", conference), {"name": "Petite salle"})
    room = Room.objects.get(name="Grande salle")
    put(hearing, olive, 0, room=room)
    assert desk.post(address("rooms", conference), {"name": "Petite salle"}).status_code == 422
    rename = address("room", conference, room.pk)
    wrong = desk.post(rename, {f"room-{room.pk}-name": "Petite salle"})
    assert (wrong.status_code, "field-error" in wrong.text) == (422, True)
    assert desk.post(rename, {f"room-{room.pk}-name": "Amphithéâtre"}).status_code == 302
    assert "Amphithéâtre" in desk.get(address("rooms", conference)).text
    assert desk.post(address("room_remove", conference, room.pk)).status_code == 302
    assert [one.name for one in Room.objects.all()] == ["Petite salle"]
    foreign = Room.objects.create(conference=make_conference(make_user()), name="Ailleurs")
    assert desk.post(address("room", conference, foreign.pk), {"name": "x"}).status_code == 404
    assert desk.post(address("room_remove", conference, foreign.pk)).status_code == 404


ACTS: dict[str, tuple[Callable[[Item], tuple[object, ...]], bool]] = {
    "item_add": (lambda _item: (), True),
    "item": (lambda item: (item.pk,), True),
    "item_move": (lambda item: (item.pk,), True),
    "rooms": (lambda _item: (), True),
    "item_remove": (lambda item: (item.pk,), False),
    "undo": (lambda _item: (), False),
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
    with django_assert_max_num_queries(8):  # session, person, role; sessions, items, parts, availability; version
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
