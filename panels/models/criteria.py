"""Criteria (features), their values, and the quota of each value."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from panels.enums import Standing


class Criterion(models.Model):
    """A feature such as age band, by which the panel reflects the population."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("criterion"), max_length=80)
    name_en = models.CharField(_("criterion, in English"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                "conference",
                Lower("name"),
                name="criterion_once",
                violation_error_message=_("This criterion exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str) -> str:
        return (self.name_en or self.name) if language == "en" else self.name


class ValueQuerySet(models.QuerySet["Value"]):
    def with_pool(self) -> Self:
        """Adds ``pool``: how many volunteers now in the pool could fill the quota."""
        counted = self.annotate(pool=Count("traits", filter=Q(traits__volunteer__standing=Standing.ELIGIBLE)))
        return counted.order_by("position", "pk")  # said again: Meta.ordering is dropped from a query that groups


class Value(models.Model):
    """One value of a criterion with its quota in seats and, where known, its share of the population (0 to 100)."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(_("value"), max_length=80)
    name_en = models.CharField(_("value, in English"), max_length=80, blank=True)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=0)
    population_share = models.DecimalField(
        _("share of the population, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[ValueQuerySet] = ValueQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                "criterion",
                Lower("name"),
                name="value_once",
                violation_error_message=_("This value exists already in this criterion."),
            ),
            models.CheckConstraint(
                name="quota_min_le_max",
                condition=Q(minimum__lte=F("maximum")),
                violation_error_message=_("“At least” cannot be greater than “at most”."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def label(self, language: str) -> str:
        return (self.name_en or self.name) if language == "en" else self.name
