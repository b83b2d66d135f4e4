"""Documents: the list, an upload, a download, a removal."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import scanning
from conference.access import conference_for, document_for, signed_in
from conference.desk import render_desk
from conference.domain import documents as domain
from conference.enums import Capability
from conference.forms.people import DocumentForm
from conference.models import Conference, Document
from conference.views.acts import attempt, status_of


def file_response(document: Document) -> HttpResponseBase:
    """The file as a download, never shown inside our pages: what it holds was written by somebody else.

    The one place through which documents leave: what the scanner has not found clean does not.
    """
    if not document.is_served:
        raise Http404
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.filename, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with the upload below it for those who may."""
    if request.method == "POST":
        return _upload(request, conference_for(request, slug, Capability.MANAGE))
    return _page(request, conference_for(request, slug, Capability.VIEW), DocumentForm())


def _upload(request: HttpRequest, conference: Conference) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, conference, form)
    added = domain.add_document(conference=conference, actor=signed_in(request), **form.cleaned_data)
    messages.success(request, _("“%(title)s” is added.") % {"title": added.title})
    return redirect("desk:documents", conference.slug)


def _page(request: HttpRequest, conference: Conference, form: DocumentForm) -> HttpResponse:
    listed = Document.objects.filter(conference=conference).select_related("uploaded_by")
    if not request.membership.may(Capability.MANAGE):  # type: ignore[attr-defined]
        listed = listed.exclude(is_confidential=True)
    context = {"documents": listed, "form": form, "scanned": scanning.is_set_up()}
    template = "conference/desk/documents.html"
    return render_desk(request, template, conference, context, current="documents", status=status_of(form))


@login_required
@require_safe
def download(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponseBase:
    return file_response(document_for(request, slug, uuid, Capability.VIEW))


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    document = document_for(request, slug, uuid, Capability.MANAGE)
    done = _("“%(title)s” is removed.") % {"title": document.title}
    attempt(request, lambda: domain.remove_document(document_id=document.pk, actor=signed_in(request)), done)
    return redirect("desk:documents", slug)
