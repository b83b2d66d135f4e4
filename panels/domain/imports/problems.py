"""What is wrong with a row, stored as codes and put into words for the reader."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from panels.domain.imports.columns import FIELDS
from panels.models import Criterion

type Problem = dict[str, Any]  # {"row", "column", "field", "code", "value", ...}: JSON, the first 500 are stored


def problem(row: int, field: str, code: str, value: str = "", **more: Any) -> Problem:
    return {"row": row, "field": field, "code": code, "value": value[:80], **more}


def column_label(field: str, headers: Mapping[str, str]) -> str:
    """The column's name in the person's file, else the field's own."""
    return headers.get(field) or str(FIELDS.get(field, ""))


def problem_sentence(found: Problem, criteria: Mapping[int, Criterion]) -> str:
    """The problem in words, with what would be right."""
    code, value = found["code"], found["value"]
    match code:
        case "missing":
            return _("This cell is empty.")
        case "email":
            return _("“%(value)s” is not an e-mail address.") % {"value": value}
        case "birth":
            return _("“%(value)s” is not a year or date of birth.") % {"value": value}
        case "too_long":
            return _("“%(value)s…” is too long: at most %(limit)s characters.") % {
                "value": value[:20],
                "limit": found["limit"],
            }
        case "double":
            return _("The same person as in row %(other)s.") % {"other": found["other"]}
        case "shared_email":
            return _(
                "The same address as in row %(other)s, under another name. "
                "If two people share it, leave it empty on one of them."
            ) % {"other": found["other"]}
        case "pool_email":
            return _("This address belongs to %(other)s of the pool, who has another name.") % {"other": found["other"]}
        case "two_people":
            return _("This row fits two people of the pool: %(first)s and %(second)s.") % {
                "first": found["first"],
                "second": found["second"],
            }
        case "value":
            return _value_sentence(found, criteria)
    return str(code)


def _value_sentence(found: Problem, criteria: Mapping[int, Criterion]) -> str:
    criterion = criteria.get(int(found["field"].removeprefix("criterion:")))
    accepted = (
        ", ".join(_("“%(value)s”") % {"value": value.name} for value in criterion.values.all()) if criterion else ""
    )
    if found.get("near"):
        return _("“%(value)s” is not a value of this criterion. Did you mean “%(near)s”? Accepted: %(accepted)s.") % {
            "value": found["value"],
            "near": found["near"],
            "accepted": accepted,
        }
    return _("“%(value)s” is not a value of this criterion. Accepted: %(accepted)s.") % {
        "value": found["value"],
        "accepted": accepted,
    }
