"""Criteria from a file: ``feature,value,min,max``, under the names that programs and people give to these columns."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from panels.domain.criteria import CriterionDraft, ValueDraft
from panels.domain.identity import fold
from panels.files.problem import UnreadableFile
from panels.files.table import Table, read_table

QUOTAS_BYTES_MAX = 500_000
_NAMES: dict[str, tuple[str, ...]] = {
    "feature": ("feature", "category", "critere", "criterion", "criteria", "categorie", "variable"),
    "value": ("value", "name", "valeur", "modalite", "nom"),
    "minimum": ("min", "minimum", "au moins", "mini", "at least"),
    "maximum": ("max", "maximum", "au plus", "maxi", "at most"),
    "share": ("share", "population", "part", "part de la population", "%", "pourcentage", "population_share"),
    "feature_en": ("feature_en", "critere en anglais", "critere (anglais)"),
    "value_en": ("value_en", "valeur en anglais", "valeur (anglais)"),
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}


def _count_known(row: list[str]) -> int:
    return len({_FIELD_OF[fold(cell)] for cell in row if fold(cell) in _FIELD_OF})


def read_quotas(content: bytes, filename: str = "") -> list[CriterionDraft]:
    """The criteria of a file; raises ``UnreadableFile`` that names the row and the column."""
    if len(content) > QUOTAS_BYTES_MAX:
        raise UnreadableFile(_("This file is too large for a list of criteria. Is it the file of the volunteers?"))
    table = read_table(content, filename, is_header=_count_known)
    columns = {
        _FIELD_OF[fold(header)]: index for index, header in enumerate(table.headers) if fold(header) in _FIELD_OF
    }
    missing = [name for name in ("feature", "value", "minimum", "maximum") if name not in columns]
    if missing:
        words = {"feature": _("criterion"), "value": _("value"), "minimum": _("at least"), "maximum": _("at most")}
        raise UnreadableFile(
            _("No column was recognised for: %(missing)s. Name the columns feature, value, min, max.")
            % {"missing": ", ".join(words[name] for name in missing)}
        )
    return _drafts(table, columns)


def _drafts(table: Table, columns: dict[str, int]) -> list[CriterionDraft]:
    grouped: dict[str, tuple[str, str, list[ValueDraft]]] = {}
    feature = ""
    for row, number in zip(table.rows, table.row_numbers, strict=True):
        cell = _reader(row, columns)
        feature = cell("feature") or feature  # merged cells: the name stands in the first row only
        if not feature or not cell("value"):
            raise UnreadableFile(_("Row %(row)s: the criterion or the value is missing.") % {"row": number})
        value = ValueDraft(
            name=cell("value")[:80],
            name_en=cell("value_en")[:80],
            minimum=_seats(cell("minimum"), number, _("at least")),
            maximum=_seats(cell("maximum"), number, _("at most")),
            population_share=_share(cell("share"), number),
        )
        grouped.setdefault(fold(feature), (feature[:80], cell("feature_en")[:80], []))[2].append(value)
    return [
        CriterionDraft(name=name, name_en=name_en, values=tuple(values)) for name, name_en, values in grouped.values()
    ]


def _reader(row: list[str], columns: dict[str, int]) -> Callable[[str], str]:
    def cell(field: str) -> str:
        return row[columns[field]] if field in columns else ""

    return cell


def _seats(text: str, row: int, column: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 500:
        raise UnreadableFile(
            _("Row %(row)s, %(column)s: “%(text)s” is not a number of seats. Write a whole number.")
            % {"row": row, "column": column, "text": text}
        )
    return int(text)


def _share(text: str, row: int) -> Decimal | None:
    plain = text.replace("%", "").replace("\u202f", "").replace("\u00a0", "").replace(",", ".").strip()
    if not plain:
        return None
    try:
        share = Decimal(plain)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 100:
        raise UnreadableFile(
            _("Row %(row)s: “%(text)s” is not a share of the population. Write a number from 0 to 100.")
            % {"row": row, "text": text}
        )
    return round(share, 2)
