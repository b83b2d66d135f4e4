"""A sheet in the cockpit: begin it, write it, see where it stands, its versions and its opposite."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.differences import compare
from conference.domain.errors import DomainError
from conference.enums import Capability, DocumentAudience
from conference.forms.plain import write_plainly
from conference.links import absolute, make_token
from conference.models import Membership
from conference.views.acts import attempt, status_of
from experts.domain import pairs, sheets
from experts.domain.sheets import committee_members
from experts.forms.information import (
    AuthorForm,
    OverrideForm,
    PairForm,
    SheetForm,
    SheetOpinionForm,
    SheetTextForm,
    TickForm,
)
from experts.glossary import with_glossary
from experts.information_access import READER_SCOPE, sheet_for, sheet_version_for
from experts.models import Sheet, SheetVersion
from experts.sheet_pages import SheetRow, entries_of, sheet_page
from experts.views.information import page, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    initial = {"chapter": request.GET.get("chapter", ""), "kind": "informs"}
    form = SheetForm(posted(request), conference=conference, initial=initial)
    if form.is_bound and form.is_valid():
        added = sheets.create_sheet(
            conference=conference,
            actor=signed_in(request),
            title=form.cleaned_data["title"],
            chapter=form.cleaned_data["chapter"],
            written=form.authorship,
        )
        return redirect("information:sheet_edit", slug, added.pk)
    return page(request, "sheet_form.html", conference, {"form": form}, status=status_of(form))


@login_required
@require_safe
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.VIEW)
    return show(request, found)


def show(request: HttpRequest, found: Sheet, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a sheet. ``forms``: those that come back with errors."""
    conference = found.conference
    membership: Membership = request.membership  # type: ignore[attr-defined]
    other = found.opposite
    readable = frozenset({other.pk}) if other else frozenset()
    row = SheetRow(found, committee_members(conference), readable=readable)
    shown = row.draft or row.published
    entries = entries_of(conference, found.language)
    context: dict[str, Any] = {
        "row": row,
        "sheet": found,
        "read": sheet_page(row, shown, entries, DocumentAudience) if shown else None,
        "changes": compare(row.published.text, row.draft.text) if row.published and row.draft else None,
        **_acts(request, membership, row),
        **forms,
    }
    return page(request, "sheet.html", conference, context, status=status)


def _acts(request: HttpRequest, membership: Membership, row: SheetRow) -> dict[str, Any]:
    """The forms of those who may vouch for the text, and the lay reader's link for those who hand it on."""
    draft, vouched = row.draft, row.vouched
    if draft is None or vouched is None:
        return {}
    initial = {"fingerprint": draft.fingerprint()}
    mine = vouched.word_of(membership.user_id)
    said = {"opinion": mine.opinion, "reason": mine.reason} if mine else {}
    token = make_token(READER_SCOPE, draft.uuid, draft.link_version)
    return {
        "tick_form": TickForm(initial={**initial, "name": str(membership.user)}),
        "opinion_form": SheetOpinionForm(initial={**initial, **said}),
        "override_form": OverrideForm(),
        "my_word": mine,
        "wrote_it": draft.written_by_id == membership.user_id,
        "reader_link": absolute(reverse("information:lay_reader", args=[token])),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Preview shows the text and keeps what was typed without saving; Save keeps it as the draft."""
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    row = SheetRow(found)
    shown = row.draft or row.published
    initial = {
        "title": shown.title if shown else found.title,
        "text": shown.text if shown else "",
        "chapter": found.chapter_id,
        "documents": list(found.documents.all()),
    }
    form = SheetTextForm(posted(request), conference=found.conference, initial=initial)
    address = reverse("plain:desk", args=[slug])
    write_plainly(form, "text", url=address, language=found.language)
    preview = words = None
    if form.is_bound and form.is_valid():
        if "preview" not in request.POST:
            return _save(request, slug, found, form)
        preview, words = with_glossary(form.cleaned_data["text"], entries_of(found.conference, found.language), top=3)
    context = {"sheet": found, "row": row, "form": form, "preview": preview, "words": words}
    return page(request, "sheet_edit.html", found.conference, context, status=status_of(form))


def _save(request: HttpRequest, slug: str, found: Sheet, form: SheetTextForm) -> HttpResponse:
    data = form.cleaned_data
    draft = sheets.save_draft(
        sheet_id=found.pk,
        actor=signed_in(request),
        title=data["title"],
        text=data["text"],
        chapter=data["chapter"],
        documents=list(data["documents"]),
    )
    if draft is None:
        messages.success(request, _("Saved. The text is the same as the published version."))
    elif "offer" in request.POST and not draft.ready_at:
        return redirect("information:sheet_offer", slug, found.pk)
    else:
        messages.success(request, _("The draft is saved. Nobody reads it yet."))
    return redirect("information:sheet", slug, found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_author(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    initial = {
        "kind": found.kind,
        "expert": found.expert_id,
        "author_name": "" if found.expert_id else found.author_name,
        "position": found.position,
    }
    form = AuthorForm(posted(request), conference=found.conference, kept=found.position, initial=initial)
    if form.is_bound and form.is_valid() and _change_author(request, found, form):
        return redirect("information:sheet", slug, pk)
    context = {"sheet": found, "form": form}
    return page(request, "author_form.html", found.conference, context, status=status_of(form))


def _change_author(request: HttpRequest, found: Sheet, form: AuthorForm) -> bool:
    try:
        sheets.change_authorship(sheet_id=found.pk, actor=signed_in(request), written=form.authorship)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The changes are saved."))
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    other = found.opposite
    form = PairForm(posted(request), sheet=found, initial={"other": other.pk if other else ""})
    if form.is_bound and form.is_valid():
        chosen: Sheet | None = form.cleaned_data["other"]

        def act() -> None:
            pairs.pair(sheet_id=pk, other_id=chosen.pk if chosen else None, actor=signed_in(request))

        attempt(request, act, _("The pair is noted.") if chosen else _("The opposite is missing: the readers see it."))
        return redirect("information:sheet", slug, pk)
    context = {"sheet": found, "form": form, "candidates": pairs.candidates(found).exists()}
    return page(request, "pair.html", found.conference, context, status=status_of(form))


@login_required
@require_safe
def version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """A version as it was published, who vouched for it, and what it changed."""
    found = sheet_for(request, slug, pk, Capability.VIEW)
    shown = sheet_version_for(found, number)
    before = SheetVersion.objects.published().filter(sheet=found, number__lt=number).first()
    now = shown.fingerprint()
    context = {
        "sheet": found,
        "row": SheetRow(found),
        "version": shown,
        "html": with_glossary(shown.text, [], top=3)[0],
        "readings": [one for one in shown.readings.all() if one.fingerprint == now],
        "words_of_committee": [one for one in shown.opinions.all() if one.fingerprint == now],
        "changes": compare(before.text, shown.text) if before else None,
    }
    return page(request, "sheet_version.html", found.conference, context)


@login_required
@require_POST
def move_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    up = request.POST.get("to") == "up"
    attempt(
        request,
        lambda: sheets.move_sheet(sheet_id=pk, actor=signed_in(request), up=up),
        _("“%(title)s” is moved.") % {"title": found.title},
    )
    return redirect("information:file", slug)


@login_required
@require_POST
def remove_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = sheet_for(request, slug, pk, Capability.MANAGE)
    done = _("“%(title)s” is removed.") % {"title": found.title}
    if attempt(request, lambda: sheets.remove_sheet(sheet_id=pk, actor=signed_in(request)), done):
        return redirect("information:file", slug)
    return redirect("information:sheet", slug, pk)
