"""Documents of a conference: added after a look inside, removed with their file."""

import unicodedata
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import DocumentAudience
from conference.files import EXTENSIONS, MAX_BYTES, FileType, file_type
from conference.models import Conference, Document, User

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
    kind = file_type(file.file, file.name or "") if file.file else None
    if kind is None:
        raise DomainError(
            _("This file is not what its name says, or of a kind that is not taken. Files may be: %(kinds)s.")
            % {"kinds": ", ".join(EXTENSIONS)}
        )
    return kind


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
    return document


@transaction.atomic
def remove_document(*, document_id: int, actor: User) -> Document:
    """The file itself goes once the removal is certain."""
    document = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=document_id)
    record("document.removed", conference=document.conference, actor=actor, obj=document, title=document.title)
    storage, name = document.file.storage, str(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return document
