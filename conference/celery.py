"""The Celery application. Tasks take ids, call a domain function, and are harmless when run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

app = Celery("conference")
app.config_from_object("conference.settings:CELERY")
app.autodiscover_tasks(["conference", "conference.mail", "panels", "experts"])
