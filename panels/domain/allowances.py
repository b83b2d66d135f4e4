"""Allowances: rates, claims, statements that are confirmed, handed over and paid. What was handed over never changes.

Every act takes the conference's lock first, so that nothing is confirmed or handed over twice.
"""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.documents import check_file, clean_name
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.file_kinds import JPEG, PDF, PNG
from conference.models import Conference, User
from panels.accounts import Account, account_of, accounts
from panels.domain.locking import lock_conference
from panels.enums import FROM_PRESENCE, STATEMENT_TRANSITIONS, StatementState
from panels.files.payments import payments_csv
from panels.models import AllowanceExport, Claim, Invitation, Rate, Statement, StatementLine
from panels.rate_examples import Table
from panels.reckoning import NOTHING

RECEIPTS = (PDF, PNG, JPEG)
MOST_CLAIMS = 200  # of one citizen: a brake, not a rule


# -- Rates -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_rate(*, conference_id: int, actor: User, fields: dict[str, Any], rate_id: int | None = None) -> Rate:
    """Add a rate or change one. Amounts that were confirmed with the earlier one then show as differences."""
    conference = lock_conference(conference_id)
    rate = Rate.objects.in_force().get(pk=rate_id, conference=conference) if rate_id else Rate(conference=conference)
    if rate_id and fields.get("kind", rate.kind) != rate.kind:
        raise DomainError(_("A rate keeps its kind. Retire it, and add another."))
    for name, value in fields.items():
        setattr(rate, name, value)
    if rate.kind in FROM_PRESENCE and (rate.by_receipt or rate.amount is None):
        raise DomainError(_("What is paid for presence needs an amount, and no receipt."))
    if rate.amount is None and not rate.by_receipt:
        raise DomainError(_("Give an amount, or say that the receipt decides."))
    rate.save()
    record("allowance.rates", conference=conference, actor=actor, obj=rate, rate=str(rate))
    return rate


@transaction.atomic
def take_example(*, conference_id: int, actor: User, table: Table) -> list[Rate]:
    """Add the rates of a table that others have used, with its source."""
    return [
        save_rate(
            conference_id=conference_id,
            actor=actor,
            fields={
                "kind": one.kind,
                "amount": one.amount,
                "cap": one.cap,
                "by_receipt": one.by_receipt,
                "label": str(one.label),
                "source": str(table.source),
            },
        )
        for one in table.rates
    ]


@transaction.atomic
def retire_rate(*, rate: Rate, actor: User) -> Rate:
    """No longer offered. What was claimed with it stays; what presence was confirmed with must not vanish."""
    conference = lock_conference(rate.conference_id)
    used = StatementLine.objects.filter(statement__conference=conference, key__regex=rf"^(half|day|hour):{rate.pk}:")
    if used.exclude(statement__state=StatementState.REOPENED).exists():
        raise DomainError(_("Amounts have been confirmed with this rate. Change its amount instead."))
    rate.retired_at = timezone.now()
    rate.save(update_fields=["retired_at"])
    record("allowance.rates", conference=conference, actor=actor, obj=rate, rate=str(rate))
    return rate


# -- Claims ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_claim(
    *,
    invitation: Invitation,
    rate: Rate,
    day: date,
    quantity: Decimal,
    paid: Decimal | None = None,
    note: str = "",
    file: "UploadedFile[Any] | None" = None,
    actor: User | None = None,
) -> Claim:
    """By an organiser, or (``actor`` is nobody) by the citizen. What the receipt holds is looked at, not its name."""
    conference = lock_conference(invitation.conference_id)
    if rate.conference_id != conference.pk or rate.retired_at or rate.kind in FROM_PRESENCE:
        raise DomainError(_("This cannot be claimed here."))
    if rate.by_receipt and paid is None:
        raise DomainError(_("Say what the receipt amounts to."))
    if Claim.objects.filter(invitation=invitation).count() >= MOST_CLAIMS:
        raise DomainError(_("That is a lot of expenses. Please call us."))
    claim = Claim(
        conference=conference,
        invitation=invitation,
        rate=rate,
        day=day,
        quantity=quantity,
        paid=paid,
        note=note,
        entered_by=actor,
    )
    if file:
        kind = check_file(file)
        if kind not in RECEIPTS:
            raise DomainError(_("A receipt is a photograph (JPEG or PNG) or a PDF."))
        claim.filename, claim.content_type = clean_name(file.name or ""), kind.content_type
        claim.receipt.save(claim.filename, file, save=False)
    claim.save()
    _record_claim("allowance.claim_typed" if actor else "allowance.claimed", claim, invitation, actor)
    return claim


