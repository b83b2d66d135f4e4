"""What kind a file really is, from its content. The name and the type that a browser sends prove nothing."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

MAX_BYTES = 20 * 1024 * 1024
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class FileType:
    content_type: str
    extensions: frozenset[str]


PDF = FileType("application/pdf", frozenset({"pdf"}))
PNG = FileType("image/png", frozenset({"png"}))
JPEG = FileType("image/jpeg", frozenset({"jpg", "jpeg"}))
OPEN_TEXT = FileType(ODT, frozenset({"odt"}))
WORD = FileType(DOCX, frozenset({"docx"}))
TEXT = FileType("text/plain; charset=utf-8", frozenset({"txt"}))
MARKDOWN = FileType("text/markdown; charset=utf-8", frozenset({"md"}))

EXTENSIONS = ("pdf", "odt", "docx", "png", "jpg", "jpeg", "txt", "md")


def _inside_zip(file: IO[bytes]) -> FileType | None:
    """ODT or DOCX. Macros are refused: a document of a conference has no business running anything."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(PurePosixPath(name).name.lower() == "vbaproject.bin" or name.startswith("Basic/") for name in names):
                return None
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return WORD
            # A zip bomb hides in what is unpacked: this entry is read only if it is as short as it must be.
            if "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODT):
                return OPEN_TEXT if archive.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    return None


def _as_text(file: IO[bytes], extension: str) -> FileType | None:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
        return None
    return MARKDOWN if extension == "md" else TEXT


def _kind_of(file: IO[bytes], extension: str) -> FileType | None:
    head = file.read(8)
    file.seek(0)
    for signature, kind in ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG)):
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(file)
    return _as_text(file, extension)


def file_type(file: IO[bytes], name: str) -> FileType | None:
    """The type of a file whose content and extension agree; None for every other file."""
    extension = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if extension not in EXTENSIONS:
        return None
    file.seek(0)
    kind = _kind_of(file, extension)
    file.seek(0)
    return kind if kind and extension in kind.extensions else None
