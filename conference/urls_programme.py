"""The running order in the cockpit.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "programme"
urlpatterns: list[URLPattern | URLResolver] = []
