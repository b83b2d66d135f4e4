"""The one way to get hold of what the information file holds: fetch and authorise in one step.

Organisers and the committee come through their conference, the panel through its link, a lay reader through a link to one
text, everybody once the file is open.
"""

import uuid

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from conference.access import conference_for, public_conference
from conference.enums import Capability, DocumentAudience
from conference.links import read_token
from conference.models import Conference, Document
from experts.models import Chapter, GlossaryEntry, InformationFile, Sheet, SheetVersion
from panels.access import remembered
from panels.enums import InvitationState
from panels.models import Invitation

READER_SCOPE = "sheet-reader"
FOR_THE_PANEL = (DocumentAudience.PUBLIC, DocumentAudience.PANEL)


def sheet_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Sheet:
    conference = conference_for(request, slug, capability)
    found = get_object_or_404(Sheet.objects.with_versions(), pk=pk, conference=conference)
    found.conference = conference
    return found


def sheet_version_for(sheet: Sheet, number: int) -> SheetVersion:
    """A published version of a sheet that the caller may see."""
    found = get_object_or_404(SheetVersion.objects.published(), sheet=sheet, number=number)
    found.sheet = sheet
    return found


def chapter_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Chapter:
    conference = conference_for(request, slug, capability)
    found = get_object_or_404(Chapter, pk=pk, conference=conference)
    found.conference = conference
    return found


def entry_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> GlossaryEntry:
    conference = conference_for(request, slug, capability)
    found = get_object_or_404(GlossaryEntry, pk=pk, conference=conference)
    found.conference = conference
    return found


def draft_of_token(token: str) -> SheetVersion:
    """What a lay reader's link opens: a text that is offered, until it is published or the link is renewed."""
    read = read_token(READER_SCOPE, token)
    if read is None:
        raise Http404
    drafts = SheetVersion.objects.select_related("sheet__conference").filter(published_at=None, ready_at__isnull=False)
    return get_object_or_404(drafts, uuid=read.uuid, link_version=read.version)


# -- Readers -----------------------------------------------------------------------------------------------------------
def file_for_everybody(slug: str) -> Conference:
    """A conference whose information file is open to everybody."""
    conference = public_conference(slug)
    get_object_or_404(InformationFile, conference=conference, published_at__isnull=False)
    return conference


def member_of_panel(request: HttpRequest) -> Invitation:
    """The citizen behind this browser's session, if they have a seat."""
    invitation = remembered(request)
    if invitation is None or invitation.state != InvitationState.ACCEPTED:
        raise Http404
    return invitation


def panel_document(request: HttpRequest, document_uuid: uuid.UUID) -> Document:
    """A document that the panel may read: for everybody or for the panel."""
    conference = member_of_panel(request).conference
    documents = Document.objects.filter(audience__in=FOR_THE_PANEL, is_confidential=False)
    return get_object_or_404(documents, uuid=document_uuid, conference=conference)
