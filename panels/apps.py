from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PanelsConfig(AppConfig):
    name = "panels"
    verbose_name = _("Panels")

    def ready(self) -> None:
        # Registers sentences, pages, kinds of message and subscriptions once models exist.
        from panels import (  # noqa: PLC0415
            attendees,  # noqa: F401
            audiences,  # noqa: F401
            mail_kinds,  # noqa: F401
            mail_kinds_outcome,  # noqa: F401
            mail_kinds_registration,  # noqa: F401
            mail_kinds_sessions,  # noqa: F401
            printed_sheets,  # noqa: F401
            receivers,  # noqa: F401
            wording,  # noqa: F401
            wording_attendance,  # noqa: F401
        )
