"""The roll call: what marks come to, in whatever order, however often and from however many devices they arrive."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.errors import DomainError
from conference.enums import DayPart, ItemKind
from conference.models import Conference, Event, Item, Session, User
from panels.audiences import groups
from panels.domain.attendance import Sent, close_half_day, correct_mark, take_marks
from panels.domain.erasure import erase_volunteer
from panels.domain.invitations import accept, invite_panel
from panels.enums import MarkKind
from panels.half_days import HalfDay, half_days, read_slug
from panels.models import AttendanceMark, Invitation, RollCall, Signature
from panels.roll import clean_strokes, fold, path_of
from panels.roll_rows import attendance_sheet, rows_of
from tests.factories import make_conference, make_drawn, make_session, make_user

PARIS = ZoneInfo("Europe/Paris")
STROKES = [[10, 10, 100, 90, 200, 40], [5, 5, 6, 6]]


class Mark:
    """A mark without a database."""

    def __init__(self, number: int, kind: MarkKind, at: int, clock: time | None) -> None:
        self.uuid = UUID(int=number)
        self.kind: str = kind
        self.clock = clock
        self.made_at = datetime(2027, 3, 13, 9, tzinfo=UTC) + timedelta(seconds=at)


marks_of_a_device = st.builds(
    Mark,
    st.integers(1, 10**6),
    st.sampled_from(list(MarkKind)),
    st.integers(0, 5),  # few moments, so that many are of the same
    st.none(),
)


@given(st.lists(marks_of_a_device, max_size=12, unique_by=lambda mark: mark.uuid), st.randoms())
def test_any_order_and_any_repetition_come_to_the_same(marks: list[Mark], chance: Any) -> None:
    shuffled = marks + chance.sample(marks, len(marks) // 2)
    chance.shuffle(shuffled)

    assert fold(shuffled) == fold(marks)


@given(st.lists(marks_of_a_device, max_size=10, unique_by=lambda mark: mark.uuid), st.integers(0, 10))
def test_two_devices_merge_whichever_comes_first(marks: list[Mark], cut: int) -> None:
    one, other = marks[:cut], marks[cut:]

    assert fold(one + other) == fold(other + one)


def test_the_latest_of_a_register_holds_and_leaves_the_others_alone() -> None:
    late = Mark(1, MarkKind.LATE, 1, time(10, 15))
    left = Mark(2, MarkKind.LEFT, 2, time(11, 30))
    signed = Mark(3, MarkKind.SIGNED, 0, None)

    came = fold([left, signed, late])

    assert (came.kind, came.late, came.left, came.signature) == (MarkKind.LATE, time(10, 15), time(11, 30), signed)
    gone = fold([left, signed, late, Mark(4, MarkKind.ABSENT, 9, None)])
    assert (gone.is_here, gone.late, gone.left, gone.signature) == (False, None, None, signed)
    assert fold([late, Mark(5, MarkKind.CLEARED, 9, None)]).is_noted is False


@pytest.mark.parametrize(
    ("late", "left", "minutes"),
    [
        (None, None, 180),
        (time(10, 15), None, 135),
        (None, time(12), 150),
        (time(10), time(11), 60),
        (time(13), None, 0),
    ],
)
def test_minutes_of_presence(late: time | None, left: time | None, minutes: int) -> None:
    marks = [Mark(1, MarkKind.LATE if late else MarkKind.PRESENT, 1, late)]
    marks += [Mark(2, MarkKind.LEFT, 2, left)] if left else []
    day = date(2027, 3, 13)
    start, end = (datetime.combine(day, at, PARIS) for at in (time(9, 30), time(12, 30)))

    assert fold(marks).minutes(start, end, day, PARIS) == minutes


@pytest.mark.parametrize(
    "strokes",
    [
        None, [], "x", [[]], [[1]], [[1, 2, 3]], [[1, 2]], [[-1, 2, 3, 4]], [[601, 2, 3, 4]], [[1, 201, 3, 4]], [[1.5, 2, 3, 4]],
        [[True, 2, 3, 4]], [["1", 2, 3, 4]], [[1, 1, 2, 2]] * 61, [[1, 1] * 2001], {"a": 1},
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused(strokes: object) -> None:
    assert clean_strokes(strokes) is None


def test_a_signature_becomes_a_path() -> None:
    assert clean_strokes(json.loads(json.dumps(STROKES))) == STROKES
    assert path_of(STROKES) == "M10 10L100 90 200 40M5 5L6 6"
    assert path_of([[7, 8]]) == "M7 8L7 8"


# -- Half-days ---------------------------------------------------------------------------------------------------------
def spans(conference: Conference) -> list[tuple[str, str, str]]:
    return [
        (
            half.slug.split("-", 1)[1],
            f"{conference.local(half.starts_at):%H:%M}",
            f"{conference.local(half.ends_at):%H:%M}",
        )
        for half in half_days(conference)
    ]


def session(conference: Conference, start: str, end: str) -> Session:
    starts, ends = (datetime.fromisoformat(at).replace(tzinfo=PARIS) for at in (start, end))
    return Session.objects.create(conference=conference, title="Séance", starts_at=starts, ends_at=ends)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2027-03-13T09:30", "2027-03-13T17:00", [("2027-03-13-am", "09:30", "12:30"), ("2027-03-13-pm", "14:00", "17:00")]),
        ("2027-03-13T09:00", "2027-03-13T13:00", [("2027-03-13-am", "09:00", "13:00")]),
        ("2027-03-13T11:45", "2027-03-13T17:00", [("2027-03-13-pm", "11:45", "17:00")]),
        ("2027-03-13T19:00", "2027-03-13T22:00", [("2027-03-13-pm", "19:00", "22:00")]),
        # Over the night in which summer time begins: the same hours on the clock each day.
        (
            "2027-03-27T09:30",
            "2027-03-28T16:00",
            [
                ("2027-03-27-am", "09:30", "12:30"), ("2027-03-27-pm", "14:00", "16:00"),
                ("2027-03-28-am", "09:30", "12:30"), ("2027-03-28-pm", "14:00", "16:00"),
            ],
        ),
        (
            "2027-03-12T18:00",
            "2027-03-13T12:00",
            [("2027-03-12-pm", "18:00", "22:00"), ("2027-03-13-am", "09:00", "12:00")],
        ),
        ("2027-03-12T21:00", "2027-03-13T01:00", [("2027-03-12-pm", "21:00", "01:00")]),
    ],
)  # fmt: skip
def test_half_days_of_a_session(start: str, end: str, expected: list[tuple[str, str, str]]) -> None:
    conference = make_conference()
    session(conference, start, end)

    assert spans(conference) == expected


@pytest.mark.django_db
def test_an_evening_is_called_one() -> None:
    conference = make_conference()
    session(conference, "2027-03-13T14:00", "2027-03-13T17:00")
    session(conference, "2027-03-13T17:30", "2027-03-13T20:00")
    session(conference, "2027-03-13T21:00", "2027-03-14T01:00")
    with translation.override("fr"):
        words = [half.words.replace("\N{NO-BREAK SPACE}", " ") for half in half_days(conference)]

    assert words == [f"samedi 13 mars 2027, {part}" for part in ("après-midi", "soirée", "soirée")]


@pytest.mark.django_db
def test_a_running_order_says_the_hours() -> None:
    conference = make_conference()
    made = session(conference, "2027-03-13T08:00", "2027-03-13T19:00")
    for at, minutes, kind in (
        ("08:00", 30, ItemKind.BREAK),
        ("08:30", 90, ItemKind.TALK),
        ("10:30", 105, ItemKind.PLENARY),
        ("12:15", 90, ItemKind.BREAK),
        ("13:45", 120, ItemKind.TABLES),
        ("16:00", 30, ItemKind.BREAK),
    ):
        starts = datetime.combine(date(2027, 3, 13), time.fromisoformat(at), PARIS)
        Item.objects.create(session=made, title="x", kind=kind, starts_at=starts, minutes=minutes)

    assert spans(conference) == [("2027-03-13-am", "08:30", "12:15"), ("2027-03-13-pm", "13:45", "15:45")]


@pytest.mark.parametrize(
    "slug", ["", "1-2027-02-30-am", "1-2027-03-13-xx", "a-2027-03-13-am", "1-2027-03-13-am-x", "-1-2027-03-13-am"]
)
def test_an_address_that_is_none(slug: str) -> None:
    assert read_slug(slug) is None


# -- Marks in the database ---------------------------------------------------------------------------------------------
@pytest.fixture
def organiser(db: None) -> User:
    return make_user(name="Olive")


@pytest.fixture
def panel(organiser: User) -> list[Invitation]:
    """Five have accepted; a session began an hour ago."""
    conference, _draw = make_drawn(organiser)
    invited = invite_panel(conference=conference, actor=organiser)
    for invitation in invited[:5]:
        accept(invitation_id=invitation.pk)
    make_session(conference, timezone.now() - timedelta(hours=1), hours=2)
    return list(Invitation.objects.filter(conference=conference).accepted().select_related("conference"))


def half_of(panel: list[Invitation]) -> HalfDay:
    return half_days(panel[0].conference)[0]


def sent(who: Invitation, kind: MarkKind, at: datetime, **more: Any) -> Sent:
    return Sent(uuid4(), who.uuid, kind, at, **more)


def state(panel: list[Invitation]) -> list[tuple[str, str, bool]]:
    return [(row.name, str(row.presence.kind), row.signed is not None) for row in rows_of(half_of(panel))]


def test_sending_twice_changes_nothing(panel: list[Invitation], organiser: User) -> None:
    marks = [
        sent(panel[0], MarkKind.PRESENT, timezone.now()),
        sent(panel[0], MarkKind.SIGNED, timezone.now(), strokes=STROKES),
    ]

    first = take_marks(half=half_of(panel), marks=marks, actor=organiser, device="#1")
    before = state(panel), Event.objects.count()
    again = take_marks(half=half_of(panel), marks=[*marks, *marks], actor=organiser, device="#2")

    assert (first.added, again.added) == (2, 0)
    assert set(again.held) == {mark.uuid for mark in marks}
    assert (state(panel), Event.objects.count()) == before
    assert Signature.objects.get().strokes == STROKES


def test_two_tablets_in_any_order_end_alike(panel: list[Invitation], organiser: User) -> None:
    now = timezone.now()
    seconds = [timedelta(seconds=second) for second in range(4)]
    one = [sent(panel[0], MarkKind.ABSENT, now - seconds[3]), sent(panel[1], MarkKind.PRESENT, now - seconds[2])]
    other = [sent(panel[0], MarkKind.PRESENT, now - seconds[1]), sent(panel[1], MarkKind.ABSENT, now - seconds[3])]
    ends = []
    for order in permutations([*one, *other]):
        with transaction.atomic():
            for mark in order:
                take_marks(half=half_of(panel), marks=[mark], actor=organiser, device="#1", now=now)
            ends.append(state(panel))
            transaction.set_rollback(True)

    assert len(ends) == 24
    assert all(end == ends[0] for end in ends)
    assert [kind for _name, kind, _signed in ends[0][:2]] == ["present", "present"]


def test_a_clock_that_runs_ahead_is_held_to_ours(panel: list[Invitation], organiser: User) -> None:
    now = timezone.now()
    take_marks(
        half=half_of(panel),
        marks=[sent(panel[0], MarkKind.ABSENT, now + timedelta(days=400))],
        actor=organiser,
        now=now,
    )
    later = sent(panel[0], MarkKind.PRESENT, now + timedelta(seconds=1))
    take_marks(half=half_of(panel), marks=[later], actor=organiser, now=now + timedelta(seconds=1))

    assert state(panel)[0][1] == "present"


def test_what_is_refused_is_said(panel: list[Invitation], organiser: User) -> None:
    now = timezone.now()
    stranger = Sent(uuid4(), uuid4(), MarkKind.PRESENT, now)
    no_hour = sent(panel[0], MarkKind.LATE, now)
    empty = sent(panel[0], MarkKind.SIGNED, now, typed="  ")
    fine = sent(panel[0], MarkKind.LATE, now, clock=time(10))

    outcome = take_marks(half=half_of(panel), marks=[stranger, no_hour, empty, fine], actor=organiser)

    assert set(outcome.refused) == {stranger.uuid, no_hour.uuid, empty.uuid}
    assert outcome.held == [fine.uuid]
    assert AttendanceMark.objects.count() == 1


def test_those_who_never_accepted_are_not_on_the_roll(panel: list[Invitation], organiser: User) -> None:
    waiting = Invitation.objects.filter(conference=panel[0].conference, state="pending")[0]

    outcome = take_marks(half=half_of(panel), marks=[sent(waiting, MarkKind.PRESENT, timezone.now())], actor=organiser)

    assert len(outcome.refused) == 1
    assert len(rows_of(half_of(panel))) == 5


def test_too_early_for_a_roll_call(panel: list[Invitation], organiser: User) -> None:
    make_session(panel[0].conference, timezone.now() + timedelta(days=3))
    half = half_days(panel[0].conference)[-1]

    outcome = take_marks(half=half, marks=[sent(panel[0], MarkKind.PRESENT, timezone.now())], actor=organiser)

    assert len(outcome.refused) == 1
    assert RollCall.objects.count() == 0


def test_closed_only_what_was_noted_before_comes_in_and_the_rest_is_a_correction(
    panel: list[Invitation], organiser: User
) -> None:
    half = half_of(panel)
    before = sent(panel[1], MarkKind.PRESENT, timezone.now())
    take_marks(half=half, marks=[sent(panel[0], MarkKind.PRESENT, timezone.now())], actor=organiser)
    close_half_day(half=half, actor=organiser)
    after = sent(panel[2], MarkKind.PRESENT, timezone.now())

    outcome = take_marks(half=half_of(panel), marks=[before, after], actor=organiser)

    assert (outcome.held, set(outcome.refused)) == ([before.uuid], {after.uuid})
    with pytest.raises(DomainError):
        close_half_day(half=half_of(panel), actor=organiser)
    with pytest.raises(DomainError):
        correct_mark(
            half=half_of(panel), who=panel[0].uuid, kind=MarkKind.ABSENT, clock=None, reason=" ", actor=organiser
        )
    correct_mark(
        half=half_of(panel), who=panel[0].uuid, kind=MarkKind.ABSENT, clock=None, reason="Confusion.", actor=organiser
    )
    assert [kind for _name, kind, _signed in state(panel)[:3]] == ["absent", "present", "cleared"]
    assert Event.objects.filter(verb="attendance.corrected").get().reason == "Confusion."
    assert [mark.kind for mark in rows_of(half_of(panel))[0].history] == ["present", "absent"]


def test_an_open_half_day_is_not_corrected(panel: list[Invitation], organiser: User) -> None:
    with pytest.raises(DomainError):
        correct_mark(
            half=half_of(panel), who=panel[0].uuid, kind=MarkKind.ABSENT, clock=None, reason="x", actor=organiser
        )


def delete_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM panels_attendancemark")


def test_the_database_refuses_to_change_a_mark(panel: list[Invitation], organiser: User) -> None:
    take_marks(half=half_of(panel), marks=[sent(panel[0], MarkKind.PRESENT, timezone.now())], actor=organiser)

    for act in (
        lambda: AttendanceMark.objects.update(kind=MarkKind.ABSENT),
        delete_all,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_closed_half_day_keeps_its_hours_and_outlives_a_move(panel: list[Invitation], organiser: User) -> None:
    half = half_of(panel)
    close_half_day(half=half, actor=organiser)
    Session.objects.update(
        starts_at=timezone.now() + timedelta(days=9), ends_at=timezone.now() + timedelta(days=9, hours=3)
    )

    kept = half_of(panel)

    assert (kept.slug, kept.starts_at, kept.ends_at) == (half.slug, half.starts_at, half.ends_at)
    assert len(half_days(panel[0].conference)) > 1


def test_erasing_takes_the_signature_and_leaves_the_presence(panel: list[Invitation], organiser: User) -> None:
    now = timezone.now()
    marks = [sent(panel[0], MarkKind.PRESENT, now), sent(panel[0], MarkKind.SIGNED, now, typed="Camille")]
    take_marks(half=half_of(panel), marks=marks, actor=organiser)

    erase_volunteer(volunteer=panel[0].volunteer)

    row = rows_of(half_of(panel))[0]
    assert (Signature.objects.count(), row.name, row.presence.is_here) == (0, panel[0].volunteer.reference, True)
    assert row.signed is not None
    assert (row.signed.path, row.signed.typed) == ("", "")


def test_the_sheet_of_a_session_and_its_audiences(panel: list[Invitation], organiser: User) -> None:
    half = half_of(panel)
    now = timezone.now()
    take_marks(half=half, marks=[sent(who, MarkKind.PRESENT, now) for who in panel[:3]], actor=organiser)
    take_marks(half=half, marks=[sent(panel[0], MarkKind.SIGNED, now, strokes=STROKES)], actor=organiser)
    close_half_day(half=half, actor=organiser)

    made = attendance_sheet(panel[0].conference, half.session)

    assert [row.seat for row in made.rows] == [1, 2, 3, 4, 5]
    assert [[cell.presence.is_here for cell in row.cells] for row in made.rows] == [[True]] * 3 + [[False]] * 2
    assert made.rows[0].cells[0].signed is not None
    by_key = {group.key: group for group in groups(panel[0].conference)}
    counts = [len(list(by_key[f"{which}_{half.session.pk}"].members())) for which in ("present", "absent")]
    assert counts == [3, 2]


def test_names_are_as_short_as_they_can_be(panel: list[Invitation]) -> None:
    assert [row.name for row in rows_of(half_of(panel))] == [
        f"Camille {panel[at].volunteer.identity.last_name}" for at in range(5)
    ]
    identity = panel[0].volunteer.identity
    identity.first_name, identity.last_name = "Inès", "Gauthier"
    identity.save()
    assert rows_of(half_of(panel))[0].name == "Inès G."


def test_parts_of_the_day() -> None:
    assert {part.value for part in DayPart} == {"am", "pm"}
