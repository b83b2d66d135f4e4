"""What is typed about questions and answers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.forms.fields import LocalMomentField, settle
from conference.models import Conference
from experts.enums import Verdict
from experts.models import Expert, KeyQuestion


class QuestionForm(forms.ModelForm[KeyQuestion]):
    class Meta:
        model = KeyQuestion
        fields = ["text", "explanation"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "explanation": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": _("In the citizens’ own words."), "explanation": _("Experts and the public read it.")}


class PutForm(forms.Form):
    due_at = LocalMomentField(label=_("Written answers by"))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        self.fields["due_at"].zone = conference.zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        settle(self, "due_at", self.conference.zone)
        return self.cleaned_data


class SpokenForm(forms.Form):
    at = LocalMomentField(label=_("Answered in the room at"))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        self.fields["at"].zone = conference.zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        settle(self, "at", self.conference.zone)
        at = self.cleaned_data.get("at")
        if at and at.tzinfo and at > timezone.now():
            self.add_error("at", _("This hour is still to come."))
        return self.cleaned_data


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they opened again?"), max_length=500, help_text=_("The log keeps it, and everybody reads it.")
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("The panel’s verdict"), choices=[("", _("None yet")), *Verdict.choices], required=False
    )
    contradicted_by = forms.ModelChoiceField(
        label=_("Contradicted by"),
        queryset=Expert.objects.none(),
        required=False,
        help_text=_("Only where the verdict says that the answer is contradicted."),
    )
    note = forms.CharField(
        label=_("The panel’s note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contradicted_by"].queryset = others  # type: ignore[attr-defined]
