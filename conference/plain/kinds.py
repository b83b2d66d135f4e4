"""What a mark says, and the three steps of the verdict."""

from enum import StrEnum


class Kind(StrEnum):
    """What a mark says about the words under it."""

    LONG = "long"
    VERY_LONG = "very_long"
    NESTED = "nested"  # a sentence with three subordinate clauses or more
    RARE = "rare"
    ACRONYM = "acronym"
    PASSIVE = "passive"


class Verdict(StrEnum):
    EASY = "easy"
    EFFORT = "effort"
    HARD = "hard"
