"""Taking an item to another hour, room or session."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conference.models import Item, Room
from experts.forms.running_order.fields import (
    day_field,
    hour_field,
    moment_in,
    rooms_of,
    session_field,
    sessions_of,
)


class MoveForm(forms.Form):
    """``seen``: where the item stood when the person looked; somebody else may have moved it since."""

    session = session_field()
    day = day_field()
    begins = hour_field()
    room = forms.ModelChoiceField(
        queryset=Room.objects.none(), label=_("Room"), required=False, empty_label=_("No room said")
    )
    follow = forms.BooleanField(
        label=_("What stands there makes way"),
        required=False,
        help_text=_(
            "What it would overlap begins later, with what follows in the same room. Without the tick everything stays "
            "where it is, and the page warns of what is there twice."
        ),
    )
    lengthen = forms.BooleanField(required=False)  # on the page only where it helps: see ``offer``
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    offer = ""  # what the tick to lengthen the session says

    def __init__(self, data: QueryDict | None = None, *, item: Item) -> None:
        conference = item.session.conference
        local = conference.local(item.starts_at)
        initial = {
            "session": item.session_id,
            "day": local.date(),
            "begins": local.time(),
            "room": item.room_id,
            "follow": True,
            "seen": item.starts_at.isoformat(),
        }
        super().__init__(data, initial=initial)
        self.conference = conference
        self.fields["session"].queryset = sessions_of(conference)  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms_of(conference)  # type: ignore[attr-defined]

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["starts_at"] = moment_in(self, self.conference)
        return self.cleaned_data
