"""What an expert is owed: the fee agreed and the travel they paid, signed by them and accepted by the organiser."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experts.enums import CLAIM_WRITABLE, ClaimState
from experts.models.expert import Expert


def _receipt_name(expense: "Expense", filename: str) -> str:
    # The name given by the uploader never becomes a path.
    return f"receipts/{expense.claim.expert.conference.uuid}/{uuid.uuid4()}"


class Claim(models.Model):
    """An expert's account. One for each, made when they first open it or add a line."""

    expert = models.OneToOneField(Expert, on_delete=models.CASCADE, related_name="claim")
    state = models.CharField(
        _("state"), max_length=20, choices=ClaimState.choices, default=ClaimState.OPEN, editable=False
    )
    fee = models.DecimalField(  # as it stood when the expert signed
        _("fee"), max_digits=8, decimal_places=2, null=True, blank=True, editable=False
    )
    signed_name = models.CharField(_("signed by"), max_length=160, blank=True, editable=False)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True, editable=False)
    note = models.TextField(_("question of the organiser"), max_length=1000, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("account of fee and travel")
        verbose_name_plural = _("accounts of fee and travel")
        ordering = ["expert__last_name", "expert__first_name"]
        constraints = [
            models.CheckConstraint(
                name="claim_signed_by_somebody",
                condition=Q(state=ClaimState.OPEN) | (Q(signed_at__isnull=False) & ~Q(signed_name="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.state}"

    @property
    def is_writable(self) -> bool:
        return self.state in CLAIM_WRITABLE

    @property
    def agreed_fee(self) -> Decimal:
        """The fee that was signed; before that, the one that stands in the expert's record."""
        fee = self.expert.fee if self.is_writable else self.fee
        return fee or Decimal(0)


class Expense(models.Model):
    """One line: what the expert paid, with the receipt."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="expenses")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.DateField(_("date"))
    label = models.CharField(_("what for"), max_length=160)
    amount = models.DecimalField(_("amount, in euros"), max_digits=8, decimal_places=2)
    receipt = models.FileField(_("receipt"), upload_to=_receipt_name, blank=True)
    receipt_name = models.CharField(max_length=160, blank=True, editable=False)
    receipt_type = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["day", "id"]
        constraints = [models.CheckConstraint(name="expense_costs", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return self.label
