"""Whatever one does to a running order: two things at once for one expert are warned of, and no minute of talk is lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.domain import running_order as order
from conference.domain import whole_programme as whole
from conference.domain.errors import DomainError
from conference.domain.undone_moves import spots_of, undo_move
from conference.enums import ItemKind
from conference.models import Conference, Item, Room, Session, User
from conference.programme import conflicts_of
from experts.domain.running_order import leave_item, set_speakers, speak_in
from experts.models import Contribution, Expert
from tests.experts.factories import make_expert
from tests.factories import make_session

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 3, 13, 8, tzinfo=UTC)
KINDS = (ItemKind.TALK, ItemKind.QUESTIONS, ItemKind.PLENARY)

type Numbers = tuple[int, int, int, bool]


class Day:
    """Two sessions, two rooms, three experts, and edits by number: the same numbers make the same edits."""

    def __init__(self, conference: Conference, actor: User) -> None:
        self.conference, self.actor = conference, actor
        self.sessions = [make_session(conference, NINE + timedelta(hours=hours), 3) for hours in (0, 4)]
        self.rooms = [None, Room.objects.create(conference=conference, name="A")]
        self.experts = [make_expert(conference) for _ in range(3)]

    @property
    def items(self) -> list[Item]:
        return list(Item.objects.filter(session__conference=self.conference).order_by("pk"))

    def add(self, numbers: Numbers) -> None:
        one, two, three, flag = numbers
        session = self.sessions[one % 2]
        fields: dict[str, Any] = {
            "title": f"Point {two}",
            "kind": KINDS[two % 3],
            "starts_at": session.starts_at + timedelta(minutes=5 * (three % 40)),
            "minutes": 5 + two % 50,
            "room": self.rooms[three % 2],
        }
        order.add_item(session_id=session.pk, actor=self.actor, fields=fields, later_follow=flag)

    def change(self, item: Item, numbers: Numbers) -> None:
        one, two, _three, flag = numbers
        fields = {"minutes": 5 + one % 60, "kind": KINDS[two % 3]}
        order.change_item(item_id=item.pk, actor=self.actor, fields=fields, later_follow=flag, lengthen=two % 2 == 0)

    def move(self, item: Item, numbers: Numbers) -> None:
        order.move_item(item_id=item.pk, actor=self.actor, places=numbers[1] % 5 - 2)

    def place(self, item: Item, numbers: Numbers) -> None:
        one, two, three, flag = numbers
        session, room = self.sessions[one % 2], self.rooms[two % 2]
        before = spots_of(self.conference)
        order.place_item(
            item_id=item.pk,
            actor=self.actor,
            starts_at=session.starts_at + timedelta(minutes=5 * (three % 36)),
            session_id=session.pk,
            room_id=room.pk if room else None,
            later_follow=flag,
        )
        after = spots_of(self.conference)
        changed = [pk for pk in after if before[pk] != after[pk]]
        if two % 4 == 0 and changed:
            undo_move(
                conference_id=self.conference.pk,
                actor=self.actor,
                before={pk: before[pk] for pk in changed},
                after={pk: after[pk] for pk in changed},
            )
            assert spots_of(self.conference) == before

    def speakers(self, item: Item, numbers: Numbers) -> None:
        chosen = [expert for number, expert in enumerate(self.experts) if numbers[1] >> number & 1]
        set_speakers(item_id=item.pk, actor=self.actor, experts=chosen)

    def speak(self, item: Item, numbers: Numbers) -> None:
        expert = self.experts[numbers[1] % 3]
        part = Contribution.objects.filter(expert=expert).first()
        speak_in(item_id=item.pk, actor=self.actor, expert=expert, contribution_id=part.pk if part else None)

    def leave(self, item: Item, _numbers: Numbers) -> None:
        part = Contribution.objects.filter(item=item).first()
        if part:
            leave_item(contribution=part, actor=self.actor)

    def remove(self, item: Item, _numbers: Numbers) -> None:
        order.remove_item(item_id=item.pk, actor=self.actor)

    def shift(self, _item: Item, numbers: Numbers) -> None:
        one, two, _three, flag = numbers
        shift = whole.Shift(minutes=5 * (two % 30), session_id=self.sessions[one % 2].pk if flag else None)
        whole.shift_programme(conference_id=self.conference.pk, actor=self.actor, shift=shift)

    def edit(self, verb: str, numbers: Numbers) -> None:
        items = self.items
        if verb == "add" or not items:
            self.add(numbers)
            return
        act: Callable[[Item, Numbers], None] = getattr(self, verb)
        act(items[numbers[0] % len(items)], numbers)


VERBS = ("add", "change", "move", "place", "speakers", "speak", "leave", "remove", "shift")
EDITS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.booleans()),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_no_sequence_of_edits_leaves_a_double_booking_unwarned_or_loses_a_minute(
    conference: Conference, olive: User, edits: list[tuple[str, Numbers]]
) -> None:
    with transaction.atomic():
        day = Day(conference, olive)
        for verb, numbers in edits:
            with suppress(DomainError), transaction.atomic():
                day.edit(verb, numbers)
            _warned(day)
            _no_minute_is_lost(day)
        transaction.set_rollback(True)


def _warned(day: Day) -> None:
    said = {frozenset(one.items) for one in conflicts_of(day.conference) if len(one.items) == 2}
    for one, other in combinations(day.items, 2):
        both = Expert.objects.filter(contributions__item=one) & Expert.objects.filter(contributions__item=other)
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            shared = set(both) or (one.room_id == other.room_id and (one.room_id or one.session_id == other.session_id))
            assert not shared or frozenset({one.pk, other.pk}) in said


def _no_minute_is_lost(day: Day) -> None:
    for item in day.items:
        parts = list(Contribution.objects.filter(item=item))
        assert {(part.session_id, part.starts_at) for part in parts} <= {(item.session_id, item.starts_at)}
        talk, questions = sum(part.minutes for part in parts), sum(part.question_minutes for part in parts)
        wanted = item.minutes if parts else 0
        assert (talk, questions) == (
            wanted if item.kind == ItemKind.TALK else 0,
            wanted if item.kind == ItemKind.QUESTIONS else 0,
        )
    for session in Session.objects.filter(conference=day.conference):
        for item in Item.objects.filter(session=session):
            assert session.starts_at <= item.starts_at
            assert item.ends_at <= session.ends_at
