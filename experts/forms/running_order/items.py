"""An item of the running order with those who speak in it."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Item, Membership
from experts.domain.running_order import GONE
from experts.forms.running_order.fields import (
    day_field,
    hour_field,
    moment_in,
    rooms_of,
    session_field,
    sessions_of,
)
from experts.models import Expert

STORED = ("session", "kind", "title", "minutes", "room", "lead", "note", "starts_at")


class SpeakersField(forms.ModelMultipleChoiceField[Expert]):
    """With where each stands: who is put beside whom is what balance is made of."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.get_position_display()}" if obj.position else str(obj)


class ItemForm(forms.ModelForm[Item]):
    """``seen`` holds what stood there when the form was opened, so that nobody saves over another unawares."""

    session = session_field()
    day = day_field()
    begins = hour_field()
    new_room = forms.CharField(
        label=_("or a new room"),
        max_length=80,
        required=False,
        help_text=_("It is added to the rooms of the conference."),
    )
    experts = SpeakersField(
        label=_("Who speaks"), queryset=Expert.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    follow = forms.BooleanField(
        label=_("What comes later follows"),
        required=False,
        help_text=_(
            "What follows in the same room on that day moves by as much as this one is moved, lengthened or shortened."
        ),
    )
    lengthen = forms.BooleanField(required=False)  # on the page only where it helps: see ``offer``
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=6000)

    class Meta:
        model = Item
        fields = ["kind", "title", "minutes", "room", "lead", "note"]
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
        "follow",
        "experts",
        "lead",
        "note",
    ]

    offer = ""  # what the tick to lengthen the session says

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        item = self.instance if self.instance.pk else None
        speaking = Expert.objects.filter(contributions__item=item) if item else Expert.objects.none()
        choices: dict[str, Any] = {
            "session": sessions_of(conference),
            "room": rooms_of(conference),
            "lead": Membership.objects.filter(conference=conference).select_related("user"),
            "experts": Expert.objects.filter(conference=conference)
            .filter(~Q(state__in=GONE) | Q(pk__in=speaking.values("pk")))
            .order_by("last_name", "first_name")
            .distinct(),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["room"].empty_label = _("No room said")  # type: ignore[attr-defined]
        if not item:
            self.initial.setdefault("follow", True)
            self.fields["follow"].label = _("What stands there makes way")
            self.fields["follow"].help_text = _(
                "What it would overlap begins later, with what follows in the same room. Without the tick everything "
                "stays where it is, and the page warns of what is there twice."
            )
        else:
            local = conference.local(item.starts_at)
            before = values_of(item, [expert.pk for expert in speaking])
            self.initial.update(
                day=local.date(),
                begins=local.time(),
                session=item.session_id,
                experts=list(speaking),
                seen=json.dumps(before),
            )

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"session", "starts_at"}  # type: ignore[misc, no-any-return]

    def clean_seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.cleaned_data["seen"] or "{}")
        except ValueError:
            return {}
        return {str(name): str(value) for name, value in seen.items()} if isinstance(seen, dict) else {}

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["starts_at"] = moment_in(self, self.conference)
        if self.cleaned_data.get("room") and self.cleaned_data.get("new_room"):
            self.add_error("new_room", _("Choose a room of the list or name a new one, not both."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What the running order stores."""
        return {name: self.cleaned_data[name] for name in STORED}


def values_of(item: Item, experts: list[int]) -> dict[str, str]:
    """What an item holds, as text that goes through a hidden field and can be compared."""
    kept = {
        "session": item.session_id,
        "kind": item.kind,
        "title": item.title,
        "minutes": item.minutes,
        "room": item.room_id or "",
        "lead": item.lead_id or "",
        "note": item.note.replace("\r\n", "\n"),
        "starts_at": item.starts_at.isoformat(),
        "experts": ",".join(str(pk) for pk in sorted(experts)),
    }
    return {name: str(value) for name, value in kept.items()}


def typed_values(form: ItemForm) -> Mapping[str, str]:
    """The same of what was typed."""
    data = form.cleaned_data
    item = Item(**{name: data[name] for name in STORED})
    return values_of(item, [expert.pk for expert in data["experts"]])
