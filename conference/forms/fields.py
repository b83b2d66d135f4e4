"""Fields for hours on the conference's own clock, and for groups of fields on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

DATETIME_LOCAL = "%Y-%m-%dT%H:%M"


def on_clock(zone: ZoneInfo, day: date, hour: time) -> datetime:
    """The moment when the clocks of that zone show this. An hour that a night of clock change skips is refused; of an
    hour that comes twice, the first is meant."""
    shown = datetime.combine(day, hour)
    if not MINYEAR < day.year < MAXYEAR:  # the clocks of another place may show a year that there is not
        raise forms.ValidationError(_("This year is out of reach."), code="year")
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != shown:
        raise forms.ValidationError(
            _("This hour does not exist: clocks go forward that night. Choose an hour before or after."), code="skipped"
        )
    return moment


class LocalMomentField(forms.DateTimeField):
    """A day and an hour as typed, without a zone: the form gives it the conference's, with ``settle``."""

    zone = ZoneInfo("UTC")

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=DATETIME_LOCAL, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[DATETIME_LOCAL, DATETIME_LOCAL + ":%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> Any:
        with timezone.override(UTC):
            typed = super().to_python(value)
        return typed.replace(tzinfo=None) if typed else None


def settle(form: forms.BaseForm, name: str, zone: ZoneInfo) -> None:
    """Put what was typed in a ``LocalMomentField`` on the clock of this zone."""
    typed = form.cleaned_data.get(name)
    if typed is None:
        return
    try:
        form.cleaned_data[name] = on_clock(zone, typed.date(), typed.time())
    except forms.ValidationError as error:
        form.add_error(name, error)


@dataclass(frozen=True)
class Fieldset:
    """Fields that belong together on the page."""

    legend: str | Promise
    fields: Sequence[forms.BoundField]
    hint: str | Promise = ""


def fieldsets_of(
    form: forms.BaseForm, plan: Sequence[tuple[str | Promise, str | Promise, Sequence[str]]]
) -> list[Fieldset]:
    """(legend, hint, names of fields) as bound fields, without those that this form does not have."""
    sets = [
        Fieldset(legend, [form[name] for name in names if name in form.fields], hint) for legend, hint, names in plan
    ]
    return [group for group in sets if group.fields]
