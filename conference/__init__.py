"""The Django project and its core app."""

from conference.celery import app as celery_app

__all__ = ["celery_app"]
