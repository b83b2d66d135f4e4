"""Documents between one expert and the organisers: slides, a sheet, a contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Document
from experts.models.expert import Expert


class Paper(models.Model):
    """Whose a document is. The file, its checks and who else may read it are the document's own business."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="papers")
    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="paper")
    from_expert = models.BooleanField(_("handed in by the expert"), default=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document of an expert")
        verbose_name_plural = _("documents of experts")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.document_id}"
