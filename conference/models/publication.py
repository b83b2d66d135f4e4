"""The programme as it was published: each version whole, and never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference


class ProgrammeVersionQuerySet(models.QuerySet["ProgrammeVersion"]):
    def latest_of(self, conference: Conference) -> "ProgrammeVersion | None":
        return self.filter(conference=conference).order_by("-number").first()


class ProgrammeVersion(models.Model):
    """What people were told. The database refuses to change one: experts travel by what they have read.

    ``content`` is what ``conference.published.to_json`` writes: sessions with their running order, rooms and speakers.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="programme_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField()
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(_("published"))

    objects: ClassVar[ProgrammeVersionQuerySet] = ProgrammeVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version of the programme")
        verbose_name_plural = _("versions of the programme")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="programme_version_once")]

    def __str__(self) -> str:
        return f"{self.conference_id} v{self.number}"
