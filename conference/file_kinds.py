"""The kinds of file that are taken, and the reasons for which a file is not."""

from dataclasses import dataclass
from enum import Enum

MAX_BYTES = 20 * 1024 * 1024
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class FileType:
    content_type: str
    extensions: frozenset[str]


class Problem(Enum):
    """Why a file is not taken; ``conference.domain.documents`` says it in words."""

    OTHER = "of another kind, or not what its name says"
    RUNS = "a macro or a program inside"
    TOO_LARGE_INSIDE = "far too large once it is unpacked"
    LOCKED = "nobody can look inside without its password"
    OLD_OFFICE = "of an old kind of Office, or protected by a password"
    DAMAGED = "cannot be opened"


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
OLD_EXTENSIONS = frozenset({"doc", "dot", "ppt", "pps"})
MACRO_EXTENSIONS = frozenset({"docm", "dotm", "pptm", "ppsm", "potm"})
