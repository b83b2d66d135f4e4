"""The two files of a draw: criteria and pool, as CSV from any spreadsheet, with every fault told by file, row and
column.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panels.lottery.problem import Person, Problem, Quota, UnusableInput, fold

_NAMES = {
    "feature": ("feature", "category", "criterion", "critere", "categorie", "caracteristique", "variable"),
    "value": ("value", "name", "valeur", "modalite", "nom"),
    "minimum": ("min", "minimum", "mini", "au moins"),
    "maximum": ("max", "maximum", "maxi", "au plus"),
}
_SEPARATOR_LINE = re.compile(r"\A[\r\n]*sep=[;,\t](\r\n|\r|\n)", re.IGNORECASE)  # Excel's; its line stays, empty
_TOLD = 30  # faults beyond these are counted, not listed


@dataclass(frozen=True)
class _Sheet:
    path: Path
    headers: list[str]
    rows: list[tuple[int, list[str]]]  # with the number of the row in the file, the header being row 1

    def fault(self, row: int, column: str, why: str) -> str:
        return f"{self.path.name}, row {row}, column “{column}”: {why}"

    def refuse_doubled(self, wanted: list[str]) -> None:
        folded = [fold(header) for header in self.headers]
        for name in wanted:
            if folded.count(fold(name)) > 1:
                raise UnusableInput(f"{self.path.name}, row 1: the column “{name}” is there twice.")


def read_problem(
    criteria: Path, pool: Path, *, size: int, id_column: str = "id", household_column: str | None = None
) -> Problem:
    """The problem of the two files; raises ``UnusableInput`` with all faults found."""
    quotas = read_quotas(criteria)
    people = read_people(pool, quotas, id_column=id_column, household_column=household_column)
    return Problem(size, quotas, people)


def read_quotas(path: Path) -> tuple[Quota, ...]:
    sheet = _read(path)
    plain = [_unaccented(header) for header in sheet.headers]
    column = {key: next((i for i, name in enumerate(plain) if name in names), -1) for key, names in _NAMES.items()}
    missing = [names[0] for key, names in _NAMES.items() if column[key] < 0]
    if missing:
        raise UnusableInput(
            f"{path.name}, row 1: no column {', '.join(missing)}. The columns are feature, value, min, max;"
            f" found: {', '.join(sheet.headers)}."
        )
    sheet.refuse_doubled([sheet.headers[at] for at in column.values()])
    faults: list[str] = []
    quotas: list[Quota] = []
    first: dict[tuple[str, str], int] = {}
    for number, row in sheet.rows:
        cells = {key: row[at].strip() for key, at in column.items()}
        bad = [sheet.fault(number, sheet.headers[column[key]], "it is empty.") for key in _NAMES if not cells[key]]
        bad += [
            sheet.fault(number, sheet.headers[column[key]], f"“{cells[key][:40]}” is not a number of seats.")
            for key in ("minimum", "maximum")
            if cells[key] and not (cells[key].isascii() and cells[key].isdigit() and len(cells[key]) < 10)
        ]
        if not bad and int(cells["minimum"]) > int(cells["maximum"]):
            bad.append(sheet.fault(number, sheet.headers[column["minimum"]], "the minimum is above the maximum."))
        if bad:
            faults += bad
            continue
        quota = Quota(cells["feature"], cells["value"], int(cells["minimum"]), int(cells["maximum"]))
        if quota.key in first:
            why = f"{quota.feature} / {quota.value} stands in row {first[quota.key]} already."
            faults.append(sheet.fault(number, sheet.headers[column["value"]], why))
        first.setdefault(quota.key, number)
        quotas.append(quota)
    if not quotas and not faults:
        faults.append(f"{path.name}: there is no criterion in it.")
    _raise(faults)
    return tuple(quotas)


def read_people(
    path: Path, quotas: tuple[Quota, ...], *, id_column: str = "id", household_column: str | None = None
) -> tuple[Person, ...]:
    """Equal rows with one id count once; an id with different data is a fault."""
    sheet = _read(path)
    features = {quota.key[0]: quota.feature for quota in quotas}
    allowed = {quota.key for quota in quotas}
    where = {fold(header): i for i, header in reversed(list(enumerate(sheet.headers)))}
    wanted = [id_column, *features.values(), *([household_column] if household_column else [])]
    missing = [name for name in wanted if fold(name) not in where]
    if missing:
        raise UnusableInput(
            f"{path.name}, row 1: no column “{'”, “'.join(missing)}”. Found: {', '.join(sheet.headers)}."
        )
    sheet.refuse_doubled(wanted)
    faults: list[str] = []
    people: dict[str, tuple[int, Person]] = {}
    for number, row in sheet.rows:
        name = row[where[fold(id_column)]].strip()
        if not name:
            faults.append(sheet.fault(number, id_column, "it is empty."))
        values = {}
        for key, feature in features.items():
            value = row[where[key]].strip()
            if not value:
                faults.append(sheet.fault(number, feature, "it is empty."))
            elif (key, fold(value)) not in allowed:
                faults.append(sheet.fault(number, feature, f"“{value[:80]}” is not a value of the criteria."))
            values[feature] = value
        household = row[where[fold(household_column)]].strip() if household_column else ""
        if not name:
            continue
        person = Person(name, values, household or None)
        if name in people and not _same(people[name][1], person):
            faults.append(
                sheet.fault(number, id_column, f"“{name}” stands in row {people[name][0]} with different data.")
            )
        people.setdefault(name, (number, person))
    _raise(faults)
    return tuple(person for _, person in people.values())


def read_rates(path: Path, column: str, *, id_column: str = "id") -> dict[str, float]:
    """How likely each person is to drop out, from a column of the pool: 0.1, 0,1 or 10 %. Empty cells are left out."""
    sheet = _read(path)
    where = {fold(header): i for i, header in reversed(list(enumerate(sheet.headers)))}
    missing = [name for name in (id_column, column) if fold(name) not in where]
    if missing:
        raise UnusableInput(
            f"{path.name}, row 1: no column “{'”, “'.join(missing)}”. Found: {', '.join(sheet.headers)}."
        )
    sheet.refuse_doubled([id_column, column])
    rates: dict[str, float] = {}
    faults = []
    for number, row in sheet.rows:
        written = row[where[fold(column)]].strip()
        if not written:
            continue
        rate = _rate(written)
        if rate is None:
            faults.append(sheet.fault(number, column, f"“{written}” is not a rate between 0 and 1, or 0 % and 100 %."))
        elif rates.setdefault(row[where[fold(id_column)]].strip(), rate) != rate:
            faults.append(sheet.fault(number, column, "another row gives this person another rate."))
    _raise(faults)
    return rates


def _rate(written: str) -> float | None:
    """0.1, 0,1 and 10 % are the same; a bare 10 is taken for a slip."""
    plain = written.replace(",", ".").replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "").strip()
    try:
        number = float(plain.removesuffix("%").strip())
    except ValueError:
        return None
    rate = number / 100 if plain.endswith("%") else number
    return rate if 0 <= rate <= 1 else None


def _same(one: Person, other: Person) -> bool:
    def key(person: Person) -> tuple[dict[str, str], str]:
        return {fold(name): fold(value) for name, value in person.values.items()}, fold(person.household or "")

    return key(one) == key(other)


def _raise(faults: list[str]) -> None:
    if len(faults) > _TOLD:
        faults = [*faults[:_TOLD], f"… and {len(faults) - _TOLD} more faults."]
    if faults:
        raise UnusableInput(*faults)


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))


def _read(path: Path) -> _Sheet:
    text = _decoded(path)
    if not text.strip(" \t\r\n;,"):
        raise UnusableInput(f"{path.name}: the file is empty.")
    text = _SEPARATOR_LINE.sub(r"\1", text)
    head = next(line for line in text.splitlines() if line.strip())
    delimiter = max(";,\t", key=lambda mark: (len(next(csv.reader([head], delimiter=mark))), mark == ","))
    try:
        numbered = list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise UnusableInput(f"{path.name}: it cannot be read as CSV ({error}).") from error
    headers = [header.strip() for header in numbered[0][1]]
    rows = []
    for number, row in numbered[1:]:
        if any(cell.strip() for cell in row[len(headers) :]):
            raise UnusableInput(
                f"{path.name}, row {number}: it has {len(row)} columns, and the header has {len(headers)}."
            )
        rows.append((number, (row + [""] * len(headers))[: len(headers)]))
    return _Sheet(path, headers, rows)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(reader, 1):
        if any(cell.strip() for cell in row):
            yield number, row


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableInput(f"{path}: it cannot be opened ({error.strerror}).") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"PK\x03\x04") or b"\0" in content:
        raise UnusableInput(f"{path.name}: this is not text. From a spreadsheet, save it as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what French spreadsheets still write
