"""Mail providers that tell by webhook what became of a message which went through their SMTP server.

Those that keep our Message-ID are told nothing; the others get the message's number in a header of theirs and send it back.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks

from conference.mail.models import Message

FIELD = "message"


@dataclass(frozen=True)
class Provider:
    view: str  # of django-anymail; checks the secret, and the signature where the provider signs
    header: str = ""
    value: Callable[[dict[str, str]], str] = json.dumps


def _view(module: str, name: str) -> str:
    return f"anymail.webhooks.{module}.{name}TrackingWebhookView"


PROVIDERS: dict[str, Provider] = {
    "brevo": Provider(_view("brevo", "Brevo"), "X-Mailin-custom"),
    "mailgun": Provider(_view("mailgun", "Mailgun")),
    "mailjet": Provider(_view("mailjet", "Mailjet"), "X-MJ-EventPayload"),
    "mailtrap": Provider(_view("mailtrap", "Mailtrap"), "X-MT-Custom-Variables"),
    "postmark": Provider(_view("postmark", "Postmark"), f"X-PM-Metadata-{FIELD}", lambda facts: facts[FIELD]),
    "sparkpost": Provider(_view("sparkpost", "SparkPost"), "X-MSYS-API", lambda facts: json.dumps({"metadata": facts})),
}


def provider_headers(message: Message) -> dict[str, str]:
    provider = PROVIDERS.get(settings.MAIL_PROVIDER)
    if provider is None or not provider.header:
        return {}
    return {provider.header: provider.value({FIELD: message.uuid.hex})}


@checks.register
def provider_is_complete(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A provider whose name is misspelt would tell us nothing, and nobody would notice."""
    name, key = settings.MAIL_PROVIDER, settings.ANYMAIL.get("MAILGUN_WEBHOOK_SIGNING_KEY")
    if name and name not in PROVIDERS:
        return [checks.Error(f"MAIL_PROVIDER is {name!r}; known are {', '.join(PROVIDERS)}.", id="mail.E001")]
    if name == "mailgun" and not key:
        return [checks.Error("MAIL_PROVIDER=mailgun needs MAIL_WEBHOOK_SIGNING_KEY.", id="mail.E002")]
    return []
