"""The form on which an organiser writes the words of a message."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.mail.domain.kinds import Text
from conference.mail.domain.render import SUBJECT_LENGTH
from conference.mail.domain.texts import BODY_LENGTH, Problem, problems, tidy
from conference.mail.enums import Kind
from conference.samples import Person


class TextForm(forms.Form):
    """Everything is kept as typed; ``text`` is what would be saved, and ``problems`` why it cannot be."""

    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=SUBJECT_LENGTH * 2,  # the rules say in words what is too long; this is a guard
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "data-places": ""}),  # long ones are seen whole
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=BODY_LENGTH * 2,
        widget=forms.Textarea(attrs={"rows": 24, "data-places": "", "spellcheck": "true"}),
        help_text=_(
            "An empty line begins a new paragraph. ## before a line makes it a title, - an item of a list, **two stars** "
            "make words bold. A paragraph whose places are all empty is left out."
        ),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    person = forms.ChoiceField(label=_("Shown for"), required=False)

    def __init__(self, *args: Any, kind: Kind, language: str, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.language = kind, language
        self.fields["once"].initial = uuid4
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("An invented person")), *((person.key, person.name) for person in people)]
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language

    @property
    def text(self) -> Text:
        return tidy(self._typed("subject"), self._typed("body"))

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "").replace("\x00", "")

    @property
    def problems(self) -> list[Problem]:
        return problems(self.kind, self.language, self.text)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for problem in self.problems:
            self.add_error(problem.field, problem.words)
        return self.cleaned_data
