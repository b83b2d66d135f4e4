"""A program of its own: turns the first sheet of a spreadsheet into CSV, within bounds of memory and time.

A spreadsheet is a zip of XML: a few kilobytes can unfold to gigabytes, and two cells at opposite corners can ask for a
table of billions. Read here, the worst that such a file can do is to end this process. Formulas are never computed: the
value that the sheet keeps is what is read. Exit codes: 0 done, 3 not readable, 4 too large, 5 protected by a password.
"""

import contextlib
import csv
import datetime as dt
import sys
import zipfile

import python_calamine

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 60
UNFOLDED_MAX = 400_000_000  # bytes
NOT_READABLE, TOO_LARGE, PROTECTED = 3, 4, 5


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # macOS refuses some of them
        import resource  # noqa: PLC0415 - absent on some systems

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _check_size(path: str) -> None:
    """Unfold a zip to nowhere and count: what the archive says of its own size may be a lie."""
    if not zipfile.is_zipfile(path):
        return
    total = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                while chunk := stream.read(1 << 20):
                    total += len(chunk)
                    if total > UNFOLDED_MAX:
                        sys.exit(TOO_LARGE)


def cell_text(cell: object) -> str:
    """A cell as a person would read it: 75011.0 is 75011, a date is ISO."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def convert(path: str, rows_max: int, columns_max: int) -> None:
    workbook = python_calamine.CalamineWorkbook.from_path(path)
    wanted = (python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum.Visible)
    visible = [sheet.name for sheet in workbook.sheets_metadata if (sheet.typ, sheet.visible) == wanted]
    if not visible:
        sys.exit(NOT_READABLE)
    # The first sheet that holds anything: people often leave an empty one, or a cover, in front.
    sheet = next((found for name in visible if (found := workbook.get_sheet_by_name(name)).height > 0), None)
    writer = csv.writer(sys.stdout)
    if sheet is None:
        return
    if sheet.height > rows_max or sheet.width > columns_max:
        sys.exit(TOO_LARGE)
    for _skipped in range(sheet.start[0] if sheet.start else 0):
        writer.writerow([])  # so that rows keep the numbers that the person sees
    for row in sheet.iter_rows():
        writer.writerow([cell_text(cell) for cell in row])


def main() -> None:
    _bound()
    path, rows_max, columns_max = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    try:
        _check_size(path)
        convert(path, rows_max, columns_max)
    except python_calamine.PasswordError:
        sys.exit(PROTECTED)
    except MemoryError:
        sys.exit(TOO_LARGE)
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        sys.exit(NOT_READABLE)


if __name__ == "__main__":
    main()
