"""The settings of a conference, when it is created (the essential) and later (all of them)."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference import rules
from conference.forms.fields import Fieldset, LocalMomentField, fieldsets_of, settle
from conference.models import Conference
from conference.models.conference import LANGUAGE_CHOICES
from conference.rules import is_quiet

USUAL_ZONES = (
    "Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "Europe/London", "Europe/Berlin",
    "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "America/Montreal",
    "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis",
)  # fmt: skip
REGIONS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
MOMENTS = ("reply_deadline", "registration_opens", "registration_closes")

PLAN: list[tuple[str | Promise, str | Promise, list[str]]] = [
    (
        _("The question"),
        _("In plain words and open: a question that can be answered in more than one way."),
        ["title", "question", "summary"],
    ),
    (
        _("Who commissions and pays"),
        _(
            "The public page shows it: citizens have a right to know who asks, who pays, and what becomes of their answer."
        ),
        ["commissioner", "commissioner_pledge", "funding", "organised_by"],
    ),
    (
        _("Contact"),
        _("Citizens, experts and the public turn there."),
        ["contact_name", "contact_email", "contact_phone"],
    ),
    (_("Languages and time zone"), "", ["language", "languages", "timezone"]),
    (_("Seats"), "", ["seats", "seats_reason", "alternates", "one_per_household", "auto_replace"]),
    (
        _("Answers and reminders"),
        "",
        ["reply_deadline", "reply_days_for_alternates", "reminder_days", "session_reminder_days"],
    ),
    (
        _("When the program writes"),
        _(
            "For what leaves by itself: reminders, and the call-up of alternates. What you send by a click goes at once."
        ),
        ["reminder_hour", "quiet_from", "quiet_to", "weekend_messages"],
    ),
    (_("What citizens receive"), "", ["allowance", "support"]),
    (
        _("Registration"),
        _("Without an opening date, nobody can register on the public page."),
        ["registration_opens", "registration_closes", "population", "population_source"],
    ),
    (_("Personal data"), "", ["legal_basis", "erase_on"]),
]


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    known = available_timezones()
    usual = [zone for zone in USUAL_ZONES if zone in known]
    others = sorted(zone for zone in known - set(usual) if zone.split("/")[0] in REGIONS)
    return [("", [(zone, _city(zone)) for zone in usual]), ("—", [(zone, _city(zone)) for zone in others])]


def _city(zone: str) -> str:
    region, _slash, city = zone.partition("/")
    return f"{city.replace('_', ' ')} ({region})"


class ConferenceForm(forms.ModelForm[Conference]):
    """Every setting. Hours are typed on the clock of the time zone chosen in the same form."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Citizens and experts receive letters and pages in theirs."),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Sessions that are entered already keep their moment.")
    )
    reply_deadline = LocalMomentField(
        label=_("Reply deadline"), required=False, help_text=_("By when those who are invited to a seat answer.")
    )
    registration_opens = LocalMomentField(label=_("Registration opens"), required=False)
    registration_closes = LocalMomentField(label=_("Registration closes"), required=False)

    class Meta:
        model = Conference
        fields = [name for _legend, _hint, names in PLAN for name in names]
        widgets = {
            "question": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 8}),
            "commissioner_pledge": forms.Textarea(attrs={"rows": 3}),
            "funding": forms.Textarea(attrs={"rows": 2}),
            "seats_reason": forms.Textarea(attrs={"rows": 3}),
            "allowance": forms.Textarea(attrs={"rows": 3}),
            "support": forms.Textarea(attrs={"rows": 3}),
            "legal_basis": forms.Textarea(attrs={"rows": 3}),
            "reminder_hour": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "erase_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "title": _("A short name that citizens will recognise."),
            "question": _("As it will be put to the citizens, word for word."),
            "summary": _("Why this question, why now, and what is at stake. Ten lines that anybody understands."),
            "commissioner": _("The authority that asks the question and will receive the citizens’ statement."),
            "commissioner_pledge": _(
                "For example: “The ministry will answer each recommendation in writing within three months.”"
            ),
            "funding": _("Who pays, how much, and to whom."),
            "organised_by": _("Who runs the conference, independently of the commissioner."),
            "alternates": _("Drawn with the panel, called up when a seat comes free."),
            "erase_on": _("On that day, names and addresses are erased; the draw stays verifiable."),
            "population": _("For example: inhabitants of the region aged 18 and over."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_zones()
        for name in ("reminder_days", "session_reminder_days"):
            if isinstance(self.fields.get(name), SimpleArrayField):
                self.fields[name].help_text = _("Whole days, separated by commas: 3, 7.")
        for name in MOMENTS:
            if isinstance(field := self.fields.get(name), LocalMomentField):
                field.zone = self.instance.zone

    def _offer_zones(self) -> None:
        field = self.fields["timezone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = zone_choices()

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_seats()
        self._check_languages()
        self._check_hours()
        zone = ZoneInfo(self.cleaned_data.get("timezone") or "Europe/Paris")
        for name in MOMENTS:
            settle(self, name, zone)
        opens, closes = self.cleaned_data.get("registration_opens"), self.cleaned_data.get("registration_closes")
        if opens and closes and closes <= opens:
            self.add_error("registration_closes", _("Registration must close after it opens."))
        return self.cleaned_data

    def _check_seats(self) -> None:
        seats = self.cleaned_data.get("seats")
        if seats is None or rules.SEATS_MIN <= seats <= rules.SEATS_MAX:
            return
        if not self.cleaned_data.get("seats_reason", "").strip() and not self.has_error("seats_reason"):
            self.add_error(
                "seats_reason",
                _("A panel has 15 to 20 seats. For another number, write the reason: the public page will show it."),
            )

    def _check_hours(self) -> None:
        hour, start, end = (self.cleaned_data.get(name) for name in ("reminder_hour", "quiet_from", "quiet_to"))
        if hour is not None and start is not None and end is not None and is_quiet(hour, start, end):
            self.add_error("reminder_hour", _("This hour lies in the quiet hours. Choose one outside of them."))

    def _check_languages(self) -> None:
        languages, main = self.cleaned_data.get("languages"), self.cleaned_data.get("language")
        if languages and main and main not in languages:
            self.add_error("languages", _("The main language must be one of the languages."))

    def _get_validation_exclusions(self) -> set[str]:
        # The constraint on seats would repeat, without a field, what _check_seats says beside the field.
        return super()._get_validation_exclusions() | {"seats_reason"}  # type: ignore[misc, no-any-return]

    @property
    def fieldsets(self) -> list[Fieldset]:
        return fieldsets_of(self, PLAN)


class CreateForm(ConferenceForm):
    """The essential, to begin with; all else has a default and is found in the settings."""

    class Meta(ConferenceForm.Meta):
        fields = [
            "title", "question", "summary", "commissioner", "commissioner_pledge", "funding", "organised_by",
            "contact_name", "contact_email", "contact_phone", "language", "languages", "timezone", "seats", "seats_reason",
            "reply_deadline",
        ]  # fmt: skip

    registration_opens = None  # type: ignore[assignment]
    registration_closes = None  # type: ignore[assignment]
