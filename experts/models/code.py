"""The second key to an expert's confidential pages: a code by mail."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from experts.models.expert import Expert


class AccessCode(models.Model):
    """One code that was asked for. The six digits are reckoned from ``uuid`` and the secret key: they stand nowhere.

    ``uuid`` also lies in the session of the browser that asked: in any other browser the digits open nothing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="codes")
    created_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("code by mail")
        verbose_name_plural = _("codes by mail")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["expert", "created_at"], name="code_by_expert")]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.created_at:%Y-%m-%d %H:%M}"
