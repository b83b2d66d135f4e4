"""The form of a person: the same for the registration page, the organiser's desk and corrections."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panels.domain.volunteers import PersonDraft
from panels.forms.look import dress
from panels.models import Criterion, Value, Volunteer
from panels.rules import OLDEST_BIRTH_YEAR, SCREENER

CRITERION, SCREEN = "criterion_", "screen_"
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
_FEW = 7  # with more values a list is quicker than round buttons


class PersonForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False, help_text=_("Number and street."))
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False)
    language = forms.ChoiceField(
        label=_("Language of our letters"), choices=[("fr", _("French")), ("en", _("English"))]
    )

    identity_names: tuple[str, ...] = (
        "first_name",
        "last_name",
        "email",
        "phone",
        "address",
        "postcode",
        "city",
        "birth_year",
        "language",
    )
    _autocomplete = {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "phone": "tel",
        "address": "street-address",
        "postcode": "postal-code",
        "city": "address-level2",
        "birth_year": "bday-year",
    }

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        reader: str,
        languages: Sequence[str] = ("fr", "en"),
        required: bool = True,
        screener: bool = True,
        autocomplete: bool = False,
        **kwargs: Any,
    ) -> None:
        """``reader``: the language of the page. ``required``: whether every criterion and question must be answered."""
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        year = timezone.now().year
        self.fields["birth_year"].widget = forms.TextInput(
            attrs={"inputmode": "numeric", "maxlength": 4, "class": "input--short"}
        )
        self.fields["birth_year"].help_text = _("Four figures, for example %(year)s.") % {"year": year - 40}
        self.fields["postcode"].widget.attrs["class"] = "input--short"
        self.fields["phone"].widget.attrs.update({"type": "tel"})
        self._keep_languages(languages)
        if autocomplete:
            for name, token in self._autocomplete.items():
                self.fields[name].widget.attrs["autocomplete"] = token
        for criterion in criteria:
            self._add_criterion(criterion, reader, required=required)
        if screener:
            self._add_screener(required=required)
        dress(self)

    def _keep_languages(self, languages: Sequence[str]) -> None:
        if len(languages) < 2:
            del self.fields["language"]

    def _add_criterion(self, criterion: Criterion, reader: str, *, required: bool) -> None:
        values: list[Value] = list(criterion.values.all())
        choices: list[tuple[str, Any]] = [(str(value.pk), value.label(reader)) for value in values]
        few = len(values) <= _FEW
        self.fields[f"{CRITERION}{criterion.pk}"] = forms.ChoiceField(
            label=criterion.label(reader),
            required=required,
            choices=choices if few else [("", _("Choose")), *choices],
            widget=forms.RadioSelect() if few else forms.Select(),
            error_messages={"required": _("Choose an answer.")},
        )

    def _add_screener(self, *, required: bool) -> None:
        for question in SCREENER:
            self.fields[f"{SCREEN}{question.key}"] = forms.ChoiceField(
                label=str(question.text),
                help_text=str(question.help_text),
                choices=YES_NO,
                widget=forms.RadioSelect(),
                required=required,
                error_messages={"required": _("Answer yes or no.")},
            )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not OLDEST_BIRTH_YEAR <= year <= timezone.now().year:
            raise forms.ValidationError(_("Write the year of birth in four figures."))
        return year

    def _fields(self, prefix: str) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name.startswith(prefix))

    @property
    def identity_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.identity_names if name in self.fields]

    @property
    def criteria_fields(self) -> list[forms.BoundField]:
        return list(self._fields(CRITERION))

    @property
    def screener_fields(self) -> list[forms.BoundField]:
        return list(self._fields(SCREEN))

    def draft(self, language: str = "fr") -> PersonDraft:
        """What was typed; ``language`` where the form does not ask."""
        data = self.cleaned_data
        return PersonDraft(
            **{name: data[name] for name in self.identity_names if name != "language"},
            language=data.get("language") or language,
            values={
                int(name.removeprefix(CRITERION)): int(value)
                for name, value in data.items()
                if name.startswith(CRITERION) and value
            },
            screener={
                name.removeprefix(SCREEN): value == "yes"
                for name, value in data.items()
                if name.startswith(SCREEN) and value
            },
        )


def initial_from(volunteer: Volunteer, values: Mapping[int, int]) -> dict[str, Any]:
    """What is known of a person, for the form that corrects it."""
    identity = volunteer.identity
    known = {name: getattr(identity, name) for name in PersonForm.identity_names}
    return {**known, **{f"{CRITERION}{criterion}": str(value) for criterion, value in values.items()}}


class RegistrationForm(PersonForm):
    """The public page. ``website`` is for programs that fill in everything; people never meet it."""

    consent = forms.BooleanField(
        label=_(
            "I volunteer, and I agree that what I have written here is used for this conference as explained above."
        ),
        error_messages={"required": _("We can only note your registration if you agree.")},
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, autocomplete=True, **kwargs)
        self.order_fields(
            [name for name in self.fields if name not in {"consent", "website"}]
        )  # errors in the page's order
        for name in ("email", "postcode", "birth_year"):
            self.fields[name].required = True
        self.fields["email"].help_text = _("We send a link to it: your registration counts once you have used it.")
        self.fields["phone"].help_text = _("So that we can reach you if a mail gets lost.")
        self.fields["address"].help_text = _("Number and street. At most one person per household is drawn.")
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class TypedForm(PersonForm):
    """A person who answered on paper or by telephone."""

    channel = forms.ChoiceField(
        label=_("How did this person answer?"),
        choices=[("paper", _("On paper")), ("telephone", _("By telephone"))],
        widget=forms.RadioSelect(),
    )
    consented_on = forms.DateField(
        label=_("Day on which the person agreed"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on the paper form, or of the call."),
    )

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day > timezone.now().date() + timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come."))
        return day


class DecisionForm(forms.Form):
    """Admit or not. The two buttons of the form carry the choice."""

    decision = forms.ChoiceField(choices=[("admit", "admit"), ("exclude", "exclude")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the decision. The person may ask for it."),
        error_messages={
            "required": _("Write the reason: it is kept with the decision, and the person may ask for it.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
