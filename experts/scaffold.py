"""The first words of a briefing, from what is known: whom one speaks to, on what, how long, in what words, against whom.

It is a beginning to write on, in the language of its reader. What is not known yet stands there as a line to fill in.
"""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.words import session_when
from experts.domain.letters import programme_of
from experts.enums import ExpertState, Position, Side
from experts.models import Ask, Briefing, Contribution, Expert, KeyQuestion
from experts.rules import SIDE_OF
from experts.scale import position_label
from experts.words import citizens_sentence, speaks

OPPOSED = {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR}


def scaffold(briefing: Briefing) -> str:
    """Markdown with five sections. For one expert it says their hours and who contradicts them; for all, it says the rest."""
    conference, expert = briefing.conference, briefing.expert
    language = expert.language if expert else conference.language
    with translation.override(language):
        sections = [
            (_("To whom you speak"), _to_whom(conference, language)),
            (_("On what"), _on_what(conference, expert)),
            (_("For how long"), _how_long(expert, language)),
            (_("In what words"), _words()),
            (_("What the other side will say"), _other_side(conference, expert)),
        ]
        return "\n\n".join(f"## {title}\n\n{text}" for title, text in sections) + "\n"


def _to_whom(conference: Conference, language: str) -> str:
    return "\n\n".join(
        [
            citizens_sentence(conference, language),
            _(
                "They have read the information file. Afterwards they deliberate alone and write their opinion themselves."
            ),
        ]
    )


def _on_what(conference: Conference, expert: Expert | None) -> str:
    lines = [_("The question of the conference: **%(question)s**") % {"question": conference.question}]
    subjects = [part.subject for part in programme_of(expert) if part.subject] if expert else []
    if subjects:
        lines.append(_("Your subject:") + "\n\n" + _bullets(subjects))
    asked = _questions(conference, expert)
    if asked:
        lead = _("The citizens put these questions to you:") if expert else _("The citizens’ questions:")
        lines.append(lead + "\n\n" + _bullets(asked))
    return "\n\n".join(lines)


def _questions(conference: Conference, expert: Expert | None) -> list[str]:
    """Those put to this expert; all of them where none is assigned yet, or for everybody."""
    if expert:
        mine = [str(ask.question) for ask in Ask.objects.filter(expert=expert).select_related("question")]
        if mine:
            return mine
    return [str(question) for question in KeyQuestion.objects.filter(conference=conference)]


def _how_long(expert: Expert | None, language: str) -> str:
    last = _("Question time is the citizens’ own: it is not shortened if a talk runs over.")
    if expert is None:
        return _("Each of you finds the day, the hour and the minutes on their own page.") + "\n\n" + last
    parts = programme_of(expert)
    if not parts:
        return _("_Your hour is not fixed yet: to be filled in._") + "\n\n" + last
    return _bullets(_part(part, language) for part in parts) + "\n\n" + last


def _part(part: Contribution, language: str) -> str:
    session = part.session
    return f"**{session.title}** ({session_when(session, language)}) – {speaks(part)}"


def _words() -> str:
    return _bullets(
        [
            _("Short sentences, examples from here. Explain a technical word the first time, or do without it."),
            _("Say what is known, what is not known, and where you stand."),
            _("Your position, your interests and who pays you stand beside your name."),
            _("At most ten slides, without paragraphs to read. Send them beforehand through your page."),
        ]
    )


def _other_side(conference: Conference, expert: Expert | None) -> str:
    """Those who have accepted: who is still thinking about it is nobody's business yet."""
    accepted = Expert.objects.filter(conference=conference, state=ExpertState.ACCEPTED)
    if expert is not None:
        accepted = accepted.exclude(pk=expert.pk)
    others = [other for other in accepted if other.position and (expert is None or _is_opposed(expert, other))]
    lead = _("Do not answer the other experts: answer the citizens. They hear these views too:")
    if expert is not None and expert.position and not others:
        return _("_Nobody has accepted yet who says the opposite: to be filled in._")
    lines = [_view(conference, other) for other in others]
    return f"{lead}\n\n{_bullets(lines)}" if lines else _("_To be filled in, once the positions are declared._")


def _is_opposed(expert: Expert, other: Expert) -> bool:
    """Somebody who stands on neither side hears of both."""
    side, its_side = _side(expert), _side(other)
    return its_side == OPPOSED[side] if side in OPPOSED else its_side in OPPOSED


def _side(expert: Expert) -> Side | None:
    return SIDE_OF[Position(expert.position)] if expert.position else None


def _view(conference: Conference, other: Expert) -> str:
    who = f"**{other}**" + (f", {other.affiliation}" if other.affiliation else "")
    position = position_label(conference, other.position)
    said = f" – {other.position_text}" if other.position_text else ""
    return f"{who} ({position}){said}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
