"""What fills the letters about questions."""

from django.utils import translation
from django.utils.translation import gettext as _

from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.words import moment
from experts.domain.letters import content_for, expert_of
from experts.domain.questions import state_of
from experts.enums import CONCERNED
from experts.models import Ask


def _open_questions(message: Message) -> Content:
    """The questions that this expert still owes an answer, as they stand when the letter leaves."""
    expert = expert_of(message)
    state = state_of(expert.conference)
    asks = Ask.objects.filter(expert=expert, answered_at=None).exclude(asked_at=None).select_related("question")
    if expert.state not in CONCERNED:
        raise ReasonGone(_("The expert no longer takes part"))
    if not asks or state.answers_due_at is None or state.answers_published_at:
        raise ReasonGone(_("The answers were handed in"))
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Answer the questions"),
            questions="\n".join(f"- {ask.question.text}" for ask in asks),
            deadline=moment(expert.conference, state.answers_due_at, message.language),
        )


register_kind(Kind.QUESTIONS_ASKED, _open_questions)
register_kind(Kind.ANSWERS_DUE, _open_questions)
