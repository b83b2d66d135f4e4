"""The questions put to an expert, on their own pages. Mounted at the root."""

from django.urls import URLPattern, URLResolver, path

from experts.views import link_questions

app_name = "experts_questions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("briefing/questions/", link_questions.questions, name="questions"),
    path("briefing/asked/<int:pk>/", link_questions.answer, name="answer"),
]
