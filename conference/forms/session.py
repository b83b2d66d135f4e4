"""A session: a day and hours on the conference's clock."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.enums import Capability, Role
from conference.forms.fields import on_clock
from conference.models import Conference, Membership, Session
from conference.rules import may


class FacilitatorsField(forms.ModelMultipleChoiceField[Membership]):
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user} · {obj.get_role_display()}"


class SessionForm(forms.ModelForm[Session]):
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d"]
    )
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        help_text=_("Only if it ends on another day."),
    )

    class Meta:
        model = Session
        fields = ["title", "kind", "place", "link", "description", "is_public"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "place": _("Street and town, as one would tell somebody who comes by train."),
            "link": _("If one can take part or follow from afar. Published with the programme."),
            "is_public": _("Hearings are usually open; deliberation and drafting never are."),
        }

    field_order = [
        "title",
        "kind",
        "day",
        "begins",
        "ends",
        "last_day",
        "place",
        "link",
        "facilitators",
        "description",
        "is_public",
    ]

    def __init__(self, *args: Any, zone: ZoneInfo, conference: Conference | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        if conference:
            self._offer_facilitators(conference)
        if self.instance.pk:
            start, end = self.instance.starts_at.astimezone(zone), self.instance.ends_at.astimezone(zone)
            self.initial.update({"day": start.date(), "begins": start.time(), "ends": end.time()})
            if start.date() != end.date():
                self.initial["last_day"] = end.date()

    def _offer_facilitators(self, conference: Conference) -> None:
        """Colleagues whose role may, and those who are named already."""
        roles = [role for role in Role if may(role, Capability.FACILITATE)]
        members = Membership.objects.filter(conference=conference).select_related("user")
        named = self.instance.facilitators.values("pk") if self.instance.pk else []
        self.fields["facilitators"] = FacilitatorsField(
            queryset=members.filter(Q(role__in=roles) | Q(pk__in=named)),
            label=_("Who facilitates"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Named in the programme."),
        )
        if self.instance.pk:
            self.initial["facilitators"] = list(self.instance.facilitators.all())
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        starts = self._moment("begins", data.get("day"), data.get("begins"))
        ends = self._moment("ends", data.get("last_day") or data.get("day"), data.get("ends"))
        if starts and ends:
            # Compared as moments: on a night of clock change the wall clock would mislead.
            if ends <= starts:
                self.add_error("ends", _("A session must end after it starts."))
            data |= {"starts_at": starts, "ends_at": ends}
        return data

    def _moment(self, name: str, day: Any, hour: time | None) -> datetime | None:
        if day is None or hour is None:
            return None
        try:
            return on_clock(self.zone, day, hour)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return None

    def _post_clean(self) -> None:
        # The model's own check needs both ends of the session, which are made of four fields here.
        for name in ("starts_at", "ends_at"):
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        super()._post_clean()  # type: ignore[misc]

    def values(self) -> Mapping[str, Any]:
        """What the domain stores."""
        names = [*self._meta.fields, "starts_at", "ends_at"]  # type: ignore[misc]
        if "facilitators" in self.fields:
            names.append("facilitators")
        return {name: self.cleaned_data[name] for name in names}


class FirstSessionForm(SessionForm):
    """On the page where a conference is created: a row that may stay empty."""

    class Meta(SessionForm.Meta):
        fields = ["title", "kind", "place"]

    field_order = ["title", "kind", "day", "begins", "ends", "place"]
    last_day = None  # type: ignore[assignment]


class CancelSessionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The log keeps it."),
    )
