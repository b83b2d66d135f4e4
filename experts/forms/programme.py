"""An expert's part in a session."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Item, Session
from conference.words import moment
from experts.forms.fields import SessionField, choices
from experts.models import Contribution, Expert

DATETIME_LOCAL = "%Y-%m-%dT%H:%M"


class ItemByHour(forms.ModelChoiceField[Item]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{moment(obj.session.conference, obj.starts_at)} · {obj.title}"


class ContributionForm(forms.ModelForm[Contribution]):
    """Hours are typed and shown on the conference's clock: the view activates its time zone around form and page."""

    item = ItemByHour(
        label=_("Item of the running order"),
        queryset=Item.objects.none(),
        required=False,
        empty_label=_("None yet"),
        help_text=_("Session, hour and minutes then are those of the item, and follow it when it moves."),
    )
    session = SessionField(
        label=_("Session"), queryset=Session.objects.none(), required=False, help_text=_("If no item is chosen yet.")
    )

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
        items = Item.objects.held().filter(session__conference=expert.conference).select_related("session__conference")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        if self.instance.item_id:
            # What follows the item is not typed beside it.
            self.initial["item"] = self.instance.item_id
            self.fields["item"].required = True
            for name in ("session", "subject", "starts_at", "minutes", "question_minutes"):
                del self.fields[name]
        elif not items:
            del self.fields["item"]
            self.fields["session"].required = True
            self.fields["session"].help_text = ""
        else:
            self.order_fields(["item"])

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"expert"}  # type: ignore[misc, no-any-return]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("item"):
            for name in ("session", "starts_at", "minutes", "question_minutes"):
                self.errors.pop(name, None)
            return data
        session, start = data.get("session"), data.get("starts_at")
        if not session and "session" in self.fields and "session" not in self.errors:
            self.add_error("session", _("Choose an item of the running order, or a session."))
        if session and start and not session.starts_at <= start < session.ends_at:
            begin, end = (timezone.localtime(moment) for moment in (session.starts_at, session.ends_at))
            self.add_error(
                "starts_at",
                _("This lies outside the session, which goes from %(begin)s to %(end)s.")
                % {"begin": begin.strftime("%d/%m/%Y %H:%M"), "end": end.strftime("%d/%m/%Y %H:%M")},
            )
        return data
