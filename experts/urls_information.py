"""The information file: its sheets and glossary, in the cockpit and in public.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "information"
urlpatterns: list[URLPattern | URLResolver] = []
