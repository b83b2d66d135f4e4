"""The published programme: versions, public pages, printed matter, the speaker’s timer.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from conference.views import publication

app_name = "publication"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/programme/publish/", publication.publish, name="publish"),
    path("desk/<slug:slug>/programme/versions/<int:number>/", publication.desk_version, name="version"),
    path("c/<slug:slug>/programme/", publication.programme, name="public"),
    path("c/<slug:slug>/programme/<int:number>/", publication.programme, name="public_version"),
]
