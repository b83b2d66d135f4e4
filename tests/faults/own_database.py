"""Turning this process's database connection and nudges to the servers of the trials, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import Celery
from django.apps import apps
from django.db import connection

from conference import nudge, settings
from tests.faults.stack import FaultStack

KEEP = {"django_migrations", "django_content_type", "auth_permission"}


@contextmanager
def looking_at(stack: FaultStack) -> Iterator[None]:
    before, app = dict(connection.settings_dict), nudge.app  # type: ignore[attr-defined]
    connection.close()
    connection.settings_dict.update(settings.database_from_url(stack.database.url))  # other threads share it
    ours = Celery("of-the-trials", set_as_current=False)
    ours.config_from_object({**settings.CELERY, "broker_url": stack.broker.url})
    nudge.app = ours  # type: ignore[attr-defined]
    nudge._not_before = 0.0
    try:
        empty_tables()
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        nudge.app = app  # type: ignore[attr-defined]


def empty_tables() -> None:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - KEEP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'event_no_truncate'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER event_no_truncate")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
