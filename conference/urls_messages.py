"""The outbox's pages in the cockpit. They stand here because the outbox itself imports nothing upwards."""

from django.urls import URLPattern, URLResolver, path

from conference.views import free_messages, messages, sendings, text_previews, texts

app_name = "mail"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/messages/", messages.messages, name="messages"),
    path("<slug:slug>/messages/write/", free_messages.write, name="free"),
    path("<slug:slug>/messages/to-many/<slug:kind>/", sendings.sending, name="sending"),
    path("<slug:slug>/texts/", texts.texts, name="texts"),
    path("<slug:slug>/texts/<slug:kind>/<slug:language>/", texts.text, name="text"),
    path("<slug:slug>/texts/<slug:kind>/<slug:language>/letter/", text_previews.letter, name="text_letter"),
    path("<slug:slug>/texts/<slug:kind>/<slug:language>/default/", texts.default, name="text_default"),
    path("<slug:slug>/texts/<slug:kind>/<slug:language>/<int:number>/", texts.version, name="text_version"),
    path("<slug:slug>/texts/<slug:kind>/<slug:language>/<int:number>/restore/", texts.restore, name="text_restore"),
    path("<slug:slug>/messages/<uuid:uuid>/", messages.message, name="message"),
    path("<slug:slug>/messages/<uuid:uuid>/move/", messages.move, name="move"),
    path("<slug:slug>/messages/<uuid:uuid>/address/", messages.lift_address, name="lift_address"),
    path("<slug:slug>/messages/<uuid:uuid>/<slug:act>/", messages.act, name="act"),
]
