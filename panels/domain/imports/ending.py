"""How an import ends, whoever ends it: nothing personal stays behind."""

from django.db import transaction
from django.utils import timezone

from panels.enums import ImportState
from panels.models import PoolImport

ENDED = (ImportState.DONE, ImportState.ABANDONED, ImportState.FAILED)


def finish(upload: PoolImport) -> None:
    """Leave no personal data behind: the file goes once the transaction holds, the rest with this save."""
    stored = upload.file.name
    upload.file.name = ""
    upload.sample, upload.problems = [], []
    upload.finished_at = timezone.now()
    upload.save()
    if stored:
        transaction.on_commit(lambda: upload.file.storage.delete(stored))
