from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "conference.mail"
    label = "mail"
    verbose_name = _("Messages")

    def ready(self) -> None:
        # The one kind of message that is the outbox's own registers itself once models exist.
        from conference.mail.domain import drill  # noqa: F401, PLC0415
