"""Documents that are zip files inside: which of them they are, and why one is not taken.

Spreadsheets are not taken at all: a formula can fetch from elsewhere or start a program without any macro.
"""

import lzma
import zipfile
import zlib
from typing import IO

from conference.file_kinds import OPEN_SLIDES, OPEN_TEXT, SLIDES, WORD, FileType, Problem

MOST_PARTS, MOST_UNPACKED = 5000, 200 * 1024 * 1024
MOST_MANIFEST = 1024 * 1024
CHUNK = 1024 * 1024

_OPEN_DOCUMENT = {kind.content_type.encode(): kind for kind in (OPEN_TEXT, OPEN_SLIDES)}
_CONTENTS, _MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
# The main part, and what the list of contents must call it: a name alone proves nothing.
_OFFICE = (
    ("word/document.xml", b"wordprocessingml.document.main+xml", WORD),
    ("ppt/presentation.xml", b"presentationml.presentation.main+xml", SLIDES),
)
# What runs, or hides what runs: macros, scripts, ActiveX, packages of another program, files with macros inside the file.
_RUNS = ("basic/", "scripts/", "activex/", "macros/")
_RUNNING = (
    ".bin",
    ".exe",
    ".dll",
    ".com",
    ".scr",
    ".msi",
    ".jar",
    ".js",
    ".vbs",
    ".hta",
    ".bat",
    ".cmd",
    ".ps1",
    ".lnk",
    ".swf",
    ".zip",
    ".rar",
    ".7z",
    ".docm",
    ".dotm",
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
_RUNNING_CONTENT = (b"macroenabled", b"vbaproject")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
_PRINTER = "printersettings"  # Office keeps these in .bin; they are settings, not programs


def inside_zip(file: IO[bytes]) -> FileType | Problem:
    """ODT, ODP, DOCX or PPTX. What can run is refused: a document of a conference has no business running anything."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _problem_of(archive) or _kind_of(archive)
    except _BROKEN:
        return Problem.DAMAGED


def _problem_of(archive: zipfile.ZipFile) -> Problem | None:
    parts = archive.infolist()
    if any(_may_run(part.filename) for part in parts):
        return Problem.RUNS
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return Problem.TOO_LARGE_INSIDE
    if any(part.flag_bits & 1 for part in parts) or b"encryption-data" in _read(archive, _MANIFEST):
        return Problem.LOCKED
    for part in parts:  # the sizes are only what the file says of itself: reading all of it proves them
        with archive.open(part) as content:
            while content.read(CHUNK):
                pass
    return None


def _kind_of(archive: zipfile.ZipFile) -> FileType | Problem:
    contents = _read(archive, _CONTENTS)
    if contents:
        low = contents.lower()
        if any(word in low for word in _RUNNING_CONTENT):
            return Problem.RUNS
        names = set(archive.namelist())
        return next((kind for part, called, kind in _OFFICE if part in names and called in low), Problem.OTHER)
    return _OPEN_DOCUMENT.get(_read(archive, "mimetype"), Problem.OTHER)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A short part; nothing where it is absent, or longer than it has any reason to be."""
    part = archive.NameToInfo.get(name)
    return archive.read(part) if part and part.file_size <= MOST_MANIFEST else b""


def _may_run(name: str) -> bool:
    low = name.lower()
    if any(low.startswith(part) or f"/{part}" in low for part in _RUNS):
        return True
    return low.endswith(_RUNNING) and _PRINTER not in low
