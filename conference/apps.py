from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("Conferences")

    def ready(self) -> None:
        from conference import wording  # noqa: F401, PLC0415 - registers the sentences of the event log once models exist


class DeskAdminConfig(AdminConfig):
    """Django's admin, scoped to the conferences a person belongs to (``conference.desk_admin``)."""

    default_site = "conference.desk_admin.DeskAdminSite"
