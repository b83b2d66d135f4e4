"""Fee and travel: written line by line, signed by the expert, accepted by an organiser or sent back with a question.

Amounts are confidential: no event names one.
"""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.documents import check_file, clean_name
from conference.domain.errors import DomainError
from conference.models import User
from experts.domain import notices
from experts.domain.record import locked, log
from experts.enums import CLAIM_TRANSITIONS, ClaimState, ExpertState
from experts.models import Claim, Expense, Expert

MOST = 40
NOTHING = Decimal(0)


def _claim(expert: Expert) -> Claim:
    """The account under the lock of its expert's row, made with the first line."""
    claim, _new = Claim.objects.get_or_create(expert=expert)
    claim.expert = expert
    return claim


def _came(expert_id: int) -> Expert:
    expert = locked(expert_id)
    if expert.state not in {ExpertState.ACCEPTED, ExpertState.WITHDRAWN}:  # who fell ill has a ticket all the same
        raise DomainError(_("Please accept the invitation first."))
    return expert


def _writable(expert_id: int) -> Claim:
    expert = _came(expert_id)
    claim = _claim(expert)
    if not claim.is_writable:
        raise DomainError(_("Your account is signed: take your signature back to change a line."))
    return claim


def _move(claim: Claim, to: ClaimState) -> None:
    if to not in CLAIM_TRANSITIONS[ClaimState(claim.state)]:
        raise DomainError(
            _("This is not possible: the account stands at “%(state)s”.") % {"state": claim.get_state_display()}
        )
    claim.state = to


def total_of(claim: Claim) -> Decimal:
    spent = claim.expenses.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return claim.agreed_fee + spent


@transaction.atomic
def add_expense(
    *, expert_id: int, day: dt.date, label: str, amount: Decimal, receipt: "UploadedFile[Any] | None" = None
) -> Expense:
    claim = _writable(expert_id)
    if claim.expenses.count() >= MOST:
        raise DomainError(_("There are %(number)s lines already: write several costs in one.") % {"number": MOST})
    expense = Expense(claim=claim, day=day, label=label, amount=amount)
    if receipt:
        kind = check_file(receipt)
        expense.receipt_name, expense.receipt_type = clean_name(receipt.name or ""), kind.content_type
        expense.receipt.save(expense.receipt_name, receipt, save=False)
    expense.save()
    log("expert.expense_added", claim.expert, actor=None)
    return expense


@transaction.atomic
def remove_expense(*, expert_id: int, expense_uuid: uuid.UUID) -> None:
    claim = _writable(expert_id)
    expense = claim.expenses.filter(uuid=expense_uuid).first()
    if expense is None:  # taken out already, by an impatient second press
        return
    storage, name = expense.receipt.storage, str(expense.receipt.name or "")
    expense.delete()
    log("expert.expense_removed", claim.expert, actor=None)
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def sign(*, expert_id: int, name: str) -> Claim:
    """The expert says with their name that the account is right. Signing twice is signing once."""
    expert = _came(expert_id)
    claim = _claim(expert)
    if claim.state == ClaimState.SIGNED:
        return claim
    if not name.strip():
        raise DomainError(_("Write your name: it is your signature."))
    if claim.is_writable and not total_of(claim):
        raise DomainError(_("There is nothing to sign: no fee was agreed, and no line is written."))
    _move(claim, ClaimState.SIGNED)
    claim.fee, claim.signed_name, claim.signed_at = expert.fee, name.strip(), timezone.now()
    claim.save()
    log("expert.claim_signed", expert, actor=None)
    return claim


@transaction.atomic
def unsign(*, expert_id: int) -> Claim:
    """The expert takes the signature back to correct a line."""
    expert = locked(expert_id)
    claim = _claim(expert)
    if claim.state == ClaimState.OPEN:
        return claim
    _move(claim, ClaimState.OPEN)
    claim.signed_name, claim.signed_at, claim.fee = "", None, None
    claim.save()
    log("expert.claim_unsigned", expert, actor=None)
    return claim


@transaction.atomic
def accept(*, expert_id: int, actor: User, signed_at: dt.datetime | None) -> Claim:
    """``signed_at``: the signature that the organiser looked at. What was signed anew since must be looked at again."""
    expert = locked(expert_id)
    claim = _claim(expert)
    if claim.state == ClaimState.ACCEPTED:
        return claim
    _move(claim, ClaimState.ACCEPTED)
    if claim.signed_at != signed_at:
        raise DomainError(_("The expert has changed and signed the account since you opened it: look at it again."))
    claim.note, claim.decided_by, claim.decided_at = "", actor, timezone.now()
    claim.save()
    log("expert.claim_accepted", expert, actor=actor)
    notices.claim_decided(claim)
    return claim


@transaction.atomic
def query(*, expert_id: int, actor: User, note: str) -> Claim:
    """Back to the expert, with a question."""
    expert = locked(expert_id)
    claim = _claim(expert)
    if not note.strip():
        raise DomainError(_("Write what you want to know: the expert receives it by mail."))
    _move(claim, ClaimState.QUERIED)
    claim.note, claim.decided_by, claim.decided_at = note.strip(), actor, timezone.now()
    claim.save()
    log("expert.claim_queried", expert, actor=actor)
    notices.claim_decided(claim)
    return claim
