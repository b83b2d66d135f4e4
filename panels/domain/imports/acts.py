"""What an organiser does with an import: send, say what the columns mean, choose, give up. The rest is ``work``."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.models import Conference, User
from conference.nudge import nudge
from panels.domain.imports.columns import criteria_of, guess_mapping, known_headers, mapping_problems
from panels.domain.imports.ending import ENDED, finish
from panels.enums import ImportState
from panels.files import normalise, read_table
from panels.models import PoolImport
from panels.rules import IMPORT_FILE_KEPT

SAMPLE_ROWS = 5


@transaction.atomic
def start_import(*, conference: Conference, actor: User, content: bytes, filename: str) -> PoolImport:
    """Recognise a file and keep its table until the import ends. Raises ``UnreadableFile`` with the reason in words."""
    criteria = criteria_of(conference)
    if not criteria:
        raise DomainError(_("Define the criteria first: the columns of the file are read by them."))
    table = read_table(content, filename, is_header=lambda row: known_headers(row, criteria))
    upload = PoolImport(
        conference=conference,
        uploaded_by=actor,
        filename=PurePath(filename.replace("\\", "/")).name[:160],
        form=table.form,
        headers=[header[:80] for header in table.headers],
        sample=[[cell[:80] for cell in row] for row in table.rows[:SAMPLE_ROWS]],
        mapping=guess_mapping(table.headers, criteria),
        total=len(table.rows),
    )
    upload.file.save("table.csv", ContentFile(normalise(table)), save=False)
    upload.save()
    return upload


@transaction.atomic
def map_columns(*, upload: PoolImport, mapping: Mapping[str, str]) -> PoolImport:
    """Take the organiser's word on the columns; the worker then checks every row."""
    upload = PoolImport.objects.select_for_update(of=("self",)).select_related("conference").get(pk=upload.pk)
    if upload.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
        raise DomainError(_("This import has moved on. Look at where it is now."))
    upload.mapping = dict(mapping)
    problems = mapping_problems(mapping, criteria_of(upload.conference))
    if problems:
        raise DomainError(" ".join(problems))
    upload.state, upload.done, upload.touched_at = ImportState.CHECKING, 0, timezone.now()
    upload.save(update_fields=["mapping", "state", "done", "touched_at"])
    nudge("panels.tasks.check_import", upload.pk)
    return upload


@transaction.atomic
def confirm_import(*, upload: PoolImport, valid_only: bool) -> PoolImport:
    """The explicit choice: import what is valid. Leaving rows out must be said (``valid_only``)."""
    upload = PoolImport.objects.select_for_update().get(pk=upload.pk)
    if upload.state != ImportState.CHECKED:
        raise DomainError(_("This import has moved on. Look at where it is now."))
    if upload.problem_count and not valid_only:
        raise DomainError(
            _("Some rows have errors. Choose to leave them out, or abandon this import and mend the file.")
        )
    if not upload.valid:
        raise DomainError(_("No row of this file can be imported. Mend the file and send it again."))
    upload.state, upload.done, upload.touched_at = ImportState.IMPORTING, 0, timezone.now()
    upload.valid_only = valid_only
    upload.save(update_fields=["state", "done", "valid_only", "touched_at"])
    nudge("panels.tasks.run_import", upload.pk)
    return upload


@transaction.atomic
def abandon_import(*, upload: PoolImport) -> PoolImport:
    """Give up an import that has not been written; its file and what was read of it go."""
    upload = PoolImport.objects.select_for_update().get(pk=upload.pk)
    if upload.state in {ImportState.IMPORTING, ImportState.DONE}:
        raise DomainError(_("This file is being imported or has been: it cannot be given up any more."))
    if upload.state in ENDED:
        return upload
    upload.state = ImportState.ABANDONED
    finish(upload)
    return upload


def waiting_imports(now: datetime) -> list[tuple[int, str]]:
    """Imports that a worker should take up again: nobody has touched them for a minute."""
    silent = PoolImport.objects.filter(
        state__in=[ImportState.CHECKING, ImportState.IMPORTING], touched_at__lt=now - timedelta(minutes=1)
    )
    return list(silent.values_list("pk", "state"))


def discard_old_files(now: datetime) -> int:
    """Abandon imports that nobody finished within a day, so that their files do not stay."""
    old = PoolImport.objects.exclude(state__in=[*ENDED, ImportState.IMPORTING]).filter(
        uploaded_at__lt=now - IMPORT_FILE_KEPT
    )
    for upload in old:
        abandon_import(upload=upload)
    return len(old)
