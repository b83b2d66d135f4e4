"""Experts' fees and travel on the desk: what is signed, accept or ask, and the file for payment."""

import csv
import io
import uuid
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.enums import Capability
from conference.models import Conference
from conference.views.acts import attempt
from experts.access import expert_for, receipt_for
from experts.domain import claims as domain
from experts.enums import ClaimState, ExpertState
from experts.forms import QueryForm
from experts.models import Claim, Expense, Expert
from experts.own_letters import euros
from experts.views.link_travel import receipt_response


def _page(
    request: HttpRequest, template: str, conference: Conference, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    with timezone.override(conference.zone):
        return render_desk(request, f"experts/desk/{template}", conference, context, current="claims", status=status)


def _rows(conference: Conference) -> list[Claim]:
    """Every account, and an unsaved one for each expert who has a fee or has accepted. Three queries."""
    stored = Claim.objects.filter(expert__conference=conference).select_related("expert", "decided_by")
    found = {claim.expert_id: claim for claim in stored.prefetch_related(Prefetch("expenses", Expense.objects.all()))}
    others = Expert.objects.filter(conference=conference, state=ExpertState.ACCEPTED).exclude(pk__in=found)
    return sorted([*found.values(), *(Claim(expert=expert) for expert in others)], key=_by_name)


def _by_name(claim: Claim) -> tuple[str, str]:
    return claim.expert.last_name, claim.expert.first_name


def _expenses(claim: Claim) -> list[Expense]:
    return list(claim.expenses.all()) if claim.pk else []


@login_required
@require_safe
def claims(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    listed = _rows(conference)
    language = translation.get_language() or "fr"
    rows = [
        {
            "claim": claim,
            "fee": euros(claim.agreed_fee, language) if claim.agreed_fee else "",
            "travel": euros(sum((line.amount for line in _expenses(claim)), start=domain.NOTHING), language),
            "total": euros(claim.agreed_fee + sum(line.amount for line in _expenses(claim)), language),
        }
        for claim in listed
    ]
    waiting = sum(1 for claim in listed if claim.state == ClaimState.SIGNED)
    return _page(request, "claims.html", conference, {"rows": rows, "waiting": waiting})


@login_required
@require_safe
def claim(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _claim_page(request, expert_for(request, slug, pk, Capability.MANAGE), QueryForm())


def _claim_page(request: HttpRequest, expert: Expert, form: QueryForm) -> HttpResponse:
    found = Claim.objects.filter(expert=expert).select_related("decided_by").first() or Claim(expert=expert)
    found.expert = expert
    language = translation.get_language() or "fr"
    lines = _expenses(found)
    context = {
        "expert": expert,
        "claim": found,
        "lines": [(line, euros(line.amount, language)) for line in lines],
        "fee": euros(found.agreed_fee, language) if found.agreed_fee else "",
        "total": euros(found.agreed_fee + sum(line.amount for line in lines), language),
        "form": form,
        "seen": found.signed_at.isoformat() if found.signed_at else "",
    }
    return _page(request, "claim.html", expert.conference, context, 422 if form.errors else 200)


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    seen = _moment(request.POST.get("seen", ""))
    act = lambda: domain.accept(expert_id=pk, actor=signed_in(request), signed_at=seen)  # noqa: E731
    attempt(request, act, _("The account of %(name)s is accepted. They are told by mail.") % {"name": found})
    return redirect("experts_desk:claim", slug, pk)


def _moment(text: str) -> Any:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


@login_required
@require_POST
def query(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    form = QueryForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, found, form)
    act = lambda: domain.query(expert_id=pk, actor=signed_in(request), note=form.cleaned_data["note"])  # noqa: E731
    attempt(request, act, _("Your question to %(name)s is on its way.") % {"name": found})
    return redirect("experts_desk:claim", slug, pk)


@login_required
@require_safe
def receipt(request: HttpRequest, slug: str, expense_uuid: uuid.UUID) -> HttpResponseBase:
    return receipt_response(receipt_for(request, slug, expense_uuid))


# -- The file for payment ----------------------------------------------------------------------------------------------
@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """One line for each fee and each expense, for the accountant's spreadsheet."""
    conference = conference_for(request, slug, Capability.MANAGE)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [_("Expert"), _("E-mail address"), _("State"), _("Signed"), _("Date"), _("What for"), _("Amount"), _("Receipt")]
    )
    for found in _rows(conference):
        for line in _lines(found, conference):
            writer.writerow([_harmless(cell) for cell in line])
    # With the mark that makes spreadsheets read it as UTF-8.
    response = HttpResponse("\N{BYTE ORDER MARK}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{conference.slug}-experts.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(found: Claim, conference: Conference) -> list[list[str]]:
    expert = found.expert
    signed = f"{conference.local(found.signed_at):%Y-%m-%d %H:%M}" if found.signed_at else ""
    head = [str(expert), expert.email, str(found.get_state_display()), signed]
    fee = [[*head, "", _("Fee"), _plain(found.agreed_fee), ""]] if found.agreed_fee else []
    return fee + [
        [*head, f"{line.day:%Y-%m-%d}", line.label, _plain(line.amount), line.receipt_name] for line in _expenses(found)
    ]


def _plain(amount: Decimal) -> str:
    """A number that a spreadsheet of the reader's language takes for one."""
    return number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=False)


def _harmless(cell: str) -> str:
    """A cell that begins like a formula is one, to a spreadsheet: somebody else wrote these words."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
