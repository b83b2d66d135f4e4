"""Sessions of a conference, and the steps of its method."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.enums import SessionKind, StepKey
from conference.models.conference import Conference


class SessionQuerySet(models.QuerySet["Session"]):
    def held(self) -> Self:
        return self.filter(cancelled_at=None)

    def upcoming(self, now: datetime) -> Self:
        return self.held().filter(ends_at__gt=now)


class Session(models.Model):
    """A dated meeting. ``uid`` and ``sequence`` make calendar programs follow a change; both outlive a cancellation."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=SessionKind.choices, default=SessionKind.TRAINING)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    link = models.URLField(_("link, where one takes part from afar"), max_length=300, blank=True)
    facilitators = models.ManyToManyField(
        "conference.Membership", verbose_name=_("facilitators"), blank=True, related_name="facilitated"
    )
    is_public = models.BooleanField(_("open to the public"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session must end after it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of the method: who does it, by when, and whether it is done."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(_("step"), max_length=20, choices=StepKey.choices)
    position = models.PositiveSmallIntegerField()
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    owner = models.CharField(_("who"), max_length=120, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["conference", "key"], name="each_step_once")]

    def __str__(self) -> str:
        return self.get_key_display()
