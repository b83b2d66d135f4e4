"""Tasks of the experts' room: each calls a domain function, and is harmless when run twice."""

from celery import shared_task
from django.utils import timezone

from experts.domain import committee_asked


@shared_task
def ask_committees() -> None:
    """Every ten minutes: whether something new awaits a committee. Its letters leave at the hour of reminders."""
    now = timezone.now()
    for conference_id in committee_asked.conferences_to_ask(now):
        committee_asked.ask(conference_id=conference_id, now=now)
