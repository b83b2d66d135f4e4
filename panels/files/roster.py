"""The panel as a file for a spreadsheet program."""

import csv
import io
from collections.abc import Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: what starts like one is marked as text."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell


def roster(header: Sequence[str], rows: Sequence[Sequence[str]], *, language: str) -> bytes:
    """CSV as spreadsheet programs of the language expect it: semicolons in French, and a mark for UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
    writer.writerows([[guarded(cell) for cell in row] for row in (header, *rows)])
    return out.getvalue().encode("utf-8-sig")
