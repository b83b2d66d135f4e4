"""What the outside calls about mail: a provider's notices, and the link by which people leave optional messages."""

from django.urls import URLPattern, URLResolver, path

from conference.mail.webhooks import webhook
from conference.views.unsubscribe import resubscribe, unsubscribe

urlpatterns: list[URLPattern | URLResolver] = [
    path("hooks/mail/<slug:provider>/", webhook, name="mail_webhook"),
    path("u/<str:token>/", unsubscribe, name="unsubscribe"),
    path("u/<str:token>/again/", resubscribe, name="resubscribe"),
]
