"""Every address of the program. Each room lists its own; composing them is this file's job."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("conference.urls_mail")),
    path("", include("conference.urls_public")),
    path("", include("panels.urls_public")),
    path("", include("experts.urls_public")),
    path("desk/", include("conference.urls_desk")),
    path("desk/", include("panels.urls_desk")),
    path("desk/", include("experts.urls_desk")),
    path("desk/", include("conference.urls_messages")),
    path("", include("conference.urls_programme")),
    path("", include("conference.urls_publication")),
    path("", include("conference.urls_plain")),
    path("", include("panels.urls_feeds")),
    path("", include("experts.urls_feeds")),
    path("", include("panels.urls_attendance")),
    path("", include("experts.urls_board")),
    path("", include("experts.urls_information")),
    path("", include("experts.urls_questions")),
    path("", include("experts.urls_link_questions")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.LOCAL:
    urlpatterns.append(path("dev/", include("conference.local.urls")))

handler403 = "conference.views.errors.forbidden"
handler404 = "conference.views.errors.not_found"
handler500 = "conference.views.errors.server_error"
