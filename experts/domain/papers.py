"""Documents between an expert and the organisers: handed in, marked confidential, given to readers, taken back."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.documents import ask_for_scan, check_file, clean_name
from conference.domain.errors import DomainError
from conference.enums import DocumentAudience
from conference.models import Document, User
from experts.domain.record import locked, log
from experts.enums import ExpertState
from experts.models import Expert, Paper

MOST = 20  # an expert who hands in more than that has pressed the button too often


@transaction.atomic
def hand_in(
    *, expert_id: int, title: str, file: "UploadedFile[Any]", is_confidential: bool, actor: User | None = None
) -> Paper:
    """By the expert, or (with ``actor``) by an organiser for this expert. The team reads it until an organiser opens it
    to others; what is confidential, only those who run the conference."""
    expert = locked(expert_id)
    if actor is None and expert.state != ExpertState.ACCEPTED:
        raise DomainError(_("Please accept the invitation first."))
    if Paper.objects.filter(expert=expert).count() >= MOST:
        raise DomainError(_("There are %(number)s documents already: take one back first.") % {"number": MOST})
    kind = check_file(file)
    document = Document(
        conference=expert.conference,
        title=title,
        audience=DocumentAudience.TEAM,
        is_confidential=is_confidential,
        filename=clean_name(file.name or ""),
        content_type=kind.content_type,
        size=file.size or 0,
        uploaded_by=actor,
    )
    document.file.save(document.filename, file, save=False)
    document.save()
    ask_for_scan(document)
    paper = Paper.objects.create(expert=expert, document=document, from_expert=actor is None)
    log("expert.paper_added", expert, actor=actor, title=_title(document))
    return paper


@transaction.atomic
def open_to(*, paper: Paper, audience: DocumentAudience, actor: User) -> Paper:
    """Say who may read it. What is confidential stays between the expert and the organisers."""
    expert = locked(paper.expert_id)
    document = Document.objects.select_for_update(of=("self",)).get(pk=paper.document_id)
    if document.is_confidential:
        raise DomainError(_("This document is confidential: it stays between the expert and the organisers."))
    if document.audience != audience:
        document.audience = audience
        document.save(update_fields=["audience"])
        log("expert.paper_opened", expert, actor=actor, title=document.title, audience=document.get_audience_display())
    paper.document = document
    return paper


@transaction.atomic
def take_back(*, paper: Paper, actor: User | None = None) -> None:
    """The expert takes back what only the team has seen; an organiser may take away anything."""
    expert = locked(paper.expert_id)
    document = Document.objects.select_for_update(of=("self",)).get(pk=paper.document_id)
    if actor is None and not paper.from_expert:
        raise DomainError(_("This document comes from the organisers: only they can remove it."))
    if actor is None and document.audience != DocumentAudience.TEAM:
        raise DomainError(_("Others read this document already: ask the organisers to remove it."))
    log("expert.paper_removed", expert, actor=actor, title=_title(document))
    storage, name = document.file.storage, str(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _title(document: Document) -> str:
    """The log is read by more people than the document."""
    return _("confidential document") if document.is_confidential else document.title


def papers_of(expert: Expert) -> list[Paper]:
    return list(Paper.objects.filter(expert=expert).select_related("document"))


def open_papers_of(expert: Expert) -> list[Paper]:
    """Without the confidential ones."""
    return [paper for paper in papers_of(expert) if not paper.document.is_confidential]
