"""The plain-language measure in the cockpit.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from conference.views import plain

app_name = "plain"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/plain/", plain.check, name="desk"),
]
