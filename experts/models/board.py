"""The balance board as the committee signed it, and what the citizens wish to hear."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from experts.enums import GONE, Decision, WishAnswer
from experts.models.expert import Expert
from experts.models.question import KeyQuestion


class BoardSnapshot(models.Model):
    """The board at a moment when somebody signed or refused it. Never changed: the database refuses it (0004).

    ``facts`` holds what ``fingerprint`` is reckoned from (balance.facts): experts by their uuid, no names and no
    gender, so that erasing an expert leaves the record whole. A board that comes back to an earlier state is that state
    again, and its signatures hold again.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="board_snapshots")
    number = models.PositiveSmallIntegerField(_("number"))
    facts = models.JSONField()
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    taken_at = models.DateTimeField(_("taken"), auto_now_add=True)

    class Meta:
        verbose_name = _("state of the balance board")
        verbose_name_plural = _("states of the balance board")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="snapshot_number_once"),
            models.UniqueConstraint(fields=["conference", "fingerprint"], name="snapshot_state_once"),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} no. {self.number}"


class BoardSignature(models.Model):
    """A member of the committee signs one state of the board, or refuses to with a reason. Their newest word holds.

    The name stands as it was: the record outlives the membership.
    """

    snapshot = models.ForeignKey(BoardSnapshot, on_delete=models.CASCADE, related_name="signatures")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature of the board")
        verbose_name_plural = _("signatures of the board")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="refusal_has_a_reason", condition=Q(decision="signs") | ~Q(remark="")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.decision}"


class WishQuerySet(models.QuerySet["Wish"]):
    def unanswered(self) -> Self:
        return self.filter(answer="")


class Wish(models.Model):
    """What the citizens say they want to hear, in their words, and the organiser's answer."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="wishes")
    text = models.CharField(_("we want to hear…"), max_length=500)
    question = models.ForeignKey(
        KeyQuestion,
        on_delete=models.SET_NULL,
        verbose_name=_("about which question"),
        null=True,
        blank=True,
        related_name="wishes",
    )
    said_on = models.DateField(_("said on"))
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=10, choices=WishAnswer.choices, blank=True)
    expert = models.ForeignKey(
        Expert, on_delete=models.SET_NULL, verbose_name=_("who will be heard"), null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("explanation"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[WishQuerySet] = WishQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("wish of the citizens")
        verbose_name_plural = _("wishes of the citizens")
        ordering = ["said_on", "id"]
        constraints = [
            # "Heard" needs no words; a wish met in part or not at all is owed a reason.
            models.CheckConstraint(name="wish_has_its_reason", condition=Q(answer__in=["", "heard"]) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether the citizens are owed an answer: none was given, or the expert it names will not come after all."""
        return not self.answer or self.promise_failed

    @property
    def promise_failed(self) -> bool:
        if self.expert is None:
            return self.answer == WishAnswer.HEARD
        return self.expert.state in GONE