def _record_claim(verb: str, claim: Claim, invitation: Invitation, actor: User | None, reason: str = "") -> None:
    reference = invitation.volunteer.reference
    label = "" if actor else reference
    record(
        verb,
        conference=claim.conference,
        actor=actor,
        actor_label=label,
        obj=claim,
        reason=reason,
        reference=reference,
    )


@transaction.atomic
def remove_claim(*, claim: Claim, actor: User | None = None) -> None:
    """As long as nothing was confirmed with it. A citizen removes what they entered themselves."""
    lock_conference(claim.conference_id)
    if actor is None and claim.entered_by_id is not None:
        raise DomainError(_("An organiser entered this expense: ask them to change it."))
    if _is_settled(claim):
        raise DomainError(_("This expense is confirmed already. It can be refused, with a reason."))
    _record_claim("allowance.claim_removed", claim, claim.invitation, actor)
    forget_receipt(claim)
    claim.delete()


def _is_settled(claim: Claim) -> bool:
    lines = StatementLine.objects.filter(statement__invitation=claim.invitation_id, key=f"claim:{claim.pk}")
    return lines.exclude(statement__state=StatementState.REOPENED).exists()


def forget_receipt(claim: Claim) -> None:
    """The file goes once the transaction is certain."""
    if claim.receipt:
        storage, name = claim.receipt.storage, str(claim.receipt.name)
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def refuse_claim(*, claim: Claim, reason: str, actor: User) -> Claim:
    """It counts no more; the citizen reads why. What was confirmed with it shows as a difference."""
    lock_conference(claim.conference_id)
    if not reason.strip():
        raise DomainError(_("Say why: the citizen reads it."))
    claim.refused_at, claim.refusal = timezone.now(), reason.strip()[:300]
    claim.save(update_fields=["refused_at", "refusal"])
    _record_claim("allowance.claim_refused", claim, claim.invitation, actor, reason)
    return claim


# -- Statements --------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(*, invitation: Invitation, actor: User) -> Statement:
    """Keep what is due now. One that was confirmed and not yet handed over is taken back, and made anew with all."""
    conference = lock_conference(invitation.conference_id)
    account = account_of(invitation)
    if not account.open:
        raise DomainError(_("There is nothing new to confirm."))
    return _confirm(conference, account, actor)


@transaction.atomic
def confirm_all(*, conference_id: int, actor: User) -> list[Statement]:
    """Of everybody for whom something is due that was not confirmed."""
    conference = lock_conference(conference_id)
    found = [account for account in accounts(conference) if account.open]
    if not found:
        raise DomainError(_("There is nothing new to confirm."))
    return [_confirm(conference, account, actor) for account in found]


def _confirm(conference: Conference, account: Account, actor: User) -> Statement:
    pending = [one for one in account.statements if one.state == StatementState.CONFIRMED]
    for one in pending:
        _reopen(one, account.invitation, actor)
    if pending:
        account = account_of(account.invitation)
    statement = Statement.objects.create(
        conference=conference,
        invitation=account.invitation,
        number=len(account.statements) + 1,
        total=account.difference,
        confirmed_at=timezone.now(),
        confirmed_by=actor,
    )
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=statement,
            position=position,
            key=due.key,
            kind=due.kind,
            label=due.label,
            day=due.day,
            roll_call_id=due.roll_call,
            reckoning=due.reckoning,
            before=account.settled.get(due.key, NOTHING),
            amount=due.amount,
        )
        for position, due in enumerate(account.open)
    )
    reference = account.invitation.volunteer.reference
    record(
        "allowance.confirmed",
        conference=conference,
        actor=actor,
        obj=statement,
        number=statement.number,
        reference=reference,
        total=str(statement.total),
    )
    return statement


