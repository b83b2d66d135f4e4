"""What the pages of the pool show of a person, fetched and worded in one place."""

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Conference
from panels.models import Criterion, Volunteer
from panels.rules import SCREENER


def reader() -> str:
    return get_language() or "fr"


def volunteer_of(conference: Conference, reference: str) -> Volunteer:
    """A volunteer of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(
        Volunteer.objects.select_related("conference", "identity", "decided_by"),
        conference=conference,
        reference=reference,
    )


def answers_of(volunteer: Volunteer) -> list[tuple[str, str, bool]]:
    """The screener as it was answered: question, answer, whether it raises a doubt."""
    return [
        (
            str(question.text),
            _("Yes") if volunteer.screener[question.key] else _("No"),
            volunteer.screener[question.key] is question.doubtful,
        )
        for question in SCREENER
        if question.key in volunteer.screener
    ]


def traits_of(volunteer: Volunteer, criteria: list[Criterion]) -> list[tuple[str, str]]:
    language = reader()
    values = {trait.criterion_id: trait.value.label(language) for trait in volunteer.traits.all()}
    return [(criterion.label(language), values.get(criterion.pk, "")) for criterion in criteria]
