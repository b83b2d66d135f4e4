"""An import of a pool: the file, what its columns mean, what is wrong with its rows."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from panels.enums import ImportState


def _stored_name(upload: "PoolImport", filename: str) -> str:
    return f"imports/{upload.conference.uuid}/{upload.uuid}"


class PoolImport(models.Model):
    """The file holds personal data: it is deleted as soon as the import ends, and after a day at the latest."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="imports")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=_stored_name, blank=True)
    filename = models.CharField(_("file"), max_length=160)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=20, choices=ImportState.choices, default=ImportState.UPLOADED)
    form = models.JSONField(
        default=dict
    )  # what was recognised: {"kind": "csv", "encoding": ..., "delimiter": ..., "sheet": ...}
    headers = models.JSONField(default=list)  # [str]
    sample = models.JSONField(default=list)  # the first rows, for the preview; emptied when the import ends
    mapping = models.JSONField(default=dict)  # {"column index": "first_name" | "criterion:12" | ""}
    valid_only = models.BooleanField(_("import the valid rows and leave out the others"), default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # rows worked through, for the progress bar
    valid = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.JSONField(
        default=list
    )  # [{"row": 12, "column": "Âge", "code": ..., "value": ...}], the first 500
    problem_count = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker that works on it
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.filename
