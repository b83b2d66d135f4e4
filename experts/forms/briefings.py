"""Briefings: for whom, the text, its publication."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.enums import DocumentAudience
from conference.models import Conference, Document
from experts.forms.fields import choices
from experts.models import Briefing, Expert


class BriefingForm(forms.ModelForm[Briefing]):
    class Meta:
        model = Briefing
        fields = ["title", "expert"]
        labels = {"expert": _("For whom")}

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "expert", Expert.objects.filter(conference=conference)).empty_label = str(_("All experts"))


class DraftForm(forms.Form):
    """The text that is being written. Nobody reads it before it is published."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        max_length=40000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text=_("Markdown: # heading, **bold**, - list, [words](https://address)."),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents to read with it"),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(
            self, "documents", Document.objects.filter(conference=conference).exclude(audience=DocumentAudience.TEAM)
        )


class PublishForm(forms.Form):
    change_note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence, for those who have read the last version: they receive it by mail."),
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change_note"].required = not is_first
