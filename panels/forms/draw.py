"""What organisers fill in for the draw: why again, when and how the ticket is drawn, which one it was."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.forms.fields import LocalMomentField, settle
from conference.models import Conference
from panels.domain.draws.ceremony import GRACE
from panels.enums import Choosing
from panels.forms.look import dress
from panels.models import Draw


class DrawForm(forms.Form):
    """Preparing a draw. Only one that replaces a draw whose ticket was drawn asks for a reason; the domain decides."""

    reason = forms.CharField(
        label=gettext_lazy("Why draw again?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("The first draw stays visible, with this reason beside it."),
    )

    def __init__(self, *args: Any, before: Draw | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if before is None:
            del self.fields["reason"]
        dress(self)


HINTS = {
    Choosing.BALLS: gettext_lazy("Balls numbered 0 to 9 in a bag: one for each digit, put back each time."),
    Choosing.DICE: gettext_lazy("Dice with the faces 0 to 9: one throw for each digit."),
    Choosing.SOURCE: gettext_lazy(
        "Digits that are published after the announcement, for example a state lottery’s. "
        "Say below which, of which day, and how they are read."
    ),
    Choosing.PROGRAM: gettext_lazy(
        "Nothing is drawn in the room: the program computes the ticket. "
        "This rests on trust, since somebody with access to the server could know the outcome beforehand."
    ),
}


class AnnounceForm(forms.Form):
    """What is published with the fingerprint. The hour is on the conference's own clock."""

    choosing = forms.ChoiceField(
        label=gettext_lazy("How is the ticket drawn?"), widget=forms.RadioSelect, choices=Choosing.choices
    )
    choosing_note = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy(
            "Who draws, with what, before whom. For a public source: its name, the day, and how the digits follow from it."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    reveal_at = LocalMomentField(label=gettext_lazy("Day and hour of the draw"))
    reveal_place = forms.CharField(
        label=gettext_lazy("Where"),
        help_text=gettext_lazy("The room with its address, or the address of the broadcast. Everybody can read it."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        moment = self.fields["reveal_at"]
        moment.zone = conference.zone  # type: ignore[attr-defined]
        moment.help_text = _(
            "On the clock of the conference (%(zone)s). Before this moment nobody can draw the ticket."
        ) % {"zone": conference.timezone}
        dress(self)

    @property
    def ways(self) -> list[tuple[Any, str]]:
        """The buttons of the first question, each with what it means."""
        return [(radio, str(HINTS[Choosing(radio.data["value"])])) for radio in self["choosing"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        settle(self, "reveal_at", self.conference.zone)
        at: datetime | None = cleaned.get("reveal_at")
        if at and at < timezone.now() - GRACE:
            self.add_error("reveal_at", _("The moment of the draw has passed already. Choose a later one."))
        if cleaned.get("choosing") == Choosing.SOURCE and not cleaned.get("choosing_note"):
            self.add_error(
                "choosing_note",
                _("Name the public source, and how the digits follow from it, so that anybody can repeat it."),
            )
        return cleaned


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is the announcement withdrawn?"),
        help_text=gettext_lazy("Everybody can read it on the public page, for ever, beside the announcement."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class TicketForm(forms.Form):
    """The digits that were drawn; as typed, spaces between them or not."""

    ticket = forms.CharField(max_length=40)

    def __init__(self, *args: Any, draw: Draw, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draw = draw

    def clean_ticket(self) -> int:
        typed = re.sub(r"\s", "", self.cleaned_data["ticket"])
        if not re.fullmatch(r"[0-9]+", typed) or len(typed) != self.draw.digits or int(typed) >= self.draw.tickets:
            raise forms.ValidationError(
                _("“%(typed)s” is not a ticket. Type %(digits)s digits, from %(first)s to %(last)s.")
                % {
                    "typed": self.cleaned_data["ticket"],
                    "digits": self.draw.digits,
                    "first": "0" * self.draw.digits,
                    "last": self.draw.tickets - 1,
                }
            )
        return int(typed)


class WitnessForm(forms.Form):
    """Who was there. Everybody can read it."""

    witnesses = forms.CharField(
        label=gettext_lazy("Who drew, and who watched"),
        help_text=gettext_lazy("As it shall stand on the public page: names or functions."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
