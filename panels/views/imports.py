"""Importing a pool: send a file, say what its columns mean, look at what is wrong, choose."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from panels.domain import imports as acts
from panels.enums import ImportState
from panels.forms.criteria import FileForm
from panels.forms.imports import MappingForm
from panels.models import Criterion, PoolImport
from panels.rules import FILE_BYTES_MAX, FILE_ROWS_MAX

WORKING = (ImportState.CHECKING, ImportState.IMPORTING)


@dataclass(frozen=True)
class ProblemLine:
    row: int
    column: str
    words: str


def _upload(conference: Conference, uuid: object) -> PoolImport:
    """An import of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(
        PoolImport.objects.select_related("conference", "uploaded_by"), conference=conference, uuid=uuid
    )


def _criteria(conference: Conference) -> list[Criterion]:
    return list(Criterion.objects.filter(conference=conference).prefetch_related("values"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = FileForm(request.POST or None, request.FILES or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            if uploaded.size > FILE_BYTES_MAX:  # before it is read into memory
                raise DomainError(
                    _("This file is larger than %(size)s MB. Split it and send the parts.")
                    % {"size": FILE_BYTES_MAX >> 20}
                )
            upload = acts.start_import(
                conference=conference, actor=signed_in(request), content=uploaded.read(), filename=uploaded.name
            )
        except DomainError as error:
            problem = error.message
        else:
            return redirect("panels_desk:import_detail", slug, upload.uuid)
    context = {
        "form": form,
        "problem": problem,
        "criteria": _criteria(conference),
        "fields": [str(label) for label in acts.FIELDS.values()],
        "earlier": PoolImport.objects.filter(conference=conference).select_related("uploaded_by")[:10],
        "megabytes": FILE_BYTES_MAX >> 20,
        "rows_max": f"{FILE_ROWS_MAX:,}".replace(",", "\u00a0"),
    }
    status = 422 if problem or form.errors else 200
    return render_desk(request, "panels/import_start.html", conference, context, current="pool", status=status)


@login_required
@never_cache
@require_safe
def detail(request: HttpRequest, slug: str, uuid: object) -> HttpResponse:
    """Wherever the import is, this page shows it."""
    conference = conference_for(request, slug, Capability.MANAGE)
    upload = _upload(conference, uuid)
    if upload.state in WORKING:
        return render_desk(request, "panels/import_working.html", conference, _progress(upload), current="pool")
    if upload.state == ImportState.UPLOADED:
        return _mapping_page(request, conference, upload)
    if upload.state == ImportState.CHECKED:
        return render_desk(
            request, "panels/import_checked.html", conference, _findings(conference, upload), current="pool"
        )
    return render_desk(request, "panels/import_done.html", conference, {"upload": upload}, current="pool")


def _progress(upload: PoolImport) -> dict[str, Any]:
    return {"upload": upload, "share": round(100 * upload.done / upload.total) if upload.total else 0}


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, slug: str, uuid: object) -> HttpResponse:
    """The part of the waiting page that changes."""
    conference = conference_for(request, slug, Capability.MANAGE)
    upload = _upload(conference, uuid)
    context = {**_progress(upload), "conference": conference, "ended": upload.state not in WORKING}
    return render(request, "panels/_import_progress.html", context)


def _mapping_page(
    request: HttpRequest, conference: Conference, upload: PoolImport, form: MappingForm | None = None, problem: str = ""
) -> HttpResponse:
    criteria = _criteria(conference)
    form = form or MappingForm(upload=upload, criteria=criteria)
    columns = [
        (form[f"column_{index}"], [row[index] if index < len(row) else "" for row in upload.sample])
        for index in range(len(upload.headers))
    ]
    context = {
        "upload": upload,
        "form": form,
        "columns": columns,
        "problem": problem,
        "missing": [] if problem else acts.mapping_problems(upload.mapping, criteria),
    }
    return render_desk(
        request, "panels/import_map.html", conference, context, current="pool", status=422 if problem else 200
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, slug: str, uuid: object) -> HttpResponse:
    """The columns, also once more after a check."""
    conference = conference_for(request, slug, Capability.MANAGE)
    upload = _upload(conference, uuid)
    if upload.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
        return redirect("panels_desk:import_detail", slug, uuid)
    if request.method != "POST":
        return _mapping_page(request, conference, upload)
    form = MappingForm(request.POST, upload=upload, criteria=_criteria(conference))
    if not form.is_valid():
        return _mapping_page(request, conference, upload, form, _("Choose from the lists what each column means."))
    try:
        acts.map_columns(upload=upload, mapping=form.mapping())
    except DomainError as error:
        return _mapping_page(request, conference, upload, form, error.message)
    return redirect("panels_desk:import_detail", slug, uuid)


def _findings(conference: Conference, upload: PoolImport) -> dict[str, Any]:
    criteria = {criterion.pk: criterion for criterion in _criteria(conference)}
    lines = [
        ProblemLine(found["row"], found.get("column", ""), acts.problem_sentence(found, criteria))
        for found in upload.problems
    ]
    return {"upload": upload, "lines": lines, "shown": len({found["row"] for found in upload.problems})}


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str, uuid: object) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    try:
        acts.confirm_import(upload=_upload(conference, uuid), valid_only=request.POST.get("valid_only") == "yes")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("panels_desk:import_detail", slug, uuid)


@login_required
@require_POST
def abandon(request: HttpRequest, slug: str, uuid: object) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    try:
        acts.abandon_import(upload=_upload(conference, uuid))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("panels_desk:import_detail", slug, uuid)
    messages.success(request, _("The import was given up: the file is deleted and nothing was changed."))
    return redirect("panels_desk:import", slug)
