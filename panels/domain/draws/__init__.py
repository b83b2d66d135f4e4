"""The draw: from the pool and the quotas to seats, alternates and everybody's chance, in public and checkable."""

from panels.domain.draws.ceremony import (
    bundle_of,
    commit_draw,
    draw_at_once,
    draws_without_alternates,
    find_alternates,
    finish_step,
    reveal_draw,
    withdraw_draw,
)
from panels.domain.draws.codes import code_for
from panels.domain.draws.making import cancel_draw, prepare_draw, run_draw, waiting_draws
from panels.domain.draws.pool import Changes, Readiness, changes_since, feasibility_for, problem_from, snapshot

__all__ = [
    "Changes",
    "Readiness",
    "bundle_of",
    "cancel_draw",
    "changes_since",
    "code_for",
    "commit_draw",
    "draw_at_once",
    "draws_without_alternates",
    "feasibility_for",
    "find_alternates",
    "finish_step",
    "prepare_draw",
    "problem_from",
    "reveal_draw",
    "run_draw",
    "snapshot",
    "waiting_draws",
    "withdraw_draw",
]
