"""Experts, and when they speak."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Item, Session
from experts.enums import CONCERNED, Bypassed, ExpertState, Gender, Opinion, Position, ProposedBy, Sector


def _photograph_name(expert: "Expert", filename: str) -> str:
    # The name given by the uploader never becomes a path; a new picture gets a new address.
    return f"photographs/{expert.conference.uuid}/{uuid.uuid4()}"


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
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    field = models.CharField(_("field"), max_length=160, blank=True)
    biography = models.TextField(_("biography"), max_length=2000, blank=True)
    speaks = models.CharField(_("languages spoken"), max_length=160, blank=True)
    photograph = models.FileField(_("photograph"), upload_to=_photograph_name, blank=True)
    position = models.CharField(_("position on the question"), max_length=20, choices=Position.choices, blank=True)
    position_text = models.CharField(_("position in a sentence"), max_length=300, blank=True)
    interests = models.TextField(_("declared interests and funding"), max_length=2000, blank=True)
    proposed_by = models.CharField(
        _("proposed by"), max_length=20, choices=ProposedBy.choices, default=ProposedBy.ORGANISER
    )
    proposed_note = models.CharField(_("who proposed them, and why"), max_length=300, blank=True)
    fee = models.DecimalField(_("fee agreed, in euros"), max_digits=8, decimal_places=2, null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=ExpertState.choices, default=ExpertState.LISTED, editable=False
    )
    approved_at = models.DateTimeField(_("approved by the committee"), null=True, blank=True, editable=False)
    # What the organiser passed over to invite them, and why: the public reads it.
    bypassed = models.CharField(max_length=20, choices=Bypassed.choices, blank=True, editable=False)
    bypass_reason = models.CharField(max_length=500, blank=True, editable=False)
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
    """An expert's part in a session.

    With an ``item`` it has its place in the running order, and ``starts_at``, ``minutes`` and ``question_minutes`` follow
    that item (domain/running_order); without, they are what was agreed so far.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="contributions")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="contributions")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="contributions", null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("speaks from"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes of talk"), default=20)
    question_minutes = models.PositiveSmallIntegerField(_("minutes of questions"), default=20)

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["session__starts_at", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "expert", "subject"], condition=Q(item=None), name="contribution_once"
            ),
            models.UniqueConstraint(fields=["item", "expert"], name="once_in_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}@{self.session_id}"

    @property
    def hour_holds(self) -> bool:
        """Whether the hour lies within the session. It no longer does when the session has been moved since."""
        return self.starts_at is not None and self.session.starts_at <= self.starts_at < self.session.ends_at


class Availability(models.Model):
    """A stretch of time in which an expert can come. None at all: they have not said."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="availabilities")
    starts_at = models.DateTimeField(_("available from"))
    ends_at = models.DateTimeField(_("available until"))

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(name="availability_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at")))
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.starts_at:%Y-%m-%d %H:%M}"


class CommitteeOpinion(models.Model):
    """What one member of the steering committee says of one expert, with the reason. The newest one holds."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="opinions")
    member = models.ForeignKey("conference.Membership", on_delete=models.CASCADE, related_name="opinions")
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("opinion of the committee")
        verbose_name_plural = _("opinions of the committee")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["expert", "member"], name="one_opinion_per_member")]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.opinion}"
