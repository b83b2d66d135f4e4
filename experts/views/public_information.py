"""The information file as it is read: by the panel behind its link, by everybody once it is open, and as a booklet to print."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.differences import compare
from conference.enums import DocumentAudience
from conference.models import Conference
from conference.views.desk_documents import file_response
from experts.glossary import in_order
from experts.information_access import FOR_THE_PANEL, file_for_everybody, member_of_panel, panel_document
from experts.models import GlossaryEntry
from experts.sheet_pages import FilePage, SheetRow, entries_of, readers_file, sheet_page

EVERYBODY = (DocumentAudience.PUBLIC,)


def _page(request: HttpRequest, template: str, conference: Conference, context: dict[str, Any]) -> HttpResponse:
    with timezone.override(conference.zone):
        return render(request, f"experts/information/{template}", {"conference": conference, **context})


# -- Everybody ---------------------------------------------------------------------------------------------------------
@require_safe
def public_file(request: HttpRequest, slug: str) -> HttpResponse:
    return _file(request, file_for_everybody(slug), panel=False)


@require_safe
def public_sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _sheet(request, file_for_everybody(slug), pk, EVERYBODY, panel=False)


@require_safe
def public_booklet(request: HttpRequest, slug: str) -> HttpResponse:
    return _booklet(request, file_for_everybody(slug), EVERYBODY, panel=False)


# -- The panel ---------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def panel_file(request: HttpRequest) -> HttpResponse:
    return _file(request, member_of_panel(request).conference, panel=True)


@never_cache
@require_safe
def panel_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return _sheet(request, member_of_panel(request).conference, pk, FOR_THE_PANEL, panel=True)


@never_cache
@require_safe
def panel_booklet(request: HttpRequest) -> HttpResponse:
    return _booklet(request, member_of_panel(request).conference, FOR_THE_PANEL, panel=True)


@never_cache
@require_safe
def panel_download(request: HttpRequest, document_uuid: uuid.UUID) -> HttpResponseBase:
    return file_response(panel_document(request, document_uuid))


# -- The same for both -------------------------------------------------------------------------------------------------
def _file(request: HttpRequest, conference: Conference, *, panel: bool) -> HttpResponse:
    words = in_order(GlossaryEntry.objects.filter(conference=conference))
    context = {"file": readers_file(conference), "panel": panel, "words": words}
    return _page(request, "read_file.html", conference, context)


def _row(file: FilePage, pk: int) -> SheetRow:
    found = next((row for row in file.rows if row.sheet.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _sheet(
    request: HttpRequest, conference: Conference, pk: int, audiences: Iterable[DocumentAudience], *, panel: bool
) -> HttpResponse:
    file = readers_file(conference)
    row = _row(file, pk)
    version = row.published
    assert version is not None  # a readers' file holds published sheets only
    place = file.rows.index(row)
    released = row.sheet.released  # type: ignore[attr-defined]
    readings = [one for one in version.readings.all() if one.fingerprint == _fingerprint(row)]
    context = {
        "read": sheet_page(row, version, entries_of(conference, row.sheet.language), audiences),
        "row": row,
        "version": version,
        "changes": compare(released[1].text, version.text) if len(released) > 1 else None,
        "readings": readings,
        "before": file.rows[place - 1] if place else None,
        "after": file.rows[place + 1] if place + 1 < len(file.rows) else None,
        "panel": panel,
    }
    return _page(request, "read_sheet.html", conference, context)


def _fingerprint(row: SheetRow) -> str:
    assert row.published is not None
    row.published.sheet = row.sheet
    return row.published.fingerprint()


def _booklet(
    request: HttpRequest, conference: Conference, audiences: tuple[DocumentAudience, ...], *, panel: bool
) -> HttpResponse:
    """The whole file on one page, with the glossary at the end, for the printer."""
    file = readers_file(conference)
    entries = in_order(GlossaryEntry.objects.filter(conference=conference))
    parts = [
        (
            part.chapter,
            [
                sheet_page(row, row.published, _spoken(entries, row), audiences, top=3, anchors=False)
                for row in part.rows
                if row.published
            ],
        )
        for part in file.parts
    ]
    context = {"file": file, "parts": parts, "words": entries, "panel": panel}
    return _page(request, "booklet.html", conference, context)


def _spoken(entries: list[GlossaryEntry], row: SheetRow) -> list[GlossaryEntry]:
    return [entry for entry in entries if entry.language == row.sheet.language]
