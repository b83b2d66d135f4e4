"""The outbox's pages in the cockpit. They stand here because the outbox itself imports nothing upwards."""

from django.urls import URLPattern, URLResolver, path

from conference.views import messages

app_name = "mail"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/messages/", messages.messages, name="messages"),
    path("<slug:slug>/messages/<uuid:uuid>/", messages.message, name="message"),
    path("<slug:slug>/messages/<uuid:uuid>/move/", messages.move, name="move"),
    path("<slug:slug>/messages/<uuid:uuid>/address/", messages.lift_address, name="lift_address"),
    path("<slug:slug>/messages/<uuid:uuid>/<slug:act>/", messages.act, name="act"),
]
