"""What citizens are paid: the rates of a conference, what they claim, what was confirmed, and the files for payment.

No bank details: who pays has them already or asks for them; the file holds a reference, a name and an amount.
"""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panels.enums import FROM_PRESENCE, RateKind, StatementState
from panels.models.attendance import RollCall
from panels.models.invitation import Invitation

_MONEY = MinValueValidator(0)


class RateQuerySet(models.QuerySet["Rate"]):
    def in_force(self) -> Self:
        return self.filter(retired_at=None)


class Rate(models.Model):
    """One line of the table: so much for each unit, by receipt or not, at most so much for each entry."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="rates")
    kind = models.CharField(_("for"), max_length=20, choices=RateKind.choices)
    label = models.CharField(_("in words"), max_length=120, blank=True)
    amount = models.DecimalField(
        _("amount for each"), max_digits=9, decimal_places=4, null=True, blank=True, validators=[_MONEY]
    )
    cap = models.DecimalField(
        _("at most, for each entry"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[_MONEY]
    )
    by_receipt = models.BooleanField(_("never more than the receipt says"), default=False)
    source = models.CharField(_("where the amount comes from"), max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[RateQuerySet] = RateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="rate_says_how_much",
                condition=Q(amount__isnull=False) | Q(by_receipt=True) & ~Q(kind__in=FROM_PRESENCE),
            ),
            models.CheckConstraint(
                name="presence_needs_no_receipt", condition=~Q(kind__in=FROM_PRESENCE) | Q(by_receipt=False)
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())


def receipt_path(claim: "Claim", filename: str) -> str:
    # The name given by the uploader never becomes a path.
    return f"receipts/{claim.conference_id}/{claim.uuid}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def standing(self) -> Self:
        """Without those that were refused."""
        return self.filter(refused_at=None)


class Claim(models.Model):
    """What a citizen, or an organiser for them, asks to be paid for. Purpose: the allowance. Erased with the identity."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="claims")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="claims")
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, related_name="claims")
    day = models.DateField(_("day"))
    quantity = models.DecimalField(_("how many"), max_digits=8, decimal_places=2, validators=[_MONEY])
    paid = models.DecimalField(
        _("amount on the receipt"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[_MONEY]
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    receipt = models.FileField(_("receipt"), upload_to=receipt_path, blank=True)
    filename = models.CharField(max_length=160, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )  # nobody: the citizen, on their personal page
    entered_at = models.DateTimeField(auto_now_add=True)
    refused_at = models.DateTimeField(null=True, blank=True, editable=False)
    refusal = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.rate_id}"


class AllowanceExport(models.Model):
    """One file for payment. Its rows are kept, so that it can be downloaded again the same to the byte."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="allowance_exports")
    number = models.PositiveSmallIntegerField(_("number"))
    language = models.CharField(max_length=5)
    rows = models.JSONField(
        default=list
    )  # [[reference, first name, last name, statement, amount], ...]; no bank details
    total = models.DecimalField(_("total"), max_digits=11, decimal_places=2)
    digest = models.CharField(_("fingerprint"), max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="payment_file_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class StatementQuerySet(models.QuerySet["Statement"]):
    def settled(self) -> Self:
        """Those that count: confirmed, handed over or paid."""
        return self.exclude(state=StatementState.REOPENED)


class Statement(models.Model):
    """What was confirmed for one citizen at one time. The first has all; each later one only what has changed since."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="statements")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=StatementState.choices, default=StatementState.CONFIRMED
    )
    total = models.DecimalField(_("total"), max_digits=10, decimal_places=2)
    confirmed_at = models.DateTimeField(_("confirmed"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    export = models.ForeignKey(AllowanceExport, on_delete=models.PROTECT, related_name="statements", null=True)

    objects: ClassVar[StatementQuerySet] = StatementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["invitation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(state=StatementState.CONFIRMED),
                name="one_open_statement_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id}/{self.number}"


class StatementLine(models.Model):
    """One amount and how it came about. ``key`` says for what: a later line of the same key is a correction."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=RateKind.choices)
    label = models.CharField(max_length=120, blank=True)  # the rate's own words
    day = models.DateField()
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="+", null=True)
    reckoning = models.JSONField(default=dict)  # quantity, amount, paid, cap: what the sentence is made of
    before = models.DecimalField(max_digits=10, decimal_places=2)  # confirmed for this key by earlier statements
    amount = models.DecimalField(max_digits=10, decimal_places=2)  # what this line adds, or takes back

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of a statement")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["statement", "key"], name="each_amount_once_per_statement")]

    def __str__(self) -> str:
        return self.key
