"""An organiser's word on an account of fee and travel."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QueryForm(forms.Form):
    note = forms.CharField(
        label=_("Your question to the expert"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They receive it by mail and can correct the account."),
    )
