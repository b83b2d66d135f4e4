"""The committee's word on an expert, and an organiser's reason for going on without it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from experts.enums import Opinion


class OpinionForm(forms.Form):
    opinion = forms.ChoiceField(
        label=_("What do you say of this expert?"),
        choices=[(Opinion.APPROVES, _("I approve")), (Opinion.OBJECTS, _("I object"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Your reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required for an objection. Everybody who sees this page reads it."),
    )

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if data.get("opinion") == Opinion.OBJECTS and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Write why you object: the organisers and the committee read it."))
        return data


class BypassForm(forms.Form):
    """An invitation all the same."""

    reason = forms.CharField(
        label=_("Your reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The public reads it beside the expert’s name, and the log keeps it."),
    )
