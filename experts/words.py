"""What experts read about sessions and citizens, in sentences."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from conference.words import hour, session_when
from experts.models import Contribution
from panels.models import Criterion


def enumerate_words(words: Sequence[str]) -> str:
    """ "a, b and c" """
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def citizens_sentence(conference: Conference, language: str) -> str:
    """Who the citizens are, in aggregate: how many, how chosen, by which criteria. Never a person."""
    with translation.override(language):
        criteria = [criterion.label(language).lower() for criterion in Criterion.objects.filter(conference=conference)]
        seats = ngettext("%(number)s citizen", "%(number)s citizens", conference.seats) % {"number": conference.seats}
        if not criteria:
            return _("You will speak to %(citizens)s, drawn by lot.") % {"citizens": seats}
        return _(
            "You will speak to %(citizens)s, drawn by lot so that together they reflect the population by %(criteria)s."
            " They are neither specialists of the subject nor committed to a side."
        ) % {"citizens": seats, "criteria": enumerate_words(criteria)}


def speaks(contribution: Contribution) -> str:
    """ "from 10.15 am, 20 minutes of talk, 20 minutes of questions" """
    parts = []
    if contribution.starts_at and contribution.hour_holds:
        parts.append(_("from %(hour)s") % {"hour": hour(contribution.session.conference, contribution.starts_at)})
    minutes, asked = contribution.minutes, contribution.question_minutes
    if minutes or not asked:
        parts.append(
            ngettext("%(minutes)s minute of talk", "%(minutes)s minutes of talk", minutes) % {"minutes": minutes}
        )
    if asked:
        parts.append(
            ngettext("%(minutes)s minute of questions", "%(minutes)s minutes of questions", asked) % {"minutes": asked}
        )
    return ", ".join(parts)


def sessions_markdown(contributions: Iterable[Contribution], language: str) -> str:
    """The expert's sessions as a Markdown list, for a letter."""
    with translation.override(language):
        lines = [f"- {_line(contribution, language)}" for contribution in contributions]
        return "\n".join(lines) or _("The dates of your session are not fixed yet: we will tell you.")


def _line(contribution: Contribution, language: str) -> str:
    session = contribution.session
    parts = [session_when(session, language), session.place, contribution.subject, speaks(contribution)]
    return " · ".join(part for part in parts if part)
