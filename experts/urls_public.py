"""Addresses that experts reach through their personal link."""

from django.urls import URLPattern, URLResolver, path

from experts.views import link

app_name = "experts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("e/<str:token>/", link.link, name="link"),
    path("briefing/", link.briefing, name="briefing"),
    path("briefing/answer/", link.answer, name="answer"),
    path("briefing/declaration/", link.declare, name="declare"),
    path("briefing/leave/", link.leave, name="leave"),
    path("briefing/read/<int:pk>/<int:number>/", link.mark_read, name="mark_read"),
    path("briefing/sessions.ics", link.calendar, name="calendar"),
    path("briefing/document/<uuid:document_uuid>/", link.document, name="document"),
    path("briefing/new-link/", link.new_link, name="new_link"),
]
