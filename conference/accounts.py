"""How allauth behaves here: accounts are made by colleagues, never by strangers, and its letters go through our outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

PREFIX = "account/email/"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        from conference import account_letters  # noqa: PLC0415 - allauth loads the adapter before models exist

        letter = template_prefix.removeprefix(PREFIX)
        if letter in {account_letters.PASSWORD, account_letters.UNKNOWN}:
            account_letters.ask_for(letter, email=email, user=context.get("user"))
        else:
            super().send_mail(template_prefix, email, context)
