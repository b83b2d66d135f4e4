"""Forms of the criteria page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from panels.domain.criteria import CriterionDraft, ValueDraft, propose
from panels.forms.look import dress
from panels.models import Criterion
from panels.rules import VALUES_MAX

SPARE_ROWS = 3


class CriterionForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the criterion"), max_length=80, help_text=_("For example: age, diploma, kind of town.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class ValueForm(forms.Form):
    """One row: a value with its quota. A row without a name is left out."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Value"), max_length=80, required=False)
    name_en = forms.CharField(label=_("In English"), max_length=80, required=False)
    population_share = forms.DecimalField(
        label=_("Share of the population, %"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        required=False,
        localize=True,
    )
    minimum = forms.IntegerField(label=_("At least"), min_value=0, max_value=500, required=False)
    maximum = forms.IntegerField(label=_("At most"), min_value=0, max_value=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("population_share", "minimum", "maximum"):
            self.fields[field].widget = forms.TextInput(
                attrs={"inputmode": "decimal" if field == "population_share" else "numeric", "maxlength": 6}
            )
            self.fields[field].widget.is_localized = field == "population_share"
        dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("name", "").strip():
            if any(data.get(field) is not None for field in ("minimum", "maximum", "population_share")):
                self.add_error("name", _("Give this value a name, or empty the row."))
            return data
        minimum, maximum = data.get("minimum"), data.get("maximum")
        if minimum is not None and maximum is not None and minimum > maximum:
            self.add_error("maximum", _("“At most” is smaller than “at least”."))
        return data


class Values(BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Remove")
        form.fields[DELETION_FIELD_NAME].widget.attrs["class"] = "form-check-input"
        if index is not None:
            for name in ("name", "name_en", "population_share", "minimum", "maximum", DELETION_FIELD_NAME):
                label = f"{form.fields[name].label} {index + 1}"
                form.fields[name].widget.attrs["aria-label"] = label

    def kept(self) -> list[dict[str, Any]]:
        """The rows that have a name and are not to be removed."""
        return [
            form.cleaned_data
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and form.cleaned_data.get("name", "").strip()
            and not form.cleaned_data.get("DELETE")
        ]


ValueFormSet: type[Values] = formset_factory(  # type: ignore[assignment]  # the factory's type forgets the base
    ValueForm, formset=Values, extra=SPARE_ROWS, can_delete=True, max_num=VALUES_MAX, absolute_max=VALUES_MAX + 10
)


def initial_values(criterion: Criterion) -> list[dict[str, Any]]:
    return [
        {
            "pk": value.pk,
            "name": value.name,
            "name_en": value.name_en,
            "minimum": value.minimum,
            "maximum": value.maximum,
            "population_share": value.population_share,
        }
        for value in criterion.values.all()
    ]


def draft_from(form: CriterionForm, rows: Sequence[dict[str, Any]]) -> CriterionDraft:
    """What was typed. An empty “at least” is none, an empty “at most” is as many as “at least”."""
    values = tuple(
        ValueDraft(
            name=row["name"].strip(),
            name_en=row["name_en"].strip(),
            pk=row["pk"],
            population_share=row["population_share"],
            minimum=row["minimum"] or 0,
            maximum=row["maximum"] if row["maximum"] is not None else row["minimum"] or 0,
        )
        for row in rows
    )
    return CriterionDraft(name=form.cleaned_data["name"], name_en=form.cleaned_data["name_en"], values=values)


def with_proposals(rows: Sequence[dict[str, Any]], seats: int) -> list[dict[str, Any]]:
    """The rows with at least and at most worked out from the shares, where there is one."""
    proposals = propose([row["population_share"] for row in rows], seats)
    return [
        {**row, "minimum": proposal[0], "maximum": proposal[1]} if proposal else dict(row)
        for row, proposal in zip(rows, proposals, strict=True)
    ]


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"), allow_empty_file=True)
