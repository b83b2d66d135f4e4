"""Caught mail, mounted at /dev/mail/ in the embedded default only."""

from django.urls import URLPattern

app_name = "local"
urlpatterns: list[URLPattern] = []
