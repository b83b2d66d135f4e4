"""The one way for a page to get hold of a conference: fetch and authorise in one step. A stranger gets 404, not 403."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from conference.enums import Capability, DocumentAudience
from conference.mail.enums import Kind
from conference.mail.models import Message, TextVersion
from conference.models import Conference, Document, Membership, Session, Step, User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that ``login_required`` let through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def membership_for(user: User, slug: str, capability: Capability) -> Membership:
    """The person's membership (with its conference) if it carries the capability.

    Outsiders get 404, as if the conference did not exist. A member whose role does not suffice also gets 404 for the
    page: what a role may not do is not shown to it either.
    """
    membership = get_object_or_404(
        Membership.objects.select_related("conference", "user"), conference__slug=slug, user=user
    )
    if not membership.may(capability):
        raise Http404
    return membership


def conference_for(request: HttpRequest, slug: str, capability: Capability) -> Conference:
    """The conference, if the signed-in person may do this there. Remembers the membership on the request for templates."""
    membership = membership_for(signed_in(request), slug, capability)
    request.membership = membership  # type: ignore[attr-defined]
    return membership.conference


def public_conference(slug: str) -> Conference:
    """A conference whose public page is visible."""
    return get_object_or_404(Conference.objects.published(), slug=slug)


def session_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Session:
    return _of_conference(Session, conference_for(request, slug, capability), pk=pk)


def step_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Step:
    return _of_conference(Step, conference_for(request, slug, capability), pk=pk)


def document_for(request: HttpRequest, slug: str, uuid: UUID, capability: Capability) -> Document:
    document = _of_conference(Document, conference_for(request, slug, capability), uuid=uuid)
    if document.is_confidential and not request.membership.may(Capability.MANAGE):  # type: ignore[attr-defined]
        raise Http404
    return document


def message_for(request: HttpRequest, slug: str, uuid: UUID, capability: Capability) -> Message:
    return _of_conference(Message, conference_for(request, slug, capability), uuid=uuid)


def text_version_for(
    request: HttpRequest, slug: str, kind: Kind, language: str, number: int, capability: Capability
) -> TextVersion:
    conference = conference_for(request, slug, capability)
    versions = TextVersion.objects.select_related("written_by")
    return get_object_or_404(versions, conference=conference, kind=kind, language=language, number=number)


def colleague_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Membership:
    """Another member of the conference, or oneself."""
    conference = conference_for(request, slug, capability)
    return get_object_or_404(Membership.objects.select_related("conference", "user"), conference=conference, pk=pk)


def public_document(slug: str, uuid: UUID) -> Document:
    """A document for everybody, of a conference whose page is visible."""
    documents = Document.objects.filter(conference__is_published=True, is_confidential=False)
    return get_object_or_404(documents, conference__slug=slug, uuid=uuid, audience=DocumentAudience.PUBLIC)


def _of_conference[M: (Session, Step, Document, Message)](model: type[M], conference: Conference, **which: object) -> M:
    found = get_object_or_404(model, conference=conference, **which)
    found.conference = conference  # saves the query that every template would make
    return found
