"""Key questions and answers: in the cockpit, on the expert’s pages and in public.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver

app_name = "questions"
urlpatterns: list[URLPattern | URLResolver] = []
