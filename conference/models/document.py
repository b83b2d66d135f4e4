"""Files of a conference, stored outside the web root and served only to those who may see them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.enums import DocumentAudience
from conference.models.conference import Conference


def _stored_name(document: "Document", filename: str) -> str:
    # The name given by the uploader never becomes a path.
    return f"documents/{document.conference.uuid}/{document.uuid}"


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

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
