"""Sheets of the information file, chapters, glossary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Document
from conference.models.conference import LANGUAGE_CHOICES
from experts.domain.pairs import candidates
from experts.domain.sheets import Authorship
from experts.enums import GONE, Opinion, Position, SheetKind
from experts.forms.fields import choices
from experts.models import Chapter, Expert, GlossaryEntry, Sheet
from experts.scale import choices_of


class ChapterForm(forms.Form):
    title = forms.CharField(label=_("Title of the chapter"), max_length=160)


class AuthorForm(forms.Form):
    """Who writes, what the sheet does, and where the author stands."""

    kind = forms.ChoiceField(label=_("What the sheet does"), choices=SheetKind.choices, widget=forms.RadioSelect)
    expert = forms.ModelChoiceField(
        label=_("Author, if an expert of the conference"), queryset=Expert.objects.none(), required=False
    )
    author_name = forms.CharField(
        label=_("Otherwise: the author’s name"),
        max_length=160,
        required=False,
        help_text=_("With what says who they are: “Jeanne Morel, hydrologist”. The readers see it."),
    )
    position = forms.ChoiceField(
        label=_("The author’s position"),
        required=False,
        help_text=_("On the question of the conference. Needed if the sheet argues. The readers see it."),
    )

    def __init__(self, *args: Any, conference: Conference, kept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experts = Expert.objects.filter(conference=conference).exclude(state__in=GONE)
        choices(self, "expert", experts).empty_label = str(_("Nobody of them"))
        position = self.fields["position"]
        assert isinstance(position, forms.ChoiceField)
        position.choices = [("", _("Not said")), *choices_of(conference, kept=kept)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("expert") and not (data.get("author_name") or "").strip():
            self.add_error("author_name", _("Each sheet names its author."))
        if data.get("kind") == SheetKind.ARGUES and data.get("position") in {"", Position.OPEN, None}:
            self.add_error("position", _("A sheet that argues takes a side: say which."))
        return data

    @property
    def authorship(self) -> Authorship:
        data = self.cleaned_data
        name = "" if data["expert"] else data["author_name"]
        return Authorship(SheetKind(data["kind"]), data["position"], name, data["expert"])


def _chapter_field(form: forms.BaseForm, conference: Conference) -> None:
    choices(form, "chapter", Chapter.objects.filter(conference=conference)).empty_label = str(_("No chapter yet"))


class SheetForm(AuthorForm):
    """A new sheet."""

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("Best a question that a citizen would ask."))
    chapter = forms.ModelChoiceField(label=_("Chapter"), queryset=Chapter.objects.none(), required=False)
    field_order = ("title", "chapter", "kind", "expert", "author_name", "position")

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, conference=conference, **kwargs)
        _chapter_field(self, conference)


class SheetTextForm(forms.Form):
    """The text that is being written. Nobody reads it before it is offered."""

    title = forms.CharField(label=_("Title"), max_length=160)
    chapter = forms.ModelChoiceField(label=_("Chapter"), queryset=Chapter.objects.none(), required=False)
    text = forms.CharField(
        label=_("Text"),
        max_length=40000,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true"}),
        help_text=_("Markdown: # heading, **bold**, - list, [words](https://address)."),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents to read with it"),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The public gets those that are for everybody, the panel also those for the panel."),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _chapter_field(self, conference)
        choices(self, "documents", Document.objects.filter(conference=conference, is_confidential=False))


class OfferForm(forms.Form):
    change_note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence, for those who have read the last version."),
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["change_note"]
        else:
            self.fields["change_note"].required = True


class _Seen(forms.Form):
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)  # one vouches for what one has seen


class TickForm(_Seen):
    name = forms.CharField(label=_("Your name"), max_length=160)
    understood = forms.BooleanField(label=_("I have read this sheet, and I understood it."))
    remark = forms.CharField(
        label=_("Something that was hard"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Optional: a word, a sentence. Those who write the sheet see it."),
    )


class SheetOpinionForm(_Seen):
    opinion = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(Opinion.APPROVES, _("I sign this sheet")), (Opinion.OBJECTS, _("I object"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed if you object: what would have to change."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("opinion") == Opinion.OBJECTS and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Write why you object: whoever writes the sheet must know what to change."))
        return data


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the sheet is published without the committee"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The citizens and the public read it under the sheet."),
    )


class PairForm(forms.Form):
    other = forms.ModelChoiceField(
        label=_("The sheet that says the opposite"),
        queryset=Sheet.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("None: the opposite is still missing"),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices(self, "other", candidates(sheet))


class GlossaryForm(forms.ModelForm[GlossaryEntry]):
    class Meta:
        model = GlossaryEntry
        fields = ["term", "forms", "definition", "language"]
        labels = {"forms": _("Other forms")}
        help_texts = {
            "forms": _("Plural, abbreviation, other spelling: one on each line. They lead to the same definition."),
            "definition": _("One or two short sentences, with an example if it helps."),
        }
        widgets = {"forms": forms.Textarea(attrs={"rows": 3}), "definition": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.conference = conference
        spoken = set(conference.languages) | {conference.language}
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [choice for choice in LANGUAGE_CHOICES if choice[0] in spoken]
        if len(spoken) == 1:
            language.widget = forms.HiddenInput()
            language.initial = conference.language
