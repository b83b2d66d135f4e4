"""What looks into uploaded files for viruses: a program of the machine, or a function. The settings name it.

A command gets the path as its last argument and answers as clamdscan does: it leaves with 0 for clean, 1 for infected, and
anything else for "could not look". A function gets the open file and returns whether it is clean; what it raises counts as
"could not look". Whatever is not certainly clean is not handed out.
"""

import logging
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.utils.module_loading import import_string

from conference.enums import ScanState

logger = logging.getLogger(__name__)
_ANSWERS = {0: ScanState.CLEAN, 1: ScanState.INFECTED}


def is_set_up() -> bool:
    return bool(settings.DOCUMENT_SCANNER)


def _is_function(named: str) -> bool:
    """ "package.module.function" has neither spaces nor slashes, and all of it could be a name in Python."""
    return "." in named and all(part.isidentifier() for part in named.split("."))


def scan(file: "File[bytes]") -> ScanState:
    """What the scanner says of this file. Never raises."""
    try:
        if _is_function(settings.DOCUMENT_SCANNER):
            file.seek(0)
            return ScanState.CLEAN if import_string(settings.DOCUMENT_SCANNER)(file) is True else ScanState.INFECTED
        with _on_disk(file) as path:
            return _by_command(path)
    except Exception:  # whatever goes wrong in a stranger's program: the file stays locked away, and is tried again
        logger.exception("The scanner of documents could not look at a file.")
        return ScanState.FAILED


def _by_command(path: Path) -> ScanState:
    command = [*shlex.split(settings.DOCUMENT_SCANNER), str(path)]
    done = subprocess.run(command, capture_output=True, timeout=settings.DOCUMENT_SCANNER_SECONDS, check=False)
    if done.returncode not in _ANSWERS:
        logger.error("The scanner of documents ended with %s.", done.returncode)
    return _ANSWERS.get(done.returncode, ScanState.FAILED)


@contextmanager
def _on_disk(file: "File[bytes]") -> Iterator[Path]:
    """A copy that any program may read, wherever the storage keeps the original: a scanner often runs as another user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "document"
        file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(_plain(file), copy)
        path.chmod(0o644)
        yield path


def _plain(file: "File[bytes]") -> IO[bytes]:
    return file.file if file.file is not None else file
