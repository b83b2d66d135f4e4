"""Allowances in the cockpit: what is due to whom and why, the table of rates, and the files for payment."""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from conference.views.acts import attempt, status_of, typed
from panels import access
from panels.accounts import Account, account_of, accounts
from panels.domain import allowances as domain
from panels.enums import FROM_PRESENCE, StatementState
from panels.forms.allowances import ClaimForm, RateForm
from panels.half_days import half_days
from panels.models import AllowanceExport, Rate, Statement
from panels.rate_examples import TABLES
from panels.reckoning import NOTHING
from panels.statement_rows import lines_of_statement, open_lines
from panels.views.receipts import receipt_response

MANAGE = Capability.MANAGE


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody's amounts, the totals by half-day, and what to do next."""
    conference = conference_for(request, slug, MANAGE)
    found = accounts(conference)
    halves = half_days(conference)
    confirmed = [one for account in found for one in account.statements if one.state == StatementState.CONFIRMED]
    context = {
        "accounts": found,
        "total": sum((account.total for account in found), NOTHING),
        "drafts": sum(bool(account.open) for account in found),
        "draft_total": sum((account.difference for account in found), NOTHING),
        "ready": len(confirmed),
        "ready_total": sum((one.total for one in confirmed), NOTHING),
        "by_half": _by_half_day(found, halves),
        "open_halves": sum(1 for half in halves if not half.is_closed and half.ends_at < timezone.now()),
        "has_rates": Rate.objects.filter(conference=conference).in_force().exists(),
        "exports": AllowanceExport.objects.filter(conference=conference).select_related("made_by"),
    }
    return render_desk(request, "panels/allowances/index.html", conference, context, current="allowances")


def _by_half_day(found: list[Account], halves: list[Any]) -> list[tuple[Any, int, Decimal | None]]:
    """For each closed half-day: how many were there, and what is due for their presence in it."""
    came: dict[int, int] = defaultdict(int)
    due: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for account in found:
        for one in account.attended:
            came[one.roll_call] += 1
        for line in account.dues:
            if line.roll_call:
                due[line.roll_call] += line.amount
    return [(half, came[half.roll_call.pk], due.get(half.roll_call.pk)) for half in halves if half.is_closed]


