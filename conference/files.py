"""What kind a file really is, from its content. The name and the type that a browser sends prove nothing."""

from pathlib import PurePosixPath
from typing import IO

from conference.archives import inside_zip
from conference.file_kinds import (
    EXTENSIONS,
    JPEG,
    MACRO_EXTENSIONS,
    MARKDOWN,
    OLD_EXTENSIONS,
    PDF,
    PNG,
    TEXT,
    FileType,
    Problem,
)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also the shell of a new document under a password
_SIGNATURES = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))


def examine(file: IO[bytes], name: str) -> FileType | Problem:
    """The type of a file whose content and extension agree, or why it is not taken."""
    extension = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if extension in MACRO_EXTENSIONS:
        return Problem.RUNS
    if extension in OLD_EXTENSIONS:
        return Problem.OLD_OFFICE
    if extension not in EXTENSIONS:
        return Problem.OTHER
    file.seek(0)
    found = _look(file, extension)
    file.seek(0)
    agrees = isinstance(found, Problem) or extension in found.extensions
    return found if agrees else Problem.OTHER


def _look(file: IO[bytes], extension: str) -> FileType | Problem:
    head = file.read(8)
    file.seek(0)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return inside_zip(file)
    if head == _OLD_OFFICE:
        return Problem.OLD_OFFICE
    return _as_text(file, extension)


def _as_text(file: IO[bytes], extension: str) -> FileType | Problem:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return Problem.OTHER
    if not text.strip() or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
        return Problem.OTHER
    return MARKDOWN if extension == "md" else TEXT
