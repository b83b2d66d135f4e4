"""Tasks of the panel: each takes ids, calls a domain function, and is harmless when run twice."""

from celery import shared_task
from django.utils import timezone

from panels.domain import draws, erasure, imports, invitations, seats
from panels.enums import ImportState


@shared_task
def run_draw(draw_id: int) -> None:
    draws.run_draw(draw_id=draw_id)


@shared_task
def find_alternates(draw_id: int) -> None:
    draws.find_alternates(draw_id=draw_id)


@shared_task
def check_import(import_id: int) -> None:
    imports.check_import(import_id=import_id)


@shared_task
def run_import(import_id: int) -> None:
    imports.run_import(import_id=import_id)


@shared_task
def erase_due() -> None:
    """Every hour: people whose date has come, addresses nobody confirmed, files nobody imported."""
    now = timezone.now()
    erasure.erase_due(now)
    imports.discard_old_files(now)


@shared_task
def sweep() -> None:
    """Every minute: what a lost task or a passing deadline left to do."""
    now = timezone.now()
    invitations.expire_due(now)
    for conference_id in seats.conferences_with_free_seats():
        seats.replace_free_seats(conference_id=conference_id)
    for draw_id in draws.waiting_draws(now):
        run_draw.delay(draw_id)
    for draw_id in draws.draws_without_alternates():
        find_alternates.delay(draw_id)
    for import_id, state in imports.waiting_imports(now):
        (check_import if state == ImportState.CHECKING else run_import).delay(import_id)
