"""The balance of views, reckoned without a database."""

from hypothesis import given
from hypothesis import strategies as st

from experts.enums import EXPERT_TRANSITIONS, ExpertState, Position, Side
from experts.rules import OPPOSED, SIDE_OF, weigh


def test_nobody_against_is_said() -> None:
    balance = weigh([(Position.FOR, 2, 40), (Position.OPEN, 1, 20)])
    assert balance.missing == (Side.AGAINST,)
    assert balance.is_fair is False


def test_both_sides_with_the_same_time_are_fair() -> None:
    balance = weigh([(Position.RATHER_FOR, 1, 30), (Position.AGAINST, 1, 30)])
    assert (balance.missing, balance.silent, balance.uneven, balance.is_fair) == ((), (), False, True)


def test_a_side_without_a_minute_is_silent_once_there_is_a_programme() -> None:
    assert weigh([(Position.FOR, 1, 0), (Position.AGAINST, 1, 0)]).silent == ()
    assert weigh([(Position.FOR, 1, 20), (Position.AGAINST, 1, 0)]).silent == (Side.AGAINST,)


def test_one_side_speaking_half_as_long_again_is_uneven() -> None:
    assert weigh([(Position.FOR, 1, 30), (Position.AGAINST, 1, 20)]).uneven is True
    assert weigh([(Position.FOR, 1, 29), (Position.AGAINST, 1, 20)]).uneven is False


def test_experts_who_have_not_declared_are_counted_apart() -> None:
    balance = weigh([("", 2, 35), (Position.FOR, 1, 20)])
    assert (balance.undeclared, balance.undeclared_minutes, balance.experts, balance.minutes) == (2, 35, 3, 55)


ROWS = st.lists(st.tuples(st.sampled_from(["", *Position.values]), st.integers(0, 9), st.integers(0, 300)), max_size=12)


@given(ROWS)
def test_no_minute_and_no_expert_is_lost(rows: list[tuple[str, int, int]]) -> None:
    balance = weigh(rows)
    assert balance.minutes == sum(minutes for _, _, minutes in rows)
    assert balance.experts == sum(experts for _, experts, _ in rows)
    assert sum(side.minutes for side in balance.sides) + balance.undeclared_minutes == balance.minutes
    assert set(balance.missing) == {side for side in OPPOSED if balance.side(side).experts == 0}


def test_every_position_has_a_side_and_every_state_a_row() -> None:
    assert set(SIDE_OF) == set(Position)
    assert set(EXPERT_TRANSITIONS) == set(ExpertState)
