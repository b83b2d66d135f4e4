"""Documents of a conference: added after a look inside, removed with their file."""

import unicodedata
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import scanning
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import DocumentAudience, ScanState
from conference.file_kinds import EXTENSIONS, MAX_BYTES, FileType, Problem
from conference.files import examine
from conference.models import Conference, Document, User
from conference.nudge import nudge

SCAN = "conference.tasks.scan_document"
TRY_AGAIN_AFTER = timedelta(minutes=10)  # where the scanner could not look
NAME_LENGTH = 160


def clean_name(name: str) -> str:
    """The name that a download will bear: one line, no path, its ending kept."""
    plain = "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if unicodedata.category(sign)[0] != "C")
    path = PurePosixPath(plain)
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix


def check_file(file: "UploadedFile[Any]") -> FileType:
    """The file's real type, or a sentence that says what is wrong."""
    if not file.size:
        raise DomainError(_("This file is empty. Choose another."))
    if file.size > MAX_BYTES:
        raise DomainError(_("This file is larger than 20 MB. Make it smaller, or split it."))
    found = examine(file.file, file.name or "") if file.file else Problem.OTHER
    if isinstance(found, Problem):
        raise DomainError(_words_of(found))
    return found


def _words_of(problem: Problem) -> str:
    words = {
        Problem.OTHER: _(
            "This file is not what its name says, or of a kind that is not taken. Files may be: %(kinds)s."
        )
        % {"kinds": ", ".join(EXTENSIONS)},
        Problem.RUNS: _(
            "This file has a macro or a program inside. Save it without macros (as .docx, .pptx, .odt or .odp), or as a PDF."
        ),
        Problem.TOO_LARGE_INSIDE: _("Unpacked, this file would be far too large. Save it anew, or as a PDF."),
        Problem.LOCKED: _("This file is protected by a password, so nobody can look inside. Save it without one."),
        Problem.OLD_OFFICE: _(
            "This file is of an old kind of Office (.doc, .ppt), or protected by a password. Save it as .docx or .pptx without a password, or as a PDF."
        ),
        Problem.DAMAGED: _("This file is damaged: it cannot be opened. Save it anew, or as a PDF."),
    }
    return words[problem]


@transaction.atomic
def add_document(
    *, conference: Conference, actor: User, title: str, audience: DocumentAudience | str, file: "UploadedFile[Any]"
) -> Document:
    kind = check_file(file)
    document = Document(
        conference=conference,
        title=title,
        audience=audience,
        filename=clean_name(file.name or ""),
        content_type=kind.content_type,
        size=file.size or 0,
        uploaded_by=actor,
    )
    document.file.save(document.filename, file, save=False)
    document.save()
    record("document.added", conference=conference, actor=actor, obj=document, title=title)
    ask_for_scan(document)
    return document


def ask_for_scan(document: Document) -> None:
    """Where a scanner is set up, look at once. Nobody gets the file before; a lost nudge costs a minute."""
    if scanning.is_set_up():
        nudge(SCAN, document.pk)


def scan_document(*, document_id: int) -> Document | None:
    """Have the scanner look, and write down what it said. The row is not held meanwhile: a scanner may take minutes."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None or not scanning.is_set_up():
        return document
    try:
        with document.file.open("rb") as file:
            found = scanning.scan(file)
    except OSError:
        found = ScanState.FAILED
    return _note_scan(document_id, found)


@transaction.atomic
def _note_scan(document_id: int, found: ScanState) -> Document | None:
    locked = Document.objects.select_for_update(of=("self",), no_key=True).select_related("conference")
    document = locked.filter(pk=document_id).first()
    if document is None:
        return None
    if found == ScanState.INFECTED != document.scan:
        record(
            "document.infected",
            conference=document.conference,
            actor_label=_("the program"),
            obj=document,
            title=document.title,
        )
    document.scan, document.scanned_at = found, timezone.now()
    document.save(update_fields=["scan", "scanned_at"])
    return document


def waiting_for_scan() -> list[int]:
    """Documents that nobody has looked at, and those that the scanner could not read a while ago."""
    long_ago = timezone.now() - TRY_AGAIN_AFTER
    waiting = Document.objects.to_scan().filter(Q(scanned_at=None) | Q(scanned_at__lt=long_ago))
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:100])


@transaction.atomic
def remove_document(*, document_id: int, actor: User) -> Document:
    """The file itself goes once the removal is certain."""
    document = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=document_id)
    record("document.removed", conference=document.conference, actor=actor, obj=document, title=document.title)
    storage, name = document.file.storage, str(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return document