@transaction.atomic
def reopen(*, statement: Statement, actor: User) -> Statement:
    """Back to the draft, as long as it was not handed over."""
    lock_conference(statement.conference_id)
    statement = Statement.objects.select_related("invitation__volunteer", "conference").get(pk=statement.pk)
    return _reopen(statement, statement.invitation, actor)


def _reopen(statement: Statement, invitation: Invitation, actor: User) -> Statement:
    _move(statement, StatementState.REOPENED)
    statement.save(update_fields=["state"])
    record(
        "allowance.reopened",
        conference=statement.conference,
        actor=actor,
        obj=statement,
        number=statement.number,
        reference=invitation.volunteer.reference,
    )
    return statement


def _move(statement: Statement, to: StatementState) -> None:
    if to not in STATEMENT_TRANSITIONS[StatementState(statement.state)]:
        raise DomainError(
            _("This statement is handed over for payment: it changes no more. What differs becomes a correction.")
        )
    statement.state = to


# -- Payment -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def export(*, conference_id: int, actor: User, language: str, now: datetime | None = None) -> AllowanceExport:
    """Hand over everything that is confirmed, in one numbered file."""
    conference = lock_conference(conference_id)
    statements = list(
        Statement.objects.filter(conference=conference, state=StatementState.CONFIRMED)
        .select_related("invitation__volunteer__identity")
        .order_by("invitation__volunteer__reference", "number")
    )
    if not statements:
        raise DomainError(_("Nothing is confirmed and waiting for payment."))
    made = AllowanceExport(
        conference=conference,
        number=AllowanceExport.objects.filter(conference=conference).count() + 1,
        language=language,
        rows=[_row(statement) for statement in statements],
        total=sum((statement.total for statement in statements), NOTHING),
        made_at=now or timezone.now(),
        made_by=actor,
    )
    made.digest = hashlib.sha256(content_of(made)).hexdigest()
    made.save()
    for statement in statements:
        _move(statement, StatementState.EXPORTED)
        statement.export = made
    Statement.objects.bulk_update(statements, ["state", "export"])
    record(
        "allowance.exported",
        conference=conference,
        actor=actor,
        obj=made,
        number=made.number,
        count=len(statements),
        total=str(made.total),
    )
    return made


def _row(statement: Statement) -> list[str]:
    volunteer = statement.invitation.volunteer
    identity = getattr(volunteer, "identity", None)
    names = [identity.first_name, identity.last_name] if identity else ["", ""]
    return [volunteer.reference, *names, str(statement.number), f"{statement.total:.2f}"]


def content_of(made: AllowanceExport, *, mark: bool = True) -> bytes:
    """The file: the same bytes whenever it is downloaded, until a person in it is erased."""
    made_on = made.conference.local(made.made_at).date().isoformat()
    return payments_csv(made.rows, number=made.number, made_on=made_on, language=made.language, mark=mark)


@transaction.atomic
def mark_paid(*, made: AllowanceExport, actor: User) -> AllowanceExport:
    """The money has gone out: every statement of the file is paid."""
    conference = lock_conference(made.conference_id)
    made = AllowanceExport.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.paid_at:
        raise DomainError(_("This file is marked as paid already."))
    made.paid_at = timezone.now()
    made.save(update_fields=["paid_at"])
    statements = list(made.statements.all())
    for statement in statements:
        _move(statement, StatementState.PAID)
    Statement.objects.bulk_update(statements, ["state"])
    record("allowance.paid", conference=conference, actor=actor, obj=made, number=made.number)
    return made
