"""From the bytes of a file to a table of text. ``normalise`` leaves one form only: UTF-8, comma, no empty rows."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from panels.files.problem import UnreadableFile
from panels.files.spreadsheet import spreadsheet_to_csv
from panels.rules import FILE_BYTES_MAX, FILE_COLUMNS_MAX, FILE_ROWS_MAX

csv.field_size_limit(1_000_000)

_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FOREIGN_MARKS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"{\\rtf": "RTF",
}
_DELIMITERS = (";", ",", "\t", "|")
# UTF-8 that was read as Windows-1252 and saved so: « Ã© » for « é ». The accents cannot be trusted any more.
_DAMAGED = re.compile("Ã[\u00a0-\u00bf©¨ª§´®¹»¢¤¯±¶¼€\u0152\u2030\u2021]|\ufffd")


@dataclass(frozen=True)
class Table:
    """Rows of text, and the number that the person sees beside each row in their own program."""

    headers: list[str]
    rows: list[list[str]]
    row_numbers: list[int]
    form: dict[str, str]  # what was recognised, in the words of ``PoolImport.form``


def _is_foreign(content: bytes) -> str:
    return next((name for mark, name in _FOREIGN_MARKS.items() if content.startswith(mark)), "")


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding), encoding
    if b"\0" in content[:4000]:  # UTF-16 without its mark shows as a zero in every other byte; anything else is no text
        for encoding, zeros in (("utf-16-le", content[1:4000:2]), ("utf-16-be", content[0:4000:2])):
            if zeros and zeros.count(0) > 0.7 * len(zeros):
                return _strict(content, encoding), encoding
        raise _not_text()
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strict(content, "cp1252"), "cp1252"


def _not_text() -> UnreadableFile:
    return UnreadableFile(_("This file is not a table that can be read here. Send a .csv, .xlsx, .xls or .ods file."))


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(
            _(
                "The characters of this file could not be recognised. "
                "Save it again as “CSV UTF-8” or as .xlsx, and send that file."
            )
        ) from None
    return text


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most, and the most equal, columns."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)] or [1]
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    return max(_DELIMITERS, key=score)


def _cells(row: Sequence[str]) -> list[str]:
    # An apostrophe in front of a sign is how programs (ours too) keep a text from becoming a formula: not part of it.
    return [
        cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell for cell in (c.strip() for c in row)
    ]


def _parse(text: str, delimiter: str, first: int = 1) -> tuple[list[list[str]], list[int]]:
    rows, numbers = [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, first):
            cells = _cells(row)
            if any(cells):
                rows.append(cells)
                numbers.append(number)
    except csv.Error:
        raise UnreadableFile(
            _(
                "The rows of this file could not be told apart near line %(line)s: "
                "a quotation mark may be missing there."
            )
            % {"line": reader.line_num}
        ) from None
    return rows, numbers


def read_table(content: bytes, filename: str = "", *, is_header: Callable[[list[str]], int] = len) -> Table:
    """The table in a file. ``is_header`` says how many cells of a row look like column names."""
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile(
            _("This file is empty. Send the file that holds the people, with a first row of column names.")
        )
    if len(content) > FILE_BYTES_MAX:
        raise UnreadableFile(
            _("This file is larger than %(size)s MB. Split it and send the parts.") % {"size": FILE_BYTES_MAX >> 20}
        )
    foreign = _is_foreign(content)
    if foreign:
        raise UnreadableFile(
            _("This is a %(kind)s file, whatever its name says. Export the table as .csv or .xlsx and send that file.")
            % {"kind": foreign}
        )
    kind, encoding, skipped = "csv", "", 0
    if content.startswith(_SPREADSHEET_MARKS):
        kind = PurePath(filename).suffix.lower().lstrip(".") or "xlsx"
        text, delimiter = spreadsheet_to_csv(content).decode("utf-8"), ","
    else:
        text, encoding = decode(content)
        if any(ord(char) < 9 for char in text[:20_000]):
            raise _not_text()
        text, delimiter, skipped = _after_separator_line(text)
    damaged = _DAMAGED.search(text)
    if damaged:
        start = max(0, damaged.start() - 12)
        sample = " ".join(text[start : damaged.end() + 8].split())
        raise UnreadableFile(
            _(
                "The accents in this file are damaged (“%(sample)s”). "
                "Export it again from where it comes, as “CSV UTF-8” or .xlsx."
            )
            % {"sample": sample}
        )
    rows, numbers = _parse(text, delimiter, 1 + skipped)
    return _shape(rows, numbers, {"kind": kind, "encoding": encoding, "delimiter": delimiter}, is_header)


def _after_separator_line(text: str) -> tuple[str, str, int]:
    """The text without Excel's own first line ``sep=;``, the delimiter, and how many lines were left out."""
    first, _newline, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\s*', first)
    return (rest, said[1], 1) if said else (text, _delimiter(text), 0)


def _shape(
    rows: list[list[str]], numbers: list[int], form: dict[str, str], is_header: Callable[[list[str]], int]
) -> Table:
    if not rows:
        raise UnreadableFile(
            _("This file is empty. Send the file that holds the people, with a first row of column names.")
        )
    at = max(range(min(10, len(rows))), key=lambda index: (is_header(rows[index]), -index))
    headers, body, lines = rows[at], rows[at + 1 :], numbers[at + 1 :]
    while headers and not headers[-1] and not any(len(row) >= len(headers) and row[len(headers) - 1] for row in body):
        headers = headers[:-1]
    width = len(headers)
    if width > FILE_COLUMNS_MAX:
        raise UnreadableFile(
            _("This file has more than %(count)s columns. Keep those that are needed.") % {"count": FILE_COLUMNS_MAX}
        )
    if len(body) > FILE_ROWS_MAX:
        raise UnreadableFile(
            _("This file has more than %(count)s rows. Split it and send the parts.")
            % {"count": f"{FILE_ROWS_MAX:,}".replace(",", " ")}
        )
    if not body:
        raise UnreadableFile(_("This file has column names and no rows below them."))
    return Table(headers, [(row + [""] * width)[:width] for row in body], lines, form)


def normalise(table: Table) -> bytes:
    """The table as UTF-8 CSV, each row led by its number in the person's file: what an import keeps until it ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["", *table.headers])
    writer.writerows([number, *row] for number, row in zip(table.row_numbers, table.rows, strict=True))
    return out.getvalue().encode()
