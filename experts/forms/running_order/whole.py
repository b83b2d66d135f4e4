"""The programme as a whole: a template to lay, a shift, and its rooms."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.domain.whole_programme import Shift
from conference.method import plans
from conference.models import Conference, Room, Session
from experts.forms.fields import SessionField
from experts.forms.running_order.fields import DAY, sessions_of

LATEST = date(2199, 12, 31)  # the days that follow the first must exist too


class LayForm(forms.Form):
    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    first_day = forms.DateField(
        label=_("First day"), widget=DAY, input_formats=["%Y-%m-%d"], validators=[MaxValueValidator(LATEST)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "fr")[:2]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (plan.key, f"{plan.name(language)}. {plan.about(language)}") for plan in plans().values()
        ]


class ShiftForm(forms.Form):
    """Everything to come or one session; by days and minutes, or to a new first day."""

    session = SessionField(
        queryset=Session.objects.none(),
        label=_("What is shifted"),
        required=False,
        empty_label=_("Every session to come"),
    )
    first_day = forms.DateField(
        label=_("New first day"),
        widget=DAY,
        input_formats=["%Y-%m-%d"],
        required=False,
        help_text=_("The first of these sessions goes to this day, and the others keep their distance from it."),
    )
    days = forms.IntegerField(
        label=_("or by so many days"),
        min_value=-366,
        max_value=366,
        required=False,
        help_text=_("7 for a week later, -7 for a week earlier."),
    )
    minutes = forms.IntegerField(
        label=_("and minutes"),
        min_value=-720,
        max_value=720,
        required=False,
        help_text=_("15 to begin a quarter of an hour later, -15 for earlier."),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions_of(conference)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        first_day: date | None = data.get("first_day")
        if first_day and data.get("days"):
            self.add_error("days", _("Give a new first day or a number of days, not both."))
        elif not first_day and not data.get("days") and not data.get("minutes"):
            self.add_error("first_day", _("Say to which day, or by how many days or minutes."))
        return data

    def shift(self) -> Shift:
        data = self.cleaned_data
        session: Session | None = data["session"]
        return Shift(
            days=data["days"] or 0,
            minutes=data["minutes"] or 0,
            first_day=data["first_day"],
            session_id=session.pk if session else None,
        )


class RoomForm(forms.ModelForm[Room]):
    class Meta:
        model = Room
        fields = ["name"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Room.objects.filter(conference=self.instance.conference).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("There is a room of this name already."))
        return name
