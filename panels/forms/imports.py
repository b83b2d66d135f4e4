"""Forms of an import: the meaning of each column, and the choice at the end."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panels.domain.imports import FIELDS
from panels.forms.look import dress
from panels.models import Criterion, PoolImport


class MappingForm(forms.Form):
    """One list per column of the file."""

    def __init__(self, *args: Any, upload: PoolImport, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[Any, Any]] = [
            ("", _("Leave out")),
            (_("Criteria"), [(f"criterion:{criterion.pk}", criterion.name) for criterion in criteria]),
            (_("Person"), list(FIELDS.items())),
        ]
        for index, header in enumerate(upload.headers):
            label = header or _("Column %(number)s") % {"number": index + 1}
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=upload.mapping.get(str(index), "")
            )
        dress(self)

    def mapping(self) -> dict[str, str]:
        return {name.removeprefix("column_"): value for name, value in self.cleaned_data.items()}
