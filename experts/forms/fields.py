"""Fields that several forms of this room use."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from conference.models import Session
from conference.words import session_when


def choices(form: forms.BaseForm, name: str, queryset: QuerySet[Any]) -> forms.ModelChoiceField[Any]:
    """Offer these rows in the field. Everything else, another conference's rows first, is refused."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = queryset
    return field


class SessionField(forms.ModelChoiceField[Session]):
    def label_from_instance(self, obj: Session) -> str:
        return f"{obj.title} · {session_when(obj)}"