@login_required
@require_POST
def confirm_all(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, MANAGE)
    try:
        made = domain.confirm_all(conference_id=conference.pk, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = ngettext("%(count)s statement is confirmed.", "%(count)s statements are confirmed.", len(made))
        messages.success(request, said % {"count": len(made)})
    return redirect("attendance:allowances", slug)


@login_required
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, MANAGE)
    actor, language = signed_in(request), get_language() or conference.language
    attempt(
        request,
        lambda: domain.export(conference_id=conference.pk, actor=actor, language=language),
        _("The payment file is made. Download it below."),
    )
    return redirect("attendance:allowances", slug)


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A payment file, again the same. ``?plain`` leaves out the mark that spreadsheet programs know UTF-8 by."""
    made = access.payment_file_of(conference_for(request, slug, MANAGE), number)
    content = domain.content_of(made, mark="plain" not in request.GET)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-payment-{number:03d}.csv"'
    return response


@login_required
@require_POST
def paid(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    made = access.payment_file_of(conference_for(request, slug, MANAGE), number)
    actor = signed_in(request)
    attempt(request, lambda: domain.mark_paid(made=made, actor=actor), _("The payment file is marked as paid."))
    return redirect("attendance:allowances", slug)


# -- Rates -------------------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, MANAGE)
    form = RateForm(request.POST if request.method == "POST" else None, instance=Rate(conference=conference))
    if form.is_valid() and _save_rate(request, conference, form):
        return redirect("attendance:rates", slug)
    context = {
        "rates": Rate.objects.filter(conference=conference).in_force(),
        "form": form,
        "tables": [(table, [_as_rate(one) for one in table.rates]) for table in TABLES],
    }
    template = "panels/allowances/rates.html"
    return render_desk(request, template, conference, context, current="allowances", status=status_of(form))


def _as_rate(one: Any) -> Rate:
    return Rate(kind=one.kind, label=str(one.label), amount=one.amount, cap=one.cap, by_receipt=one.by_receipt)


def _save_rate(request: HttpRequest, conference: Conference, form: RateForm, rate: Rate | None = None) -> bool:
    try:
        domain.save_rate(
            conference_id=conference.pk,
            actor=signed_in(request),
            fields=form.cleaned_data,
            rate_id=rate.pk if rate else None,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The rate is saved."))
    return True


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    conference = conference_for(request, slug, MANAGE)
    found = access.rate_of(conference, pk)
    form = RateForm(request.POST if request.method == "POST" else None, instance=access.rate_of(conference, pk))
    if form.is_valid() and _save_rate(request, conference, form, found):
        return redirect("attendance:rates", slug)
    context = {"rate": found, "form": form}
    template = "panels/allowances/rate.html"
    return render_desk(request, template, conference, context, current="allowances", status=status_of(form))


@login_required
@require_POST
def retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.rate_of(conference_for(request, slug, MANAGE), pk)
    actor = signed_in(request)
    attempt(request, lambda: domain.retire_rate(rate=found, actor=actor), _("The rate is no longer offered."))
    return redirect("attendance:rates", slug)


@login_required
@require_POST
def example(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    conference = conference_for(request, slug, MANAGE)
    table = next((table for table in TABLES if table.key == key), None)
    if table is None:
        raise Http404
    actor = signed_in(request)
    attempt(
        request,
        lambda: domain.take_example(conference_id=conference.pk, actor=actor, table=table),
        _("The rates are added. Change them as your decision says."),
    )
    return redirect("attendance:rates", slug)


# -- One citizen -------------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The sheet of one citizen. Posting adds an expense for them."""
    conference = conference_for(request, slug, MANAGE)
    invitation = access.seated(conference, uuid)
    offered = Rate.objects.filter(conference=conference).in_force().exclude(kind__in=FROM_PRESENCE)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    today = conference.local(timezone.now()).date()
    form = ClaimForm(*posted, rates=offered, initial={"day": today})
    if form.is_valid() and _add_claim(request, invitation, form):
        return redirect("attendance:person", slug, uuid)
    account = account_of(invitation)
    context = {
        "account": account,
        "lines": open_lines(account),
        "statements": [(one, lines_of_statement(one)) for one in account.standing],
        "form": form,
        "may_claim": offered.exists(),
    }
    template = "panels/allowances/person.html"
    return render_desk(request, template, conference, context, current="allowances", status=status_of(form))


def _add_claim(request: HttpRequest, invitation: Any, form: ClaimForm) -> bool:
    said = form.cleaned_data
    file = said.pop("receipt")
    try:
        domain.add_claim(invitation=invitation, file=file or None, actor=signed_in(request), **said)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The expense is noted."))
    return True


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    invitation = access.seated(conference_for(request, slug, MANAGE), uuid)
    actor = signed_in(request)
    attempt(request, lambda: domain.confirm(invitation=invitation, actor=actor), _("The statement is confirmed."))
    return redirect("attendance:person", slug, uuid)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str, uuid: UUID, number: int) -> HttpResponse:
    invitation = access.seated(conference_for(request, slug, MANAGE), uuid)
    statement = get_object_or_404(Statement, invitation=invitation, number=number)
    actor = signed_in(request)
    attempt(request, lambda: domain.reopen(statement=statement, actor=actor), _("The statement is a draft once more."))
    return redirect("attendance:person", slug, uuid)


@login_required
@require_POST
def claim_remove(request: HttpRequest, slug: str, claim: UUID) -> HttpResponse:
    found = access.claim_of(conference_for(request, slug, MANAGE), claim)
    actor = signed_in(request)
    attempt(request, lambda: domain.remove_claim(claim=found, actor=actor), _("The expense is removed."))
    return redirect("attendance:person", slug, found.invitation.uuid)


@login_required
@require_POST
def claim_refuse(request: HttpRequest, slug: str, claim: UUID) -> HttpResponse:
    found = access.claim_of(conference_for(request, slug, MANAGE), claim)
    actor, reason = signed_in(request), typed(request, "reason")
    attempt(
        request,
        lambda: domain.refuse_claim(claim=found, reason=reason, actor=actor),
        _("The expense is refused. The citizen reads why."),
    )
    return redirect("attendance:person", slug, found.invitation.uuid)


@login_required
@require_safe
def receipt(request: HttpRequest, slug: str, claim: UUID) -> HttpResponseBase:
    return receipt_response(access.claim_of(conference_for(request, slug, MANAGE), claim))
