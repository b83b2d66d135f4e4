"""What the committee signs with, and the citizens' wishes with their answers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from experts.enums import GONE, Decision, WishAnswer
from experts.models import Expert, KeyQuestion, Wish


class SignForm(forms.Form):
    """A member's word, under the fingerprint of the board that they saw."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(Decision.SIGNS, _("I sign this board")), (Decision.REFUSES, _("I do not sign it"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional if you sign. If you do not, write why. The public reads it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("decision") == Decision.REFUSES and not (data.get("remark") or "").strip():
            self.add_error("remark", _("Write why you do not sign: the organiser and the public read it."))
        return data


class WishForm(forms.ModelForm[Wish]):
    class Meta:
        model = Wish
        fields = ["text", "question", "said_on"]
        labels = {"text": _("We want to hear…"), "said_on": _("Said on")}
        help_texts = {
            "text": _("In the citizens’ own words, without anybody’s name: who or what they want to hear."),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "said_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.conference = conference
        field = self.fields["question"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = KeyQuestion.objects.filter(conference=conference)
        field.empty_label = str(_("None in particular"))
        self.fields["said_on"].initial = timezone.now().astimezone(conference.zone).date


class WishAnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Your answer"), choices=WishAnswer.choices, widget=forms.RadioSelect)
    expert = forms.ModelChoiceField(label=_("Who will be heard"), queryset=Expert.objects.none(), required=False)
    reason = forms.CharField(
        label=_("Explanation"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed if the wish is met in part or not at all. The citizens and the public read it."),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["expert"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Expert.objects.filter(conference=conference).exclude(state__in=GONE)
        field.empty_label = str(_("Nobody in particular"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        answer = data.get("answer")
        if answer == WishAnswer.HEARD and data.get("expert") is None and "expert" not in self.errors:
            self.add_error("expert", _("Choose the expert who will be heard."))
        if answer in {WishAnswer.PARTLY, WishAnswer.NO} and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Write the explanation: the citizens read it."))
        return data
