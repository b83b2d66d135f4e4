"""Where items stand on the clock of a day."""

from hypothesis import given
from hypothesis import strategies as st

from experts.timetable import Piece, Place, Tick, timetable


def test_what_follows_one_another_takes_the_whole_width_and_gaps_are_free() -> None:
    found = timetable([Piece(1, 540, 560), Piece(2, 575, 600)], 540, 615)
    assert found.places == {1: Place(1, 1), 2: Place(3, 1)}
    assert found.ticks == (Tick(540, 20, 1, False), Tick(560, 15, 2, True), Tick(575, 25, 3, False), Tick(600, 15, 4, True))  # fmt: skip


def test_rooms_stand_side_by_side_at_one_height() -> None:
    found = timetable([Piece(1, 540, 600, "B"), Piece(2, 540, 570, "A"), Piece(3, 570, 600, "A"), Piece(4, 600, 620)], 540, 620)  # fmt: skip
    assert found.places == {2: Place(1, 1, 1, 2), 3: Place(2, 1, 1, 2), 1: Place(1, 2, 2, 2), 4: Place(3, 1)}


def test_two_at_once_in_one_room_stand_beside_each_other() -> None:
    found = timetable([Piece(1, 540, 570, "A"), Piece(2, 550, 580, "A")], 540, 600)
    assert (found.places[1].lane, found.places[2].lane) == (1, 2)


def test_a_day_that_is_too_full_is_a_list() -> None:
    assert not timetable([Piece(number, 540, 600, str(number)) for number in range(7)], 540, 600).fits
    assert not timetable([Piece(number, 480 + number, 481 + number) for number in range(100)], 480, 600).fits
    assert timetable([], 540, 600).fits


@given(
    st.lists(
        st.tuples(st.integers(480, 1200), st.integers(1, 120), st.sampled_from(["", "A", "B"])), min_size=1, max_size=25
    )
)
def test_no_two_items_stand_on_one_spot_and_every_minute_has_its_row(raw: list[tuple[int, int, str]]) -> None:
    pieces = [Piece(key, starts, starts + minutes, room) for key, (starts, minutes, room) in enumerate(raw)]
    found = timetable(pieces, 480, 1200)
    assert found.places.keys() == {one.key for one in pieces}
    taken: set[tuple[int, int, int]] = set()
    for one in pieces:
        place = found.places[one.key]
        rows = found.ticks[place.row - 1 : place.row - 1 + place.rows]
        assert (rows[0].at, sum(tick.minutes for tick in rows)) == (one.starts, one.ends - one.starts)
        # Lanes of one cluster are equally wide, so that one spot is a row and a share of the width.
        spots = {(row.row, place.lane, place.lanes) for row in rows}
        assert not spots & taken
        assert not any(tick.is_free for tick in rows)
        taken |= spots
