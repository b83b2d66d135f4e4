"""Criteria in the cockpit: defining them, and whether they add up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from panels.domain import criteria as acts
from panels.domain.criteria import Balance, CriterionDraft
from panels.files.quotas import read_quotas
from panels.forms.criteria import (
    SPARE_ROWS,
    CriterionForm,
    FileForm,
    ValueFormSet,
    draft_from,
    initial_values,
    with_proposals,
)
from panels.models import Criterion, Value, Volunteer

IMPORT_SALT = "panels.criteria.import"


@dataclass(frozen=True)
class CriterionView:
    criterion: Criterion
    values: list[Value]  # with ``pool``
    balance: Balance

    @property
    def short(self) -> list[Value]:
        """Values whose quota asks for more people than the pool has."""
        return [value for value in self.values if value.pool < value.minimum]  # type: ignore[attr-defined]


def _criteria(conference: Conference) -> list[CriterionView]:
    values: dict[int, list[Value]] = {}
    for value in Value.objects.filter(criterion__conference=conference).with_pool():
        values.setdefault(value.criterion_id, []).append(value)
    return [
        CriterionView(
            criterion,
            values.get(criterion.pk, []),
            acts.balance(((v.minimum, v.maximum) for v in values.get(criterion.pk, [])), conference.seats),
        )
        for criterion in Criterion.objects.filter(conference=conference)
    ]


@login_required
@never_cache
@require_safe
def criteria(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = _criteria(conference)
    context = {
        "criteria": found,
        "locked": acts.why_locked(conference),
        "off": [view for view in found if not view.balance.adds_up],
        "short": [view for view in found if view.short],
        "pool": Volunteer.objects.filter(conference=conference).pool().count(),
    }
    return render_desk(request, "panels/criteria.html", conference, context, current="criteria")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """One criterion with its values: a form that also proposes quotas and makes room for more values."""
    conference = conference_for(request, slug, Capability.MANAGE)
    found = _criterion_of(conference, pk) if pk else None
    locked = acts.why_locked(conference)
    if locked:
        messages.warning(request, locked)
        return redirect("panels_desk:criteria", slug)
    initial = initial_values(found) if found else []
    form = CriterionForm(
        request.POST or None, initial={"name": found.name, "name_en": found.name_en} if found else None
    )
    rows = ValueFormSet(request.POST or None, initial=initial, prefix="values")
    problem, status = "", 200
    if request.method == "POST":
        valid = form.is_valid() and rows.is_valid()
        if "propose" in request.POST or "more" in request.POST:
            if rows.is_valid():
                kept = rows.kept()
                rows = _again(kept, conference, propose="propose" in request.POST)
                form = CriterionForm(initial={name: request.POST.get(name, "") for name in form.fields})
        elif valid:
            try:
                saved = acts.save_criterion(
                    conference=conference,
                    actor=signed_in(request),
                    draft=draft_from(form, rows.kept()),
                    criterion=found,
                )
            except DomainError as error:
                problem, status = error.message, 422
            else:
                messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
                return redirect("panels_desk:criteria", slug)
        else:
            status = 422
    context = {"criterion": found, "form": form, "rows": rows, "problem": problem}
    return render_desk(request, "panels/criterion.html", conference, context, current="criteria", status=status)


def _again(kept: list[dict[str, Any]], conference: Conference, *, propose: bool) -> Any:
    """The same rows once more, unsaved: with quotas proposed from the shares, or with more empty rows."""
    rows = with_proposals(kept, conference.seats) if propose else kept
    again = ValueFormSet(initial=rows, prefix="values")
    if not propose:
        again.extra = SPARE_ROWS + 5
    return again


def _criterion_of(conference: Conference, pk: int) -> Criterion:
    return get_object_or_404(Criterion.objects.prefetch_related("values"), conference=conference, pk=pk)


@login_required
@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    try:
        acts.move_criterion(criterion=_criterion_of(conference, pk), actor=signed_in(request), up="up" in request.POST)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("panels_desk:criteria", slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    found = _criterion_of(conference, pk)
    if request.method == "POST":
        try:
            acts.remove_criterion(criterion=found, actor=signed_in(request))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
        return redirect("panels_desk:criteria", slug)
    return render_desk(request, "panels/criterion_remove.html", conference, {"criterion": found}, current="criteria")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_criteria(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a file, show what it would put in place, and put it there after a second click.

    Between the two clicks the criteria travel signed in the form: they are not personal, and nothing is stored.
    """
    conference = conference_for(request, slug, Capability.MANAGE)
    locked = acts.why_locked(conference)
    if locked:
        messages.warning(request, locked)
        return redirect("panels_desk:criteria", slug)
    form = FileForm(request.POST or None, request.FILES or None)
    problem = ""
    try:
        if "signed" in request.POST:
            return _put_in_place(request, conference)
        if request.method == "POST" and form.is_valid():
            uploaded = form.cleaned_data["file"]
            drafts = read_quotas(uploaded.read(), uploaded.name)
            return _preview(request, conference, drafts)
    except DomainError as error:
        problem = error.message
    context = {"form": form, "problem": problem}
    status = 422 if problem or form.errors else 200
    return render_desk(request, "panels/criteria_import.html", conference, context, current="criteria", status=status)


def _preview(request: HttpRequest, conference: Conference, drafts: list[CriterionDraft]) -> HttpResponse:
    balances = [acts.balance(((v.minimum, v.maximum) for v in draft.values), conference.seats) for draft in drafts]
    context = {
        "drafts": list(zip(drafts, balances, strict=True)),
        "signed": signing.dumps([_as_json(draft) for draft in drafts], salt=IMPORT_SALT, compress=True),
        "replaces": Criterion.objects.filter(conference=conference).exists(),
    }
    return render_desk(request, "panels/criteria_preview.html", conference, context, current="criteria")


def _as_json(draft: CriterionDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "name_en": draft.name_en,
        "values": [
            [v.name, v.minimum, v.maximum, v.name_en, None if v.population_share is None else str(v.population_share)]
            for v in draft.values
        ],
    }


def _from_json(data: dict[str, Any]) -> CriterionDraft:
    values = tuple(
        acts.ValueDraft(name, low, high, name_en, None if share is None else Decimal(share))
        for name, low, high, name_en, share in data["values"]
    )
    return CriterionDraft(name=data["name"], name_en=data["name_en"], values=values)


def _put_in_place(request: HttpRequest, conference: Conference) -> HttpResponse:
    try:
        stored = signing.loads(request.POST["signed"], salt=IMPORT_SALT, max_age=24 * 3600)
    except signing.BadSignature:
        raise DomainError(_("This preview is too old. Send the file again.")) from None
    drafts = [_from_json(data) for data in stored]
    acts.replace_criteria(conference=conference, actor=signed_in(request), drafts=drafts)
    messages.success(request, _("The criteria of the file are in place."))
    return redirect("panels_desk:criteria", conference.slug)
