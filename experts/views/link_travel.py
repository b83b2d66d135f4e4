"""Fee and travel: lines with receipts, and the signature. Confidential: behind a code by mail."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.domain.errors import DomainError
from conference.views.acts import attempt
from experts.domain import claims
from experts.forms import ExpenseForm, SignForm
from experts.models import Claim, Expense, Expert
from experts.own_letters import euros
from experts.own_pages import may_claim
from experts.views.link_code import confidential
from experts.views.link_frame import for_expert, no_link, render_link


@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
@confidential
def travel(request: HttpRequest, expert: Expert) -> HttpResponse:
    """The account, with a form for the next line."""
    if not may_claim(expert):
        return no_link(request, expert.conference)
    posted = request.method == "POST"
    form = ExpenseForm(request.POST, request.FILES) if posted else ExpenseForm()
    if posted and form.is_valid():
        try:
            claims.add_expense(expert_id=expert.pk, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The line is added."))
            return redirect("experts:travel")
    return _page(request, expert, form, SignForm(initial={"name": str(expert)}))


def _page(request: HttpRequest, expert: Expert, form: ExpenseForm, sign_form: SignForm) -> HttpResponse:
    claim = Claim.objects.filter(expert=expert).first() or Claim(expert=expert)
    claim.expert = expert
    expenses = list(claim.expenses.all()) if claim.pk else []
    language = translation.get_language() or "fr"
    total = claim.agreed_fee + sum(expense.amount for expense in expenses)
    context = {
        "claim": claim,
        "expenses": [(expense, euros(expense.amount, language)) for expense in expenses],
        "fee": euros(claim.agreed_fee, language) if claim.agreed_fee else "",
        "total": euros(total, language),
        "has_total": bool(total),
        "form": form,
        "sign_form": sign_form,
    }
    status = 422 if form.errors or sign_form.errors else 200
    return render_link(request, "experts/link/travel.html", expert, context, current="travel", status=status)


def _done(request: HttpRequest, act: Callable[[], object], words: str) -> HttpResponse:
    attempt(request, act, words)
    return redirect("experts:travel")


@require_POST
@for_expert
@confidential
def remove_expense(request: HttpRequest, expert: Expert, expense_uuid: uuid.UUID) -> HttpResponse:
    return _done(
        request,
        lambda: claims.remove_expense(expert_id=expert.pk, expense_uuid=expense_uuid),
        _("The line is removed."),
    )


@require_POST
@for_expert
@confidential
def sign(request: HttpRequest, expert: Expert) -> HttpResponse:
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, expert, ExpenseForm(), form)
    name = form.cleaned_data["name"]
    done = _("Thank you. Your account is signed; the organisers look at it.")
    return _done(request, lambda: claims.sign(expert_id=expert.pk, name=name), done)


@require_POST
@for_expert
@confidential
def unsign(request: HttpRequest, expert: Expert) -> HttpResponse:
    return _done(
        request,
        lambda: claims.unsign(expert_id=expert.pk),
        _("Your signature is taken back. Sign again once it is right."),
    )


@require_safe
@for_expert
@confidential
def receipt(request: HttpRequest, expert: Expert, expense_uuid: uuid.UUID) -> HttpResponseBase:
    return receipt_response(
        get_object_or_404(Expense.objects.exclude(receipt=""), uuid=expense_uuid, claim__expert=expert)
    )


def receipt_response(expense: Expense) -> HttpResponseBase:
    """As a download, never shown inside our pages: somebody else wrote what it holds."""
    response = FileResponse(
        expense.receipt.open("rb"),
        as_attachment=True,
        filename=expense.receipt_name,
        content_type=expense.receipt_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
