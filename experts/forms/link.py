"""What experts fill in on their own pages."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.file_kinds import EXTENSIONS
from conference.models import Conference
from conference.words import hour
from experts.domain.availability import HalfDay, is_available
from experts.models import Availability
from experts.scale import choices_of

ACCEPT = ",".join(f".{extension}" for extension in EXTENSIONS)


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
    employer = forms.CharField(
        label=_("Who employs or pays you (optional, if it is not your affiliation)"), max_length=200, required=False
    )
    speaks = forms.CharField(label=_("Languages that you speak (optional)"), max_length=160, required=False)
    biography = forms.CharField(
        label=_("Two or three sentences about you (optional)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The public page shows them."),
    )

    def __init__(self, *args: Any, conference: Conference, kept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["position"]).choices = choices_of(conference, kept=kept)


class NewLinkForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class AvailabilityForm(forms.Form):
    """A tick for each half-day of each session that is held."""

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        half_days: Iterable[HalfDay],
        stretches: Iterable[Availability],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.half_days = list(half_days)
        kept = list(stretches)
        # What lies outside the days on offer (a session that is over, or was moved) is not this form's to take away.
        self.outside = [(one.starts_at, one.ends_at) for one in kept if not self._touches(one)]
        for half in self.half_days:
            start, end = hour(conference, half.starts_at), hour(conference, half.ends_at)
            words = _("Morning, %(start)s to %(end)s") if half.is_morning else _("Afternoon, %(start)s to %(end)s")
            self.fields[half.key] = forms.BooleanField(
                label=words % {"start": start, "end": end},
                required=False,
                initial=is_available(kept, half.starts_at, half.ends_at),
            )

    def groups(self) -> list[tuple[HalfDay, list[forms.BoundField]]]:
        """The ticks of one day of one session together."""
        days = groupby(self.half_days, key=lambda half: (half.session.pk, half.starts_at.date()))
        result = []
        for _day, halves in days:
            together = list(halves)
            result.append((together[0], [self[half.key] for half in together]))
        return result

    def _touches(self, stretch: Availability) -> bool:
        return any(half.starts_at < stretch.ends_at and stretch.starts_at < half.ends_at for half in self.half_days)

    def ticked(self) -> list[tuple[dt.datetime, dt.datetime]]:
        return [(half.starts_at, half.ends_at) for half in self.half_days if self.cleaned_data[half.key]]

    def stretches(self) -> list[tuple[dt.datetime, dt.datetime]]:
        return [*self.outside, *self.ticked()]


class PaperForm(forms.Form):
    """A document handed in. What the file really is, the domain finds out."""

    title = forms.CharField(label=_("What it is"), max_length=160, help_text=_("For example: slides of my talk."))
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_(
            "PDF, PowerPoint (.pptx), Word (.docx), OpenDocument (.odp, .odt), text or image; 20 MB at most, no macros."
        ),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_("Only those who run the conference open it. On your pages it asks for a code sent by mail."),
    )


class ExpenseForm(forms.Form):
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    label = forms.CharField(
        label=_("What for"), max_length=160, help_text=_("For example: train from Nantes to Lyon, second class.")
    )
    amount = forms.DecimalField(
        label=_("Amount, in euros"),
        max_digits=8,
        decimal_places=2,
        localize=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    receipt = forms.FileField(
        label=_("Receipt (a photograph or a PDF)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come: add the line once you have paid."))
        return day


class SignForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, as a signature"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits of the message"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-field", "autofocus": True}
        ),
    )
