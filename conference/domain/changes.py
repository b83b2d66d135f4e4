"""What differs between an object and the values a person gave, and how fields are named for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models


def changed_fields(obj: models.Model, fields: Mapping[str, Any]) -> list[str]:
    return [name for name, value in fields.items() if getattr(obj, name) != value]


def labels_of(model: type[models.Model], names: Iterable[str]) -> str:
    """Names of fields as people read them, in the reader's language."""
    return ", ".join(str(model._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]
