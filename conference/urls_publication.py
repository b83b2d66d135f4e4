"""The published programme: versions, public pages, calendar feeds, printed matter, the speaker’s timer.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "publication"
urlpatterns: list[URLPattern | URLResolver] = []
