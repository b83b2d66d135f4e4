"""What reaches people without e-mail: letters with a short address, and telephone calls."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from panels.enums import CallOutcome
from panels.models.invitation import Invitation


class Letter(models.Model):
    """A letter that invites somebody. ``digest`` finds the short address in it, which is itself stored nowhere."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="letters")
    version = models.PositiveSmallIntegerField()  # of the invitation: a new link makes this one's address worthless
    reference = models.CharField(_("reference of the letter"), max_length=12, unique=True)  # L-204-518
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["invitation", "version"], name="letter_once")]

    def __str__(self) -> str:
        return self.reference


class CallAttempt(models.Model):
    """One telephone call to somebody who is invited, and what came of it."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(_("outcome"), max_length=20, choices=CallOutcome.choices)
    again_on = models.DateField(_("call again on"), null=True, blank=True)
    at = models.DateTimeField(_("called"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("telephone call")
        verbose_name_plural = _("telephone calls")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.outcome}"
