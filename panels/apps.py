from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PanelsConfig(AppConfig):
    name = "panels"
    verbose_name = _("Panels")

    def ready(self) -> None:
        # Registers sentences, pages, kinds of message and subscriptions once models exist.
        from panels import mail_kinds, mail_kinds_registration, receivers, wording  # noqa: F401, PLC0415
