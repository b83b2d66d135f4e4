"""Files of a conference, stored outside the web root and served only to those who may see them."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.enums import DocumentAudience, ScanState
from conference.models.conference import Conference


def _stored_name(document: "Document", filename: str) -> str:
    # The name given by the uploader never becomes a path.
    return f"documents/{document.conference.uuid}/{document.uuid}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def served(self) -> Self:
        """What may be handed out: everything where no scanner is set up, else what the scanner found clean."""
        return self.filter(scan=ScanState.CLEAN) if settings.DOCUMENT_SCANNER else self.exclude(scan=ScanState.INFECTED)

    def to_scan(self) -> Self:
        return self.filter(scan__in=[ScanState.WAITING, ScanState.FAILED])


class Document(models.Model):
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="documents")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(_("file"), upload_to=_stored_name)
    filename = models.CharField(max_length=160, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)  # bytes
    audience = models.CharField(
        _("who may read it"), max_length=20, choices=DocumentAudience.choices, default=DocumentAudience.PUBLIC
    )
    # Between the organisers and one person: only who runs the conference sees it, whatever the audience says.
    is_confidential = models.BooleanField(_("confidential"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    scan = models.CharField(
        _("check for viruses"), max_length=10, choices=ScanState.choices, default=ScanState.WAITING, editable=False
    )
    scanned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                name="confidential_is_for_nobody_else",
                condition=models.Q(is_confidential=False) | models.Q(audience=DocumentAudience.TEAM),
                violation_error_message=_("What is confidential is not opened to others."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_served(self) -> bool:
        """The same as ``served``, of one row."""
        return self.scan == ScanState.CLEAN if settings.DOCUMENT_SCANNER else self.scan != ScanState.INFECTED
