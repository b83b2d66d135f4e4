"""What organisers and citizens fill in around the seats and the invitations."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from panels.enums import Channel, DeclineReason
from panels.forms.look import dress
from panels.models import Needs

ANSWER_CHANNELS = [(channel.value, channel.label) for channel in (Channel.TELEPHONE, Channel.LETTER)]


class InviteForm(forms.Form):
    """The deadline of the invitations, on the conference's own clock."""

    deadline = forms.DateTimeField(
        label=_("Answer by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Everybody is reminded before then. A seat without an answer goes to an alternate."),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        dress(self)

    def clean_deadline(self) -> datetime:
        typed: datetime = self.cleaned_data["deadline"]
        deadline = typed.replace(tzinfo=self.conference.zone)
        if deadline <= timezone.now():
            raise forms.ValidationError(_("The deadline has passed already. Choose a later one."))
        return deadline


class DressedForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class RecordAnswerForm(DressedForm):
    """An answer that came by telephone or letter, with who said so and when."""

    ACCEPTS, DECLINES = "accepts", "declines"

    answer = forms.ChoiceField(
        label=_("The answer"),
        widget=forms.RadioSelect,
        choices=[(ACCEPTS, _("Accepts the seat")), (DECLINES, _("Cannot take part"))],
    )
    channel = forms.ChoiceField(label=_("It came by"), widget=forms.RadioSelect, choices=ANSWER_CHANNELS)
    decline_reason = forms.ChoiceField(
        label=_("If they cannot: their reason, if they gave one"),
        required=False,
        choices=DeclineReason.choices,
        initial=DeclineReason.UNSAID,
    )
    reason = forms.CharField(
        label=_("Who took the answer, when and how"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: telephone call of Monday 30 November, 10 a.m. It stays in the log."),
    )


class ReasonForm(DressedForm):
    """A written reason for an act that the log keeps."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It stays in the log.")
    )


class DeclineForm(DressedForm):
    """Why somebody cannot come: asked, never required."""

    decline_reason = forms.ChoiceField(
        label=_("Would you tell us why? You need not."),
        widget=forms.RadioSelect,
        choices=DeclineReason.choices,
        required=False,
    )
    note = forms.CharField(
        label=_("Something you would like to add"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_decline_reason(self) -> str:
        return str(self.cleaned_data["decline_reason"] or DeclineReason.UNSAID)


class NeedsForm(forms.ModelForm[Needs]):
    """What a citizen needs. The picture question has no answer ticked beforehand, and may stay open."""

    image_consent = forms.TypedChoiceField(
        label=_("May we photograph and film you during the sessions?"),
        help_text=_("Your place on the panel does not depend on it, and you can change your answer at any time."),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, I agree")), ("no", _("No, I do not want to be in the picture"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    class Meta:
        model = Needs
        fields = ["access", "diet", "childcare", "transport", "image_consent"]
        widgets = {
            "access": forms.Textarea(attrs={"rows": 3}),
            "diet": forms.TextInput,
            "childcare": forms.Textarea(attrs={"rows": 2}),
            "transport": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "access": _("Access and health"),
            "diet": _("Meals"),
            "childcare": _("Children or someone you care for"),
            "transport": _("Travel and lodging"),
        }
        help_texts = {
            "access": _("For example: wheelchair, sign language, hearing loop, large print, rest in the afternoon."),
            "diet": _("For example: vegetarian, without pork, allergies."),
            "childcare": _("For example: care for a child of four on both days; somebody to stay with your mother."),
            "transport": _("For example: no car, arriving the evening before, a room on the ground floor."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
        consent = self.instance.image_consent
        self.initial["image_consent"] = None if consent is None else "yes" if consent else "no"
