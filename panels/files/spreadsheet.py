"""Spreadsheets, read by a process of their own that may fail without harm."""

import subprocess
import sys
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from panels.files import convert
from panels.files.problem import UnreadableFile
from panels.rules import FILE_COLUMNS_MAX, FILE_ROWS_MAX

_HEADER_ROWS = 10  # room for title lines above the table


def spreadsheet_to_csv(content: bytes) -> bytes:
    """The first sheet with content as UTF-8 CSV; raises ``UnreadableFile`` with the reason in words."""
    with tempfile.TemporaryDirectory(prefix="concitoyen-sheet-") as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(content)
        limits = [str(FILE_ROWS_MAX + _HEADER_ROWS), str(FILE_COLUMNS_MAX)]
        try:
            done = subprocess.run(
                [sys.executable, "-I", convert.__file__, str(path), *limits],
                capture_output=True,
                timeout=convert.SECONDS + 30,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnreadableFile(_too_large()) from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == convert.PROTECTED:
        raise UnreadableFile(_("This spreadsheet is protected by a password. Save it without one and send it again."))
    if done.returncode == convert.NOT_READABLE:
        raise UnreadableFile(
            _("This spreadsheet cannot be read. Open it, save it again as .xlsx or .csv, and send that file.")
        )
    raise UnreadableFile(_too_large())  # said so, or ended by the bounds of memory and time


def _too_large() -> str:
    return _(
        "This spreadsheet is too large once unfolded. Keep one sheet with at most %(rows)s rows and send it again."
    ) % {"rows": f"{FILE_ROWS_MAX:,}".replace(",", " ")}
