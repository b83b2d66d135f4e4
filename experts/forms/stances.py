"""The scale in a conference's own words, and an expert's position on each key question."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from experts.enums import Position
from experts.models import KeyQuestion, Stance
from experts.scale import choices_of


class ScaleForm(forms.Form):
    """One line for each step, from one end to the other."""

    def __init__(self, *args: Any, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position in Position:
            self.fields[position.value] = forms.CharField(
                label=position.label, max_length=80, required=False, initial=labels.get(position.value, "")
            )


class StancesForm(forms.Form):
    """Two fields for each key question: where, and in a sentence."""

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        questions: Iterable[KeyQuestion],
        stances: Mapping[int, Stance],
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("auto_id", "stance_%s")  # stands on one page with a form that has a position of its own
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            stance = stances.get(question.pk)
            kept = stance.position if stance else ""
            offered = [("", _("Not said yet")), *choices_of(conference, kept=kept)]
            self.fields[f"position_{question.pk}"] = forms.ChoiceField(
                label=str(question), choices=offered, required=False, initial=kept
            )
            self.fields[f"sentence_{question.pk}"] = forms.CharField(
                label=_("In a sentence"),
                max_length=300,
                required=False,
                initial=stance.sentence if stance else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for question in self.questions:
            if data.get(f"sentence_{question.pk}", "").strip() and not data.get(f"position_{question.pk}"):
                self.add_error(f"position_{question.pk}", _("Choose where this sentence stands on the scale."))
        return data

    def stances(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {q.pk: (data[f"position_{q.pk}"], data[f"sentence_{q.pk}"]) for q in self.questions}
