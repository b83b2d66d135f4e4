"""What a file is, by its content; and a document's life."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conference.domain import documents
from conference.domain.errors import DomainError
from conference.enums import DocumentAudience
from conference.file_kinds import DOCX, MAX_BYTES, ODT, FileType
from conference.files import examine
from conference.models import Conference, Document, Event, User

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG_BYTES = b"\xff\xd8\xff\xe0\0\x10JFIF"


def zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


WORD_TYPES = f"<x>{DOCX}.main+xml</x>".encode()
ODT_BYTES = zipped(("mimetype", ODT.encode()), ("content.xml", b"<x/>"))
DOCX_BYTES = zipped(("[Content_Types].xml", WORD_TYPES), ("word/document.xml", b"<x/>"))
DOCM_BYTES = zipped(("[Content_Types].xml", WORD_TYPES), ("word/document.xml", b"<x/>"), ("word/vbaProject.bin", b"\0"))
ODS_BYTES = zipped(("mimetype", b"application/vnd.oasis.opendocument.sheet"[: len(ODT)].ljust(len(ODT), b"x")))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("lettre.pdf", PDF_BYTES, "application/pdf"),
        ("LETTRE.PDF", PDF_BYTES, "application/pdf"),
        ("photo.png", PNG_BYTES, "image/png"),
        ("photo.jpeg", JPEG_BYTES, "image/jpeg"),
        ("photo.jpg", JPEG_BYTES, "image/jpeg"),
        ("note.odt", ODT_BYTES, ODT),
        ("note.docx", DOCX_BYTES, DOCX),
        ("note.txt", "Été\n".encode(), "text/plain; charset=utf-8"),
        ("note.md", b"# Titre", "text/markdown; charset=utf-8"),
        ("photo.pdf", PNG_BYTES, None),
        ("lettre.png", PDF_BYTES, None),
        ("note.odt", DOCX_BYTES, None),
        ("note.docx", DOCM_BYTES, None),
        ("tableau.odt", ODS_BYTES, None),
        ("note.docx", b"PK\x03\x04 broken", None),
        ("page.html", b"<script>alert(1)</script>", None),
        ("page.svg", b"<svg onload='alert(1)'/>", None),
        ("programme.exe", b"MZ\x90", None),
        ("note.txt", b"\x7fELF\x02\x01", None),
        ("note.txt", "Été".encode("cp1252"), None),
        ("note.txt", b"   \n", None),
        ("sans-extension", PDF_BYTES, None),
        ("lettre.pdf.exe", PDF_BYTES, None),
    ],
)
def test_content_and_name_must_agree(name: str, content: bytes, found: str | None) -> None:
    kind = examine(io.BytesIO(content), name)

    assert (kind.content_type if isinstance(kind, FileType) else None) == found


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_document_is_kept_under_a_name_of_ours(conference: Conference, olive: User, tmp_path: Path) -> None:
    added = documents.add_document(
        conference=conference, actor=olive, title="Saisine", audience=DocumentAudience.PUBLIC,
        file=upload("..\\..\\etc\\lettre\n de saisine.pdf", PDF_BYTES),
    )  # fmt: skip

    assert added.filename == "lettre de saisine.pdf"
    assert (added.content_type, added.size, added.uploaded_by) == ("application/pdf", len(PDF_BYTES), olive)
    stored = list((tmp_path / "media").rglob("*.*")) + [p for p in (tmp_path / "media").rglob("*") if p.is_file()]
    assert stored == [tmp_path / "media" / "documents" / str(conference.uuid) / str(added.uuid)]
    assert stored[0].read_bytes() == PDF_BYTES


@pytest.mark.parametrize(
    ("name", "content"),
    [("faux.pdf", b"MZ"), ("vide.pdf", b""), ("grand.txt", b"a" * (MAX_BYTES + 1))],
    ids=["another kind", "empty", "too large"],
)
def test_what_is_refused_leaves_nothing(
    conference: Conference, olive: User, tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(DomainError):
        documents.add_document(
            conference=conference, actor=olive, title="Faux", audience="public", file=upload(name, content)
        )

    assert Document.objects.count() == Event.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_removing_removes_the_file_once_it_is_certain(conference: Conference, olive: User, tmp_path: Path) -> None:
    added = documents.add_document(
        conference=conference, actor=olive, title="Saisine", audience="public", file=upload("a.pdf", PDF_BYTES)
    )

    documents.remove_document(document_id=added.pk, actor=olive)

    assert Document.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert list(Event.objects.order_by("pk").values_list("verb", "data__title")) == [
        ("document.added", "Saisine"),
        ("document.removed", "Saisine"),
    ]
