"""Sentences of the event log for questions and answers, their page in the cockpit, and the expert's own."""

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from experts.link_pages import LinkPage, register_link_page
from experts.models import Ask, Expert

register_verbs(
    {
        "question.added": _("Key question %(number)s was typed in"),
        "question.changed": _("Key question %(number)s was reworded"),
        "question.moved": _("A key question is now number %(number)s"),
        "question.removed": _("Key question %(number)s was removed"),
        "questions.frozen": _("The key questions were frozen"),
        "questions.reopened": _("The key questions were opened again"),
        "questions.assigned": _("Who answers which question was changed (%(added)s more, %(removed)s fewer)"),
        "questions.put": _("%(questions)s questions were put to %(experts)s experts"),
        "answer.handed_in": _("%(name)s handed in an answer to question %(number)s"),
        "answer.taken_back": _("%(name)s took back an answer to question %(number)s"),
        "answers.published": _("The written answers were published (%(answers)s)"),
        "answer.spoken": _("%(name)s answered question %(number)s in the room"),
        "answer.not_spoken": _("It was taken back that %(name)s answered question %(number)s in the room"),
        "answer.judged": _("The panel’s verdict on the answer of %(name)s to question %(number)s: %(verdict)s"),
    }
)

register_page(DeskPage("questions", _("Key questions"), "questions:questions", 63))


def _has_questions(expert: Expert) -> bool:
    return Ask.objects.filter(expert=expert).exclude(asked_at=None).exists()


def _todo(expert: Expert) -> str:
    left = Ask.objects.filter(expert=expert, answered_at=None).exclude(asked_at=None)
    count = left.filter(question__conference__question_list__answers_due_at__gt=timezone.now()).count()
    if count == 0:
        return _now("Answer the citizens’ questions: the day has passed.") if left.exists() else ""
    words = ngettext(
        "Answer a question of the citizens in writing.",
        "Answer %(number)s questions of the citizens in writing.",
        count,
    )
    return words % {"number": count}


register_link_page(
    LinkPage("questions", _("Questions put to you"), "experts_questions:questions", 40, _has_questions, _todo)
)
