from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PanelsConfig(AppConfig):
    name = "panels"
    verbose_name = _("Panels")

    def ready(self) -> None:
        from panels import wording  # noqa: F401, PLC0415 - registers event sentences and mail kinds once models exist
