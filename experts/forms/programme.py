"""An expert's part in a session."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Session
from experts.forms.fields import SessionField, choices
from experts.models import Contribution, Expert

DATETIME_LOCAL = "%Y-%m-%dT%H:%M"


class ContributionForm(forms.ModelForm[Contribution]):
    """Hours are typed and shown on the conference's clock: the view activates its time zone around form and page."""

    session = SessionField(label=_("Session"), queryset=Session.objects.none())

    class Meta:
        model = Contribution
        fields = ["session", "subject", "starts_at", "minutes", "question_minutes"]
        labels = {"subject": _("Subject of the talk")}
        widgets = {"starts_at": forms.DateTimeInput(format=DATETIME_LOCAL, attrs={"type": "datetime-local"})}
        help_texts = {
            "starts_at": _("May stay empty as long as the running order is not fixed."),
            "subject": _("In words that citizens understand."),
        }

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.expert = expert
        choices(
            self, "session", Session.objects.held().filter(conference=expert.conference).select_related("conference")
        )

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"expert"}  # type: ignore[misc, no-any-return]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        session, start = data.get("session"), data.get("starts_at")
        if session and start and not session.starts_at <= start < session.ends_at:
            begin, end = (timezone.localtime(moment) for moment in (session.starts_at, session.ends_at))
            self.add_error(
                "starts_at",
                _("This lies outside the session, which goes from %(begin)s to %(end)s.")
                % {"begin": begin.strftime("%d/%m/%Y %H:%M"), "end": end.strftime("%d/%m/%Y %H:%M")},
            )
        return data
