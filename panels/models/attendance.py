"""The roll call: half-days that were begun, the marks noted in them, and signatures, which alone can be erased."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.enums import DayPart
from panels.enums import MarkKind
from panels.models.invitation import Invitation


class RollCall(models.Model):
    """One half-day of a session, from the first mark on. Its hours follow the session until it is closed, then stay."""

    session = models.ForeignKey("conference.Session", on_delete=models.PROTECT, related_name="roll_calls")
    day = models.DateField(_("day"))
    part = models.CharField(_("half-day"), max_length=2, choices=DayPart.choices)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        ordering = ["day", "part", "session_id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "day", "part"], name="one_roll_call_per_half_day"),
            models.CheckConstraint(name="roll_call_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def slug(self) -> str:
        """In addresses: "12-2026-11-28-am"."""
        return half_day_slug(self.session_id, self.day, self.part)


def half_day_slug(session_id: int, day: date, part: str) -> str:
    return f"{session_id}-{day.isoformat()}-{part}"


class MarkQuerySet(models.QuerySet["AttendanceMark"]):
    def in_order(self) -> Self:
        """As they were made. The identifier decides between two of the same instant, so that every server agrees."""
        return self.order_by("made_at", "uuid")


class AttendanceMark(models.Model):
    """One thing noted about one citizen. Only ever added (the database refuses changes): the latest of a register holds.

    ``uuid`` is made by the device: sent twice, a mark counts once. ``made_at`` is when it was noted, by the device's
    clock set right by ours; ``received_at`` when it arrived.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="marks")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(_("noted"), max_length=10, choices=MarkKind.choices)
    clock = models.TimeField(_("at"), null=True, blank=True)  # of arriving late or leaving, on the conference's clock
    made_at = models.DateTimeField(_("noted at"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    device = models.CharField(_("device"), max_length=40, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of a correction after the half-day was closed

    objects: ClassVar[MarkQuerySet] = MarkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attendance mark")
        verbose_name_plural = _("attendance marks")
        ordering = ["made_at", "uuid"]
        indexes = [models.Index(fields=["roll_call", "invitation"], name="mark_by_person")]
        constraints = [
            models.CheckConstraint(
                name="mark_says_when",
                condition=Q(kind__in=[MarkKind.LATE, MarkKind.LEFT], clock__isnull=False)
                | ~Q(kind__in=[MarkKind.LATE, MarkKind.LEFT]) & Q(clock__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.roll_call_id}/{self.invitation_id}: {self.kind}"


class Signature(models.Model):
    """A signature, as strokes or as a typed name. Purpose: to prove presence. Erased with the citizen's identity."""

    mark = models.OneToOneField(AttendanceMark, on_delete=models.PROTECT, related_name="signature", primary_key=True)
    strokes = models.JSONField(default=list, blank=True)  # [[x, y, x, y, ...], ...] in a field of 600 by 200
    typed = models.CharField(_("typed name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return str(self.mark_id)
