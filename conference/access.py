"""The one way for a page to get hold of a conference: fetch and authorise in one step. A stranger gets 404, not 403."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from conference.enums import Capability
from conference.models import Conference, Membership, User


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
    membership = get_object_or_404(Membership.objects.select_related("conference", "user"), conference__slug=slug, user=user)
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
