"""The balance board, the committee’s signatures and the citizens’ wishes: in the cockpit and in public.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "board"
urlpatterns: list[URLPattern | URLResolver] = []
