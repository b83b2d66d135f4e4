"""The published programme: versions, public pages, printed matter, the speaker’s timer.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from conference.views import publication, publication_print, timer

app_name = "publication"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/programme/publish/", publication.publish, name="publish"),
    path("desk/<slug:slug>/programme/versions/<int:number>/", publication.desk_version, name="version"),
    path("desk/<slug:slug>/programme/print/", publication_print.choose, name="print_choose"),
    path("desk/<slug:slug>/programme/print/<slug:what>.pdf", publication_print.printed, name="print"),
    path("desk/<slug:slug>/programme/timer/", timer.timer, name="timer"),
    path("c/<slug:slug>/programme/", publication.programme, name="public"),
    path("c/<slug:slug>/programme/<int:number>/", publication.programme, name="public_version"),
]
