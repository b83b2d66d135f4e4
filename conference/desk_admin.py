"""Django's admin site."""

from django.contrib.admin import AdminSite


class DeskAdminSite(AdminSite):
    pass
