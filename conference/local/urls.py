"""Caught mail, mounted below /dev/ in the embedded default only."""

from django.urls import URLPattern, path

from conference.local import styleguide, views

app_name = "local"
urlpatterns: list[URLPattern] = [
    path("look/", styleguide.look, name="look"),
    path("mail/", views.letters, name="letters"),
    path("mail/<str:name>/", views.letter, name="letter"),
    path("mail/<str:name>/html/", views.letter_html, name="letter_html"),
    path("mail/<str:name>/source/", views.source, name="source"),
    path("mail/<str:name>/attachments/<int:number>/", views.attachment, name="attachment"),
]
