"""The citizen's calendar. Mounted at the root."""

from django.urls import URLPattern, URLResolver, path

from panels.views import feeds

app_name = "citizen_feeds"
urlpatterns: list[URLPattern | URLResolver] = [path("calendar/i/<str:token>.ics", feeds.feed, name="citizen")]
