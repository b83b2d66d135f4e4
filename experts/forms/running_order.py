"""An item of the running order with those who speak in it, a template to lay, days to shift."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.forms.fields import on_clock
from conference.method import plans
from conference.models import Conference, Item, Membership, Room, Session
from experts.domain.running_order import GONE
from experts.models import Expert

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ItemForm(forms.ModelForm[Item]):
    day = forms.DateField(label=_("Day"), widget=DAY, input_formats=["%Y-%m-%d"])
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    new_room = forms.CharField(
        label=_("or a new room"),
        max_length=80,
        required=False,
        help_text=_("It is added to the rooms of the conference."),
    )
    experts = forms.ModelMultipleChoiceField(
        label=_("Who speaks"), queryset=Expert.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Item
        fields = ["session", "kind", "title", "minutes", "room", "lead", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"note": _("For those who run it: material, groups, what to do when time is short. Never public.")}

    field_order = [
        "title",
        "kind",
        "session",
        "day",
        "begins",
        "minutes",
        "room",
        "new_room",
        "experts",
        "lead",
        "note",
    ]

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        choices: dict[str, Any] = {
            "session": Session.objects.filter(conference=conference).held(),
            "room": Room.objects.filter(conference=conference),
            "lead": Membership.objects.filter(conference=conference).select_related("user"),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        speaking = (
            Expert.objects.filter(contributions__item=self.instance) if self.instance.pk else Expert.objects.none()
        )
        self.fields["experts"].queryset = (  # type: ignore[attr-defined]
            Expert.objects.filter(conference=conference)
            .filter(~Q(state__in=GONE) | Q(pk__in=speaking.values("pk")))
            .distinct()
        )
        if self.instance.pk:
            local = conference.local(self.instance.starts_at)
            self.initial.update({"day": local.date(), "begins": local.time(), "experts": list(speaking)})

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("day") and data.get("begins") is not None:
            try:
                data["starts_at"] = on_clock(self.conference.zone, data["day"], data["begins"])
            except forms.ValidationError as error:
                self.add_error("begins", error)
        return data

    def values(self) -> dict[str, Any]:
        """What the running order stores."""
        names = ("session", "kind", "title", "minutes", "room", "lead", "note", "starts_at")
        return {name: self.cleaned_data[name] for name in names}


class LayForm(forms.Form):
    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    first_day = forms.DateField(label=_("First day"), widget=DAY, input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "fr")[:2]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (plan.key, f"{plan.name(language)}. {plan.about(language)}") for plan in plans().values()
        ]


class ShiftForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days"), min_value=-366, max_value=366, help_text=_("7 for a week later, -7 for a week earlier.")
    )
