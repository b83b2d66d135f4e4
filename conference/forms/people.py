"""Colleagues, steps of the method, documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.domain.documents import check_file
from conference.domain.errors import DomainError
from conference.enums import Role
from conference.models import Document, Membership, Step

ROLES_IN_WORDS = {
    Role.ORGANISER: _("runs everything"),
    Role.FACILITATOR: _("sees the panel and prepares the sessions; changes nothing"),
    Role.STEERING: _("sees state, criteria and programme, but no names of volunteers"),
    Role.GUARANTOR: _("reads everything, the log included; changes nothing"),
    Role.OBSERVER: _("sees state and programme, but no names"),
}


class ColleagueForm(forms.ModelForm[Membership]):
    """The role, and what the public reads of it."""

    class Meta:
        model = Membership
        fields = ["role", "public_title", "is_public"]
        widgets = {"role": forms.RadioSelect}
        help_texts = {
            "public_title": _("For example: “professor of law, chairs the steering committee”."),
            "is_public": _("Who steers a conference is public; ask the person before."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (role.value, _("%(role)s: %(words)s") % {"role": role.label, "words": words})
            for role, words in ROLES_IN_WORDS.items()
        ]


class AddColleagueForm(ColleagueForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Without an account yet, they receive a link to choose a password."),
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Left aside if the person has an account already.")
    )

    field_order = ["email", "name", "role", "public_title", "is_public"]


class StepForm(forms.ModelForm[Step]):
    class Meta:
        model = Step
        fields = ["planned_on", "owner"]
        widgets = {"planned_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class DocumentForm(forms.ModelForm[Document]):
    class Meta:
        model = Document
        fields = ["title", "audience", "file"]
        help_texts = {"file": _("PDF, ODT, DOCX, PNG, JPEG, TXT or Markdown, up to 20 MB.")}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_file(file)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return file


DAY = {"type": "date", "class": "form-control"}


class LogFilterForm(forms.Form):
    """Which lines of the log to show. Everything may stay empty."""

    about = forms.ChoiceField(label=_("About"), required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs=DAY))

    def __init__(self, *args: Any, abouts: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("about", abouts), ("who", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Everything") if name == "about" else _("Everybody")), *choices]
            field.widget.attrs["class"] = "form-select"
