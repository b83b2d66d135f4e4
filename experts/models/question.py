"""The panel's key questions, where each expert stands on them, and who is asked to answer which."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Item
from experts.enums import Position, Verdict
from experts.models.expert import Expert


class ScaleStep(models.Model):
    """The words of one conference for a step of the scale of positions. No rows: the usual words for all five.

    A conference may use fewer steps than five, but always both ends: the balance of views weighs two sides.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="scale")
    position = models.CharField(_("step of the scale"), max_length=20, choices=Position.choices)
    label = models.CharField(_("in the words of this conference"), max_length=80)

    class Meta:
        verbose_name = _("step of the scale")
        verbose_name_plural = _("scale of positions")
        constraints = [models.UniqueConstraint(fields=["conference", "position"], name="scale_step_once")]

    def __str__(self) -> str:
        return self.label


class QuestionList(models.Model):
    """The state of a conference's key questions: open, frozen, answered. Made with the first question."""

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="question_list", primary_key=True
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    answers_due_at = models.DateTimeField(_("written answers due"), null=True, blank=True)
    answers_published_at = models.DateTimeField(_("written answers published"), null=True, blank=True)

    class Meta:
        verbose_name = _("list of key questions")
        verbose_name_plural = _("lists of key questions")

    def __str__(self) -> str:
        return str(self.conference_id)


class KeyQuestion(models.Model):
    """A question that the citizens want answered. Experts declare where they stand on it."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="key_questions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("question"), max_length=500)
    explanation = models.TextField(_("why the citizens ask"), max_length=1000, blank=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("key question")
        verbose_name_plural = _("key questions")
        ordering = ["number"]
        constraints = [
            # Deferred, so that two questions can change places in one transaction.
            models.UniqueConstraint(
                fields=["conference", "number"], name="question_number_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Stance(models.Model):
    """Where an expert stands on one key question, in their own words."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="stances")
    question = models.ForeignKey(KeyQuestion, on_delete=models.CASCADE, related_name="stances")
    position = models.CharField(_("position"), max_length=20, choices=Position.choices)
    sentence = models.CharField(_("in a sentence"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("position on a key question")
        verbose_name_plural = _("positions on key questions")
        constraints = [models.UniqueConstraint(fields=["expert", "question"], name="one_stance_per_question")]

    def __str__(self) -> str:
        return f"{self.expert_id} on {self.question_id}: {self.position}"


class AskQuerySet(models.QuerySet["Ask"]):
    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class Ask(models.Model):
    """One question put to one expert: a cell of the matrix, with the written answer, the spoken one and the verdict."""

    question = models.ForeignKey(KeyQuestion, on_delete=models.CASCADE, related_name="asks")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="asks")
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)  # empty: assigned, not told yet
    draft = models.TextField(_("draft"), max_length=20000, blank=True)  # of the expert alone until they hand it in
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("written answer"), max_length=20000, blank=True)
    answered_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    spoken_item = models.ForeignKey(
        Item, on_delete=models.SET_NULL, null=True, blank=True, related_name="spoken_answers"
    )
    spoken_at = models.DateTimeField(_("spoken at"), null=True, blank=True)
    verdict = models.CharField(_("the panel’s verdict"), max_length=20, choices=Verdict.choices, blank=True)
    contradicted_by = models.ForeignKey(
        Expert, on_delete=models.SET_NULL, verbose_name=_("contradicted by"), null=True, blank=True, related_name="+"
    )
    verdict_note = models.CharField(_("the panel’s note"), max_length=500, blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AskQuerySet] = AskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question to an expert")
        verbose_name_plural = _("questions to experts")
        ordering = ["question__number", "expert__last_name"]
        constraints = [
            models.UniqueConstraint(fields=["question", "expert"], name="asked_once"),
            models.CheckConstraint(
                name="contradicted_by_somebody", condition=Q(verdict="contradicted") | Q(contradicted_by=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} to {self.expert_id}"
