"""Experts, when they speak, and the briefings written for them."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Document, Session
from experts.enums import CONCERNED, ExpertState, Position, ProposedBy


class ExpertQuerySet(models.QuerySet["Expert"]):
    def public(self) -> Self:
        """Those whom the public page names: they have accepted."""
        return self.filter(state=ExpertState.ACCEPTED)

    def concerned(self) -> Self:
        """Those who are told of what changes: invited or accepted."""
        return self.filter(state__in=CONCERNED)

    def with_programme(self) -> Self:
        """With their contributions and sessions in a constant number of queries, for lists."""
        return self.prefetch_related(
            models.Prefetch("contributions", Contribution.objects.held().select_related("session"), to_attr="programme")
        )


class Expert(models.Model):
    """A person who trains, testifies or answers, with their declared position and interests."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="experts")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", _("French")), ("en", _("English"))]
    )
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=160, blank=True)
    biography = models.TextField(_("biography"), max_length=2000, blank=True)
    position = models.CharField(_("position on the question"), max_length=20, choices=Position.choices, blank=True)
    position_text = models.CharField(_("position in a sentence"), max_length=300, blank=True)
    interests = models.TextField(_("declared interests and funding"), max_length=2000, blank=True)
    proposed_by = models.CharField(
        _("proposed by"), max_length=20, choices=ProposedBy.choices, default=ProposedBy.ORGANISER
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ExpertState.choices, default=ExpertState.LISTED, editable=False
    )
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answer_note = models.TextField(_("note with the answer"), max_length=1000, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ExpertQuerySet] = ExpertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                "conference",
                Lower("email"),
                name="expert_once",
                violation_error_message=_("An expert with this address is listed already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def held(self) -> Self:
        """Without those in sessions that were cancelled."""
        return self.filter(session__cancelled_at=None)


class Contribution(models.Model):
    """An expert's part in a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="contributions")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="contributions")
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("speaks from"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes of talk"), default=20)
    question_minutes = models.PositiveSmallIntegerField(_("minutes of questions"), default=20)

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["session__starts_at", "starts_at", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "expert", "subject"], name="contribution_once")]

    def __str__(self) -> str:
        return f"{self.expert_id}@{self.session_id}"

    @property
    def hour_holds(self) -> bool:
        """Whether the hour lies within the session. It no longer does when the session has been moved since."""
        return self.starts_at is not None and self.session.starts_at <= self.starts_at < self.session.ends_at


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
