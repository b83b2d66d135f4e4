"""What kind a file really is, from its content. The name and the type that a browser sends prove nothing."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

MAX_BYTES = 20 * 1024 * 1024
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class FileType:
    content_type: str
    extensions: frozenset[str]


PDF = FileType("application/pdf", frozenset({"pdf"}))
PNG = FileType("image/png", frozenset({"png"}))
JPEG = FileType("image/jpeg", frozenset({"jpg", "jpeg"}))
OPEN_TEXT = FileType(ODT, frozenset({"odt"}))
OPEN_SLIDES = FileType(ODP, frozenset({"odp"}))
WORD = FileType(DOCX, frozenset({"docx"}))
SLIDES = FileType(PPTX, frozenset({"pptx"}))
TEXT = FileType("text/plain; charset=utf-8", frozenset({"txt"}))
MARKDOWN = FileType("text/markdown; charset=utf-8", frozenset({"md"}))

EXTENSIONS = ("pdf", "odt", "docx", "odp", "pptx", "png", "jpg", "jpeg", "txt", "md")


_OPEN_DOCUMENT = {ODT.encode(): OPEN_TEXT, ODP.encode(): OPEN_SLIDES}
_OFFICE = (("word/document.xml", WORD), ("ppt/presentation.xml", SLIDES))
# What runs, or hides what runs: macros, scripts, ActiveX, packages of another program, files with macros inside the file.
_RUNS = ("basic/", "scripts/", "activex/", "macros/")
_RUNNING = (
    ".bin",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".docm",
    ".pptm",
    ".ppsm",
    ".potm",
    ".xlsm",
    ".xlsb",
    ".xlam",
    ".doc",
    ".xls",
    ".ppt",
)
_PRINTER = "printersettings"  # Office keeps these in .bin; they are settings, not programs


def _may_run(name: str) -> bool:
    low = name.lower()
    if any(low.startswith(part) or f"/{part}" in low for part in _RUNS):
        return True
    return low.endswith(_RUNNING) and _PRINTER not in low


def _inside_zip(file: IO[bytes]) -> FileType | None:
    """ODT, ODP, DOCX or PPTX. What can run is refused: a document of a conference has no business running anything.

    Spreadsheets are not taken at all: a formula can fetch from elsewhere or start a program without any macro.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(_may_run(name) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in _OFFICE if part in names), None)
            # A zip bomb hides in what is unpacked: this entry is read only if it is as short as it must be.
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= max(map(len, _OPEN_DOCUMENT)):
                return _OPEN_DOCUMENT.get(archive.read("mimetype"))
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
