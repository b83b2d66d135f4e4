"""What the forms of the running order share: a day and an hour on the conference's clock, sessions and rooms by name."""

from datetime import datetime

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.forms.fields import on_clock
from conference.models import Conference, Room, Session
from conference.words import hour
from experts.forms.fields import SessionField

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
HOUR = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "300"})


def session_field() -> SessionField:
    return SessionField(queryset=Session.objects.none(), label=_("Session"), empty_label=None)


def day_field() -> forms.DateField:
    return forms.DateField(label=_("Day"), widget=DAY, input_formats=["%Y-%m-%d"])


def hour_field() -> forms.TimeField:
    return forms.TimeField(label=_("From"), widget=HOUR)


def sessions_of(conference: Conference) -> QuerySet[Session]:
    return Session.objects.filter(conference=conference).held().select_related("conference")


def rooms_of(conference: Conference) -> QuerySet[Room]:
    return Room.objects.filter(conference=conference)


def moment_in(form: forms.BaseForm, conference: Conference) -> datetime | None:
    """The day and the hour that were typed, as a moment; an hour that a night skips becomes an error at its field."""
    day, begins = form.cleaned_data.get("day"), form.cleaned_data.get("begins")
    if day is None or begins is None:
        return None
    try:
        return on_clock(conference.zone, day, begins)
    except forms.ValidationError as error:
        form.add_error("begins", error)
        return None


def lengthening(session: Session, ends_at: datetime) -> str:
    """What the tick says with which the next press lengthens the session."""
    return gettext("Lengthen “%(session)s” until %(hour)s") % {
        "session": session.title,
        "hour": hour(session.conference, ends_at),
    }
