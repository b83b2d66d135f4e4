"""What organisers note of an expert."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from experts.enums import ExpertState, Sector
from experts.models import Expert
from experts.scale import choices_of


class ExpertForm(forms.ModelForm[Expert]):
    class Meta:
        model = Expert
        fields = [
            "first_name", "last_name", "email", "phone", "language", "speaks", "gender", "affiliation", "employer",
            "sector", "field", "biography", "position", "position_text", "interests", "proposed_by", "proposed_note",
            "fee",
        ]  # fmt: skip
        labels = {"language": _("Language of our messages to them"), "speaks": _("Languages spoken")}
        help_texts = {
            "email": _("The personal link goes there."),
            "affiliation": _("As the public will read it beside their name."),
            "employer": _("Who pays them, if it is somebody else than the affiliation."),
            "sector": _("The balance board counts by it, so that one kind of employer does not speak alone."),
            "gender": _("As they say themselves. The balance board counts by it; no page shows it beside a name."),
            "speaks": _("For example: French, English; Occitan at home."),
            "proposed_note": _("For example: a member of the committee, for her work on old varieties."),
            "fee": _("Only those who run the conference see it, and the expert."),
            "position": _("As far as you know it. The expert declares it when accepting, and that declaration counts."),
            "biography": _("Two or three sentences for the public page."),
        }
        widgets = {
            "biography": forms.Textarea(attrs={"rows": 4}),
            "interests": forms.Textarea(attrs={"rows": 3}),
            "proposed_note": forms.Textarea(attrs={"rows": 2}),
            "position": forms.Select(),
            "fee": forms.NumberInput(attrs={"min": "0", "step": "0.01", "inputmode": "decimal"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.conference = conference
        offered = choices_of(conference, kept=self.instance.position)
        cast("forms.ChoiceField", self.fields["position"]).choices = [("", _("Not known yet")), *offered]

    def clean_fee(self) -> Decimal | None:
        fee: Decimal | None = self.cleaned_data["fee"]
        if fee is not None and fee < 0:
            raise forms.ValidationError(_("A fee is not below zero."))
        return fee

    def _get_validation_exclusions(self) -> set[str]:
        # The conference is given by the page: with it left in, "once per conference" is checked before saving.
        return super()._get_validation_exclusions() - {"conference"}  # type: ignore[misc, no-any-return]


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


class PhotographForm(forms.Form):
    """What the file really is, the domain finds out."""

    photograph = forms.FileField(
        label=_("Photograph"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "A portrait: JPEG, PNG or WebP, up to 10 MB. We make it small and remove what the camera wrote in it."
        ),
    )


class LongListFilter(forms.Form):
    """What of the long list is shown. Everything is optional, and nonsense in the address shows everything."""

    q = forms.CharField(label=_("Name or affiliation"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    position = forms.ChoiceField(label=_("Position"), required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = ("none", _("Not known yet"))
        offers: dict[str, list[Any]] = {
            "state": list(ExpertState.choices),
            "sector": [*Sector.choices, unknown],
            "position": [*choices_of(conference), unknown],
        }
        for name, offered in offers.items():
            cast("forms.ChoiceField", self.fields[name]).choices = [("", _("All")), *offered]
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs["class"] = "form-control"

    def chosen(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}
