"""The form of a free message: to whom, and the words in one language or two."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.audiences import Audience, Group, Narrowing, audience
from conference.mail.domain.kinds import Text
from conference.mail.domain.texts import problems, tidy
from conference.mail.enums import Kind
from conference.models import Conference

LABELS = {"fr": gettext_lazy("French"), "en": gettext_lazy("English")}


class FreeForm(forms.Form):
    """Kept as typed, page after page; ``written`` holds the languages that were filled."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("To whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose to whom it goes.")},
    )
    once = forms.UUIDField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, conference: Conference, groups: list[Group], narrowings: list[Narrowing], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.conference = conference
        self.narrowings = [narrowing.key for narrowing in narrowings]
        self.fields["once"].initial = uuid4
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(group.key, group.label) for group in groups]
        for narrowing in narrowings:
            choices = [("", _("everybody")), *narrowing.options]
            self.fields[narrowing.key] = forms.ChoiceField(label=narrowing.label, required=False, choices=choices)
        self.languages = [conference.language, *(code for code in LABELS if code != conference.language)]
        for code in self.languages:
            self._add_words(code)

    def _add_words(self, code: str) -> None:
        attrs = {"lang": code, "data-places": ""}
        label = {"language": LABELS[code]}
        self.fields[f"subject_{code}"] = forms.CharField(
            label=_("Subject (%(language)s)") % label,
            required=False,
            max_length=500,
            widget=forms.TextInput(attrs={**attrs, "autocomplete": "off"}),
        )
        self.fields[f"body_{code}"] = forms.CharField(
            label=_("Text (%(language)s)") % label,
            required=False,
            strip=False,
            max_length=40_000,
            widget=forms.Textarea(attrs={**attrs, "rows": 12}),
        )

    @property
    def written(self) -> dict[str, Text]:
        """The languages in which something was written."""
        found = {code: tidy(self._typed(f"subject_{code}"), self._typed(f"body_{code}")) for code in self.languages}
        return {code: text for code, text in found.items() if text.subject or text.body}

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "").replace("\x00", "")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.written:
            self.add_error(f"subject_{self.languages[0]}", _("Write a subject."))
            self.add_error(f"body_{self.languages[0]}", _("Write a text."))
        for code, text in self.written.items():
            for problem in problems(Kind.FREE, code, text):
                self.add_error(f"{problem.field}_{code}", problem.words)
        return self.cleaned_data

    @property
    def chosen(self) -> dict[str, Any]:
        """The keys that were chosen, for the record: groups and narrowings."""
        kept = {name: self.cleaned_data[name] for name in self.narrowings if self.cleaned_data.get(name)}
        return {"groups": self.cleaned_data.get("groups", []), **kept}

    def audience(self) -> Audience:
        return audience(self.conference, self.cleaned_data.get("groups", []), self.cleaned_data)
