"""A draw and what it made of each volunteer. A finished draw is final: a new one needs a reason and stays beside it."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panels.enums import DrawState, Place
from panels.models.volunteer import Volunteer


class DrawQuerySet(models.QuerySet["Draw"]):
    def final(self) -> Self:
        return self.filter(state=DrawState.DONE)


class Draw(models.Model):
    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="draws")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("number"))  # 1, 2, ... within the conference
    state = models.CharField(_("state"), max_length=20, choices=DrawState.choices, default=DrawState.WAITING)
    method = models.CharField(_("method"), max_length=20, default="leximin")
    seed = models.CharField(_("seed"), max_length=80)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker that computes it
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reason = models.TextField(_("reason for drawing again"), blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    progress_note = models.CharField(max_length=60, blank=True)  # key of a sentence
    # What was drawn from: {"size", "quotas": [...], "people": [{"id": reference, "values": {...}, "household": n}]}; pseudonyms only.
    problem = models.JSONField(default=dict)
    result = models.JSONField(default=dict)  # the engine's result without the tickets
    explanation = models.JSONField(default=dict)  # when infeasible: what stands in the way
    failure = models.TextField(blank=True)

    objects: ClassVar[DrawQuerySet] = DrawQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["conference"], condition=Q(state__in=["waiting", "running", "done"]), name="one_draw_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id}/{self.number}"


class DrawEntry(models.Model):
    """One volunteer in one draw: their chance (0 to 1) and what came of it."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="entries")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="entries")
    probability = models.FloatField(_("probability of selection"))
    place = models.CharField(_("place"), max_length=20, choices=Place.choices, default=Place.NOT_DRAWN)
    rank = models.PositiveSmallIntegerField(default=0)  # of an alternate, 1 first

    class Meta:
        verbose_name = _("chance of a volunteer")
        verbose_name_plural = _("chances of the volunteers")
        ordering = ["place", "rank", "id"]
        constraints = [models.UniqueConstraint(fields=["draw", "volunteer"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.probability:.4f}"
