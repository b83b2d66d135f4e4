"""The outbox's one task. The database says what is due; running it twice, or at once, sends nothing twice."""

from celery import shared_task

from conference.mail.domain import delivery


@shared_task
def dispatch() -> None:
    delivery.dispatch()
