"""Rates and expenses."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from panels.enums import RateKind
from panels.forms.look import dress
from panels.models import Rate

COUNTED = {RateKind.TRAVEL_KM, RateKind.CHILDCARE_HOUR, RateKind.LOST_INCOME_HOUR}  # one of them means nothing


class RateForm(forms.ModelForm[Rate]):
    class Meta:
        model = Rate
        fields: ClassVar[list[str]] = ["kind", "amount", "by_receipt", "cap", "label", "source"]
        help_texts: ClassVar[dict[str, Any]] = {
            "amount": _("For each half-day, hour, day, kilometre or night. Empty: what the receipt says."),
            "cap": _("Empty: no limit."),
            "label": _("As citizens read it. Empty: the words above."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]
        dress(self)


class ClaimForm(forms.Form):
    """One expense. The same for the organiser and for the citizen on their telephone."""

    rate = forms.ModelChoiceField(label=_("What for"), queryset=Rate.objects.none(), empty_label=_("Choose"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    quantity = forms.DecimalField(
        label=_("How many kilometres, hours, meals or nights"),
        min_value=0,
        max_value=99999,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=_("Leave empty for a ticket."),
    )
    paid = forms.DecimalField(
        label=_("Amount on the receipt, in euros"),
        min_value=0,
        max_value=99999,
        decimal_places=2,
        required=False,
        localize=True,
    )
    receipt = forms.FileField(label=_("Receipt"), required=False, help_text=_("A photograph or a PDF, 20 MB at most."))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, rates: QuerySet[Rate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rates
        dress(self)
        for name in ("quantity", "paid"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        rate = said.get("rate")
        if rate is None:
            return said
        if rate.by_receipt and said.get("paid") is None and "paid" not in self.errors:
            self.add_error("paid", _("Say what the receipt amounts to."))
        if rate.kind in COUNTED and said.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Say how many."))
        if said.get("quantity") is None:
            said["quantity"] = 1
        return said
