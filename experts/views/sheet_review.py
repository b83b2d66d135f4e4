"""Between writing and publishing: the text is offered, a lay reader ticks it, the committee signs it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import membership_for, signed_in
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.views.acts import attempt, status_of
from experts.domain import sheets
from experts.enums import Opinion
from experts.forms.information import OfferForm, OverrideForm, SheetOpinionForm, TickForm
from experts.glossary import with_glossary
from experts.information_access import draft_of_token, sheet_for
from experts.models import Sheet, SheetVersion
from experts.sheet_pages import SheetRow, entries_of
from experts.views.information import page, posted
from experts.views.sheets import show


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    row = SheetRow(found)
    if row.draft is None:
        raise Http404
    form = OfferForm(posted(request), is_first=row.published is None, initial={"change_note": row.draft.change_note})
    if form.is_bound and form.is_valid():
        note = form.cleaned_data.get("change_note", "")
        attempt(
            request,
            lambda: sheets.offer(sheet_id=pk, actor=signed_in(request), change_note=note),
            _("The lay reader and the committee can read the text now."),
        )
        return redirect("information:sheet", slug, pk)
    context = {"sheet": found, "row": row, "form": form}
    return page(request, "offer.html", found.conference, context, status=status_of(form))


def _said(request: HttpRequest, draft: SheetVersion, otherwise: str) -> None:
    messages.success(
        request,
        _("Thank you. The sheet is published: version %(number)s.") % {"number": draft.number}
        if draft.published_at
        else otherwise,
    )


def _may_tick(request: HttpRequest, slug: str) -> Capability:
    """Those who run the conference, and those who note for the citizens."""
    try:
        membership_for(signed_in(request), slug, Capability.FACILITATE)
    except Http404:
        return Capability.MANAGE
    return Capability.FACILITATE


@login_required
@require_POST
def tick(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, _may_tick(request, slug))
    form = TickForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            draft = sheets.tick(
                sheet_id=pk,
                name=data["name"],
                fingerprint=data["fingerprint"],
                noted_by=signed_in(request),
                remark=data["remark"],
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _said(request, draft, _("Noted: the sheet is understood."))
            return redirect("information:sheet", slug, pk)
    return _back(request, found, tick_form=form)


@login_required
@require_POST
def sign(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.COMMITTEE)
    form = SheetOpinionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        opinion = Opinion(data["opinion"])
        try:
            draft = sheets.give_opinion(
                sheet_id=pk,
                member=request.membership,  # type: ignore[attr-defined]
                opinion=opinion,
                reason=data["reason"],
                fingerprint=data["fingerprint"],
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            signed = opinion == Opinion.APPROVES
            _said(request, draft, _("You have signed the sheet.") if signed else _("Your objection is noted."))
            return redirect("information:sheet", slug, pk)
    return _back(request, found, opinion_form=form)


def _back(request: HttpRequest, found: Sheet, **bound: forms.Form) -> HttpResponse:
    """The page once more, with what was typed. The fingerprint becomes that of the text as it is shown now."""
    draft = SheetRow(found).draft
    for form in bound.values():
        data = request.POST.copy()
        data["fingerprint"] = draft.fingerprint() if draft else ""
        form.data = data
    return show(request, found, status=422, **bound)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Without the committee's signature, with a reason."""
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            draft = sheets.publish_without_committee(
                sheet_id=pk, actor=signed_in(request), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _said(request, draft, "")
            return redirect("information:sheet", slug, pk)
    return show(request, found, status=422, override_form=form)


@login_required
@require_POST
def renew_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sheet_for(request, slug, pk, Capability.MANAGE)
    done = _("A new link for lay readers is made. The earlier one no longer opens.")
    attempt(request, lambda: sheets.renew_reader_link(sheet_id=pk, actor=signed_in(request)), done)
    return redirect("information:sheet", slug, pk)


# -- By link, without an account ---------------------------------------------------------------------------------------
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lay_reader(request: HttpRequest, token: str) -> HttpResponse:
    """The text, and one question: is it understood? The link opens this text and nothing else."""
    draft = draft_of_token(token)
    sheet, conference = draft.sheet, draft.sheet.conference
    form = TickForm(posted(request), initial={"fingerprint": draft.fingerprint()})
    if form.is_bound and form.is_valid() and _tick_by_link(sheet, form):
        return _reader_page(request, "lay_reader_thanks.html", sheet, {"name": form.cleaned_data["name"]})
    html, words = with_glossary(draft.text, entries_of(conference, sheet.language))
    context: dict[str, Any] = {"version": draft, "form": form, "html": html, "words": words}
    return _reader_page(request, "lay_reader.html", sheet, context, status=status_of(form))


def _tick_by_link(sheet: Sheet, form: TickForm) -> bool:
    data = form.cleaned_data
    try:
        sheets.tick(sheet_id=sheet.pk, name=data["name"], fingerprint=data["fingerprint"], remark=data["remark"])
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


def _reader_page(
    request: HttpRequest, template: str, sheet: Sheet, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    with translation.override(sheet.language), timezone.override(sheet.conference.zone):
        frame = {"conference": sheet.conference, "sheet": sheet}
        return render(request, f"experts/information/{template}", {**frame, **context}, status=status)
