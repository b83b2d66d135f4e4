"""What organisers and experts fill in. Forms check and hand over; the domain saves."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.enums import DocumentAudience
from conference.models import Conference, Document, Session
from conference.words import session_when
from experts.enums import Position
from experts.models import Briefing, Contribution, Expert

DATETIME_LOCAL = "%Y-%m-%dT%H:%M"


def choices(form: forms.BaseForm, name: str, queryset: QuerySet[Any]) -> forms.ModelChoiceField[Any]:
    """Offer these rows in the field. Everything else, another conference's rows first, is refused."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = queryset
    return field


class SessionField(forms.ModelChoiceField[Session]):
    def label_from_instance(self, obj: Session) -> str:
        return f"{obj.title} · {session_when(obj)}"


class ExpertForm(forms.ModelForm[Expert]):
    class Meta:
        model = Expert
        fields = [
            "first_name", "last_name", "email", "phone", "language", "affiliation", "field", "biography",
            "position", "position_text", "interests", "proposed_by",
        ]  # fmt: skip
        help_texts = {
            "email": _("The personal link goes there."),
            "affiliation": _("Institution or employer, as the public will read it."),
            "position": _("As far as you know it. The expert declares it when accepting, and that declaration counts."),
            "biography": _("Two or three sentences for the public page."),
        }
        widgets = {
            "biography": forms.Textarea(attrs={"rows": 4}),
            "interests": forms.Textarea(attrs={"rows": 3}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.conference = conference

    def _get_validation_exclusions(self) -> set[str]:
        # The conference is given by the page: with it left in, "once per conference" is checked before saving.
        return super()._get_validation_exclusions() - {"conference"}  # type: ignore[misc, no-any-return]


class ContributionForm(forms.ModelForm[Contribution]):
    """Hours are typed and shown on the conference's clock: the view activates its time zone around form and page."""

    session = SessionField(label=_("Session"), queryset=Session.objects.none())

    class Meta:
        model = Contribution
        fields = ["session", "subject", "starts_at", "minutes", "question_minutes"]
        labels = {"subject": _("Subject of the talk")}
        widgets = {"starts_at": forms.DateTimeInput(format=DATETIME_LOCAL, attrs={"type": "datetime-local"})}
        help_texts = {
            "starts_at": _("May stay empty as long as the running order is not fixed."),
            "subject": _("In words that citizens understand."),
        }

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.expert = expert
        choices(
            self, "session", Session.objects.held().filter(conference=expert.conference).select_related("conference")
        )

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"expert"}  # type: ignore[misc, no-any-return]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        session, start = data.get("session"), data.get("starts_at")
        if session and start and not session.starts_at <= start < session.ends_at:
            begin, end = (timezone.localtime(moment) for moment in (session.starts_at, session.ends_at))
            self.add_error(
                "starts_at",
                _("This lies outside the session, which goes from %(begin)s to %(end)s.")
                % {"begin": begin.strftime("%d/%m/%Y %H:%M"), "end": end.strftime("%d/%m/%Y %H:%M")},
            )
        return data


class RecordAnswerForm(forms.Form):
    """An answer that came by telephone or letter."""

    answer = forms.ChoiceField(
        label=_("The answer"), choices=[("accept", _("Accepts")), ("decline", _("Declines"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("How and when it was given"),
        max_length=300,
        help_text=_("For example: by telephone on 3 December, to Claire Morin."),
    )


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


# -- By the expert -----------------------------------------------------------------------------------------------------
class ExpertAnswerForm(forms.Form):
    """The words that may go with the answer. Which answer it is, the button says."""

    note = forms.CharField(
        label=_("A word to the organisers"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeclarationForm(forms.Form):
    position = forms.ChoiceField(
        label=_("Where do you stand on the question?"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "The citizens and the public will read it. Having a position is welcome: the conference hears all of them."
        ),
    )
    position_text = forms.CharField(
        label=_("Your position in a sentence"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    interests = forms.CharField(
        label=_("Your interests and funding"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Employers, research funding, mandates, shares, memberships that bear on the question. None? Write so."
        ),
    )
    phone = forms.CharField(
        label=_("Telephone, for the day itself (optional)"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("Only the organisers see it."),
    )


class NewLinkForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
