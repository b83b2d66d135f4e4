"""Roll call and allowances.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = []
