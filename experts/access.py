"""The one way to get hold of an expert or a briefing: fetch and authorise in one step.

Organisers come through their conference. Experts come through their link, which leaves two facts in the browser's
session under a key of its own: who, and which version of the link. A newer version ends the session too.
"""

import uuid
from datetime import timedelta

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from conference.access import conference_for
from conference.enums import Capability, DocumentAudience
from conference.links import read_token
from conference.models import Conference, Document
from experts.domain.letters import SCOPE
from experts.enums import CONCERNED
from experts.models import Briefing, BriefingVersion, Contribution, Expense, Expert, Paper

SESSION_KEY = "expert_link"
UNLOCKED_KEY = "expert_unlocked"  # a code by mail was typed in this browser
CODE_KEY = "expert_code"  # the code that this browser asked for last
UNLOCKED_FOR = timedelta(hours=1)
OPEN_FOR = timedelta(hours=24)  # then the link must be opened again: the computer may be shared


def expert_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Expert:
    conference = conference_for(request, slug, capability)
    return get_object_or_404(Expert.objects.select_related("conference"), pk=pk, conference=conference)


def contribution_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Contribution:
    conference = conference_for(request, slug, capability)
    parts = Contribution.objects.select_related("expert__conference", "session__conference")
    return get_object_or_404(parts, pk=pk, expert__conference=conference)


def briefing_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Briefing:
    conference = conference_for(request, slug, capability)
    return get_object_or_404(Briefing.objects.select_related("conference", "expert"), pk=pk, conference=conference)


def version_for(briefing: Briefing, number: int) -> BriefingVersion:
    """A published version of a briefing that the caller may see."""
    versions = BriefingVersion.objects.published().filter(briefing=briefing).select_related("written_by")
    return get_object_or_404(versions, number=number)


def paper_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Paper:
    """What is confidential, only those who run the conference get hold of."""
    conference = conference_for(request, slug, capability)
    papers = Paper.objects.select_related("expert__conference", "document")
    found = get_object_or_404(papers, pk=pk, expert__conference=conference)
    if found.document.is_confidential and not request.membership.may(Capability.MANAGE):  # type: ignore[attr-defined]
        raise Http404
    return found


def receipt_for(request: HttpRequest, slug: str, expense_uuid: uuid.UUID) -> Expense:
    conference = conference_for(request, slug, Capability.MANAGE)
    expenses = Expense.objects.exclude(receipt="").filter(claim__expert__conference=conference)
    return get_object_or_404(expenses, uuid=expense_uuid)


def public_expert(slug: str, expert_uuid: uuid.UUID) -> Expert:
    """Whom the public page names."""
    named = Expert.objects.public().filter(conference__slug=slug, conference__is_published=True)
    return get_object_or_404(named, uuid=expert_uuid)


# -- By personal link --------------------------------------------------------------------------------------------------
def expert_of_token(token: str) -> Expert | None:
    """Whom a link belongs to, if it is genuine and the newest; None for every other case alike."""
    read = read_token(SCOPE, token)
    if read is None:
        return None
    return Expert.objects.select_related("conference").filter(uuid=read.uuid, link_version=read.version).first()


def enter(request: HttpRequest, expert: Expert) -> None:
    """Let this browser in. The session gets a new key, so that one planted beforehand is worth nothing."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {
        "uuid": str(expert.uuid),
        "version": expert.link_version,
        "at": timezone.now().timestamp(),
    }


def leave(request: HttpRequest) -> None:
    """Whoever opens the page next on this computer, be it by the same link, is asked for the code again."""
    for key in (SESSION_KEY, UNLOCKED_KEY, CODE_KEY):
        request.session.pop(key, None)


def expert_behind(request: HttpRequest) -> Expert | None:
    """The expert whose link opened this browser's session, as long as that link lives."""
    entry = request.session.get(SESSION_KEY)
    if not entry or timezone.now().timestamp() - entry.get("at", 0) > OPEN_FOR.total_seconds():
        return None
    found = Expert.objects.select_related("conference")
    return found.filter(uuid=uuid.UUID(entry["uuid"]), link_version=entry["version"]).first()


def may_manage(request: HttpRequest, conference: Conference) -> bool:
    """Whether the signed-in person works on this conference, so that a page may point them to their own desk."""
    return request.user.is_authenticated and conference.memberships.filter(user=request.user).exists()


def document_for(expert: Expert, document_uuid: uuid.UUID) -> Document:
    """A document that this expert may read: attached to a briefing of theirs, or open to all or to the experts.

    What was kept for the team stays with the team, attached or not.
    """
    document = get_object_or_404(
        Document.objects.exclude(audience=DocumentAudience.TEAM).exclude(is_confidential=True),
        uuid=document_uuid,
        conference=expert.conference_id,
    )
    if document.audience == DocumentAudience.PUBLIC:
        return document
    if expert.state not in CONCERNED:
        raise Http404
    attached = Briefing.objects.for_expert(expert).filter(documents=document).exists()
    if document.audience != DocumentAudience.EXPERTS and not attached:
        raise Http404
    if document.briefings.exists() and not attached:  # attached to somebody else's briefing only: meant for them
        raise Http404
    return document


def paper_of(request: HttpRequest, expert: Expert, pk: int) -> Paper | None:
    """A document of the expert's own; None where it is confidential and no code was typed in this browser."""
    paper = get_object_or_404(Paper.objects.select_related("document"), pk=pk, expert=expert)
    return paper if not paper.document.is_confidential or is_unlocked(request, expert) else None


def code_in_hand(request: HttpRequest) -> uuid.UUID | None:
    kept = request.session.get(CODE_KEY)
    return uuid.UUID(kept) if kept else None


def unlock(request: HttpRequest, expert: Expert) -> None:
    """A code was typed here: confidential pages open in this browser, for a while."""
    request.session.pop(CODE_KEY, None)
    request.session.cycle_key()
    request.session[UNLOCKED_KEY] = {
        "uuid": str(expert.uuid),
        "version": expert.link_version,
        "at": timezone.now().timestamp(),
    }


def is_unlocked(request: HttpRequest, expert: Expert) -> bool:
    entry = request.session.get(UNLOCKED_KEY) or {}
    age = timezone.now().timestamp() - entry.get("at", 0)
    mine = (entry.get("uuid"), entry.get("version")) == (str(expert.uuid), expert.link_version)
    return mine and 0 <= age <= UNLOCKED_FOR.total_seconds()
