"""Finding people in the pool."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panels.domain.identity import fold
from panels.enums import Source, Standing
from panels.forms.look import dress
from panels.models.volunteer import VolunteerQuerySet


class PoolFilter(forms.Form):
    q = forms.CharField(
        label=_("Name, address or reference"), required=False, max_length=80, widget=forms.SearchInput()
    )
    standing = forms.ChoiceField(label=_("Standing"), required=False, choices=[("", _("Any")), *Standing.choices])
    source = forms.ChoiceField(label=_("Came through"), required=False, choices=[("", _("Any")), *Source.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def apply(self, found: VolunteerQuerySet) -> VolunteerQuerySet:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("standing"):
            found = found.filter(standing=data["standing"])
        if data.get("source"):
            found = found.filter(source=data["source"])
        return found.matching(fold(data.get("q", "")))
