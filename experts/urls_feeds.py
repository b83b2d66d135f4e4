"""The expert's calendar. Mounted at the root."""

from django.urls import URLPattern, URLResolver, path

from experts.views import feeds

app_name = "expert_feeds"
urlpatterns: list[URLPattern | URLResolver] = [path("calendar/e/<str:token>.ics", feeds.feed, name="expert")]
