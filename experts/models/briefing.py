"""Briefings written for experts, their versions, and who has read them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Document
from experts.enums import CONCERNED
from experts.models.expert import Expert


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def for_expert(self, expert: Expert) -> Self:
        """What this expert may read: for all or for them, and published; nothing for those who are not concerned."""
        if expert.state not in CONCERNED:
            return self.none()
        mine = self.filter(Q(expert=None) | Q(expert=expert), conference_id=expert.conference_id)
        return mine.filter(models.Exists(BriefingVersion.objects.published().filter(briefing=models.OuterRef("pk"))))

    def with_versions(self) -> Self:
        """With ``published`` (newest first) and ``drafts`` in a constant number of queries, for lists."""
        published = BriefingVersion.objects.published().select_related("written_by")
        return self.select_related("expert").prefetch_related(
            models.Prefetch("versions", published, to_attr="published"),
            models.Prefetch("versions", BriefingVersion.objects.filter(published_at=None), to_attr="drafts"),
        )


class Briefing(models.Model):
    """What experts are told: one for all of them (``expert`` empty) or for one. The text lives in versions."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="briefings")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="briefings", null=True, blank=True)
    title = models.CharField(_("title"), max_length=160)
    documents = models.ManyToManyField(Document, verbose_name=_("documents"), blank=True, related_name="briefings")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[BriefingQuerySet] = BriefingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class BriefingVersionQuerySet(models.QuerySet["BriefingVersion"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)


class BriefingVersion(models.Model):
    """A text as it was published. Drafts have no number and no date. A published version is never changed: the database
    refuses it (0002), since experts prepare by what they have read."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    text = models.TextField(_("text (Markdown)"), max_length=40000)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects: ClassVar[BriefingVersionQuerySet] = BriefingVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version of a briefing")
        verbose_name_plural = _("versions of a briefing")
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "number"], name="briefing_version_once"),
            models.UniqueConstraint(fields=["briefing"], condition=Q(published_at=None), name="one_draft_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} v{self.number or '-'}"


class BriefingRead(models.Model):
    """That an expert said they have read a version."""

    version = models.ForeignKey(BriefingVersion, on_delete=models.CASCADE, related_name="reads")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="reads")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("briefing read")
        verbose_name_plural = _("briefings read")
        constraints = [models.UniqueConstraint(fields=["version", "expert"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.expert_id}:{self.version_id}"
