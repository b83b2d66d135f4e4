"""What everybody may see."""

from django.urls import URLPattern, URLResolver, path

from conference.views import health, public

app_name = "public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("c/<slug:slug>/", public.conference, name="conference"),
    path("c/<slug:slug>/programme.ics", public.programme, name="programme"),
    path("c/<slug:slug>/documents/<uuid:uuid>/", public.document, name="document"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("privacy/", public.privacy, name="privacy"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("health/metrics", health.metrics, name="metrics"),
]
