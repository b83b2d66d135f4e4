"""The event log: who did what, on what, when and why. Added to, never altered; the database refuses it (0002)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference


class Event(models.Model):
    """One act. ``verb`` names a sentence (``conference.domain.events``); ``data`` fills it and holds no personal data:
    a person appears by reference (V-0042), so that erasing them leaves the log whole."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="events", null=True)
    verb = models.CharField(_("what"), max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    actor_label = models.CharField(_("who"), max_length=120, blank=True)  # "citizen V-0042", "the program": no account
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    reason = models.TextField(_("why"), blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["conference", "-at"]),
            models.Index(fields=["object_type", "object_id"]),
        ]

    def __str__(self) -> str:
        return self.verb
