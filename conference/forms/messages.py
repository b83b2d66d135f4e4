"""Forms of the messages' pages: what to list, and when a message is to leave instead."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conference.forms.fields import LocalMomentField, settle
from conference.mail.enums import Kind, State
from conference.mail.models import Message, MessageQuerySet
from conference.models import Conference

COMING = "coming"  # beside the states: all that has not gone out yet


class MessageFilter(forms.Form):
    """What the list shows. Anything unreadable is ignored: a list never fails."""

    state = forms.ChoiceField(required=False, choices=[(COMING, ""), *State.choices])
    kind = forms.ChoiceField(label=_("Kind of message"), required=False, choices=Kind.choices)
    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference

    def _day(self, name: str, plus: int = 0) -> datetime | None:
        day = self.cleaned_data.get(name)
        return datetime.combine(day + timedelta(days=plus), time(0), self.conference.zone) if day else None

    def narrowed(self, messages: MessageQuerySet) -> MessageQuerySet:
        """By kind, person and dates; the state is a tab of its own, so that each tab can show its count."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            messages = messages.filter(kind=kind)
        for word in (self.cleaned_data.get("person") or "").split()[:5]:
            messages = messages.filter(Q(recipient_name__icontains=word) | Q(recipient_email__icontains=word))
        if since := self._day("since"):
            messages = messages.filter(Q(sent_at__gte=since) | Q(sent_at=None, due_at__gte=since))
        if until := self._day("until", plus=1):
            messages = messages.filter(Q(sent_at__lt=until) | Q(sent_at=None, due_at__lt=until))
        return messages

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("kind", "person", "since", "until"))


class MoveForm(forms.Form):
    """Another time for a message that waits."""

    due_at = LocalMomentField(label=_("When it is to leave"))

    def __init__(self, data: QueryDict | None = None, *, message: Message, conference: Conference) -> None:
        super().__init__(data, initial={"due_at": message.due_at})
        self.zone = conference.zone
        field = self.fields["due_at"]
        assert isinstance(field, LocalMomentField)
        field.zone = conference.zone

    def clean(self) -> dict[str, Any]:
        super().clean()
        settle(self, "due_at", self.zone)
        return self.cleaned_data
