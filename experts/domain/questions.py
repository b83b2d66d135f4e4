"""The citizens' key questions: typed in, ordered, frozen, put to experts, answered in writing, published together, and
what the panel thinks of each answer.

Every verb locks the conference's row first (docs/locking.md): the list, its order and its state change one after another.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, Item, User
from experts.domain import question_notices as notices
from experts.enums import CONCERNED, Verdict
from experts.models import Ask, Expert, KeyQuestion, QuestionList


def _locked(conference_id: int) -> tuple[Conference, QuestionList]:
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    state, _made = QuestionList.objects.get_or_create(conference=conference)
    return conference, state


def _open(conference_id: int) -> Conference:
    conference, state = _locked(conference_id)
    if state.frozen_at:
        raise DomainError(_("The questions are frozen. Open them again first, with a reason that everybody reads."))
    return conference


def state_of(conference: Conference) -> QuestionList:
    """The state, without writing a row for a conference that has none yet."""
    return QuestionList.objects.filter(conference=conference).first() or QuestionList(conference=conference)


# -- The list ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_question(*, conference_id: int, actor: User, text: str, explanation: str = "") -> KeyQuestion:
    conference = _open(conference_id)
    last = KeyQuestion.objects.filter(conference=conference).aggregate(last=Max("number"))["last"] or 0
    question = KeyQuestion.objects.create(
        conference=conference, number=last + 1, text=text.strip(), explanation=explanation.strip(), typed_by=actor
    )
    record("question.added", conference=conference, actor=actor, obj=question, number=question.number)
    return question


@transaction.atomic
def change_question(*, question_id: int, actor: User, text: str, explanation: str) -> KeyQuestion:
    conference = _open(KeyQuestion.objects.values_list("conference_id", flat=True).get(pk=question_id))
    question = KeyQuestion.objects.get(pk=question_id)
    if (question.text, question.explanation) == (text.strip(), explanation.strip()):
        return question
    question.text, question.explanation = text.strip(), explanation.strip()
    question.save(update_fields=["text", "explanation"])
    record("question.changed", conference=conference, actor=actor, obj=question, number=question.number)
    return question


@transaction.atomic
def move_question(*, question_id: int, actor: User, places: int) -> None:
    """So many places later, earlier where negative; the others close up."""
    conference = _open(KeyQuestion.objects.values_list("conference_id", flat=True).get(pk=question_id))
    rows = list(KeyQuestion.objects.filter(conference=conference).order_by("number"))
    here = next(at for at, row in enumerate(rows) if row.pk == question_id)
    there = max(0, min(len(rows) - 1, here + places))
    if there == here:
        return
    rows.insert(there, rows.pop(here))
    _number(rows)
    record("question.moved", conference=conference, actor=actor, obj=rows[there], number=there + 1)


def _number(rows: list[KeyQuestion]) -> None:
    for number, row in enumerate(rows, start=1):
        row.number = number
    KeyQuestion.objects.bulk_update(rows, ["number"])


@transaction.atomic
def remove_question(*, question_id: int, actor: User) -> None:
    conference = _open(KeyQuestion.objects.values_list("conference_id", flat=True).get(pk=question_id))
    question = KeyQuestion.objects.get(pk=question_id)
    if Ask.objects.filter(question=question).exclude(asked_at=None).exists():
        raise DomainError(_("This question has been put to an expert: it can no longer be removed."))
    if question.stances.exists():
        raise DomainError(_("Experts have said where they stand on this question: reword it instead of removing it."))
    record("question.removed", conference=conference, actor=actor, obj=question, number=question.number)
    question.delete()
    _number(list(KeyQuestion.objects.filter(conference=conference).order_by("number")))


@transaction.atomic
def freeze(*, conference_id: int, actor: User) -> QuestionList:
    conference, state = _locked(conference_id)
    if state.frozen_at:
        return state
    if not KeyQuestion.objects.filter(conference=conference).exists():
        raise DomainError(_("There is no question yet."))
    state.frozen_at = timezone.now()
    state.save()
    record("questions.frozen", conference=conference, actor=actor, obj=state)
    return state


@transaction.atomic
def reopen(*, conference_id: int, actor: User, reason: str) -> QuestionList:
    """The reason stays in the log, and stands on the public page until the questions are frozen again."""
    conference, state = _locked(conference_id)
    if not reason.strip():
        raise DomainError(_("Write why the questions are opened again: everybody reads it."))
    if not state.frozen_at:
        return state
    if state.answers_published_at:
        raise DomainError(_("The answers are published: the questions stay as they are."))
    state.frozen_at = None
    state.save()
    record("questions.reopened", conference=conference, actor=actor, obj=state, reason=reason.strip())
    return state


# -- Who answers what --------------------------------------------------------------------------------------------------
@transaction.atomic
def assign(*, conference_id: int, actor: User, pairs: Collection[tuple[int, int]]) -> int:
    """These (question, expert) pairs and no others; what has been put to an expert already stays. Returns how many there
    are now."""
    conference, _state = _locked(conference_id)
    questions = set(KeyQuestion.objects.filter(conference=conference).values_list("pk", flat=True))
    experts = set(Expert.objects.filter(conference=conference).values_list("pk", flat=True))
    wanted = {(question, expert) for question, expert in pairs if question in questions and expert in experts}
    there = {(ask.question_id, ask.expert_id): ask for ask in Ask.objects.filter(question__conference=conference)}
    gone = [ask.pk for pair, ask in there.items() if pair not in wanted and not ask.asked_at]
    Ask.objects.filter(pk__in=gone).delete()
    made = [Ask(question_id=question, expert_id=expert) for question, expert in wanted - there.keys()]
    Ask.objects.bulk_create(made)
    if made or gone:
        record("questions.assigned", conference=conference, actor=actor, added=len(made), removed=len(gone))
    return len(there) - len(gone) + len(made)


@transaction.atomic
def put(*, conference_id: int, actor: User, due_at: datetime) -> list[Expert]:
    """Put what is assigned to the experts who are invited or have accepted; those who have new questions are written to."""
    conference, state = _locked(conference_id)
    if not state.frozen_at:
        raise DomainError(_("Freeze the questions first: what is put to experts may not change."))
    if due_at <= timezone.now():
        raise DomainError(_("The day for the answers lies in the past."))
    new = list(
        Ask.objects.filter(question__conference=conference, asked_at=None, expert__state__in=CONCERNED).select_related(
            "expert"
        )
    )
    moved = state.answers_due_at != due_at
    if not new and not moved:
        raise DomainError(_("There is nothing new to put to anybody."))
    state.answers_due_at = due_at
    state.save()
    now = timezone.now()
    Ask.objects.filter(pk__in=[ask.pk for ask in new]).update(asked_at=now)
    experts = {ask.expert_id: ask.expert for ask in new}
    for expert in experts.values():
        notices.asked(conference, expert, now)
    notices.remind_all(conference, state)
    record("questions.put", conference=conference, actor=actor, obj=state, experts=len(experts), questions=len(new))
    return list(experts.values())


# -- The expert's answer -----------------------------------------------------------------------------------------------
def _ask(ask_id: int, expert: Expert) -> tuple[Ask, QuestionList]:
    _conference, state = _locked(expert.conference_id)
    ask = Ask.objects.select_related("question", "expert").get(pk=ask_id, expert=expert)
    if ask.expert.state not in CONCERNED:
        raise DomainError(_("Please accept the invitation first."))
    if state.answers_published_at:
        raise DomainError(_("The answers are published: yours stays as you handed it in."))
    return ask, state


@transaction.atomic
def save_draft(*, ask_id: int, expert: Expert, text: str) -> Ask:
    """Nobody else reads a draft. Of an answer that was handed in, nothing changes."""
    ask, _state = _ask(ask_id, expert)
    if ask.answered_at:
        raise DomainError(_("This answer is handed in. Take it back to change it."))
    ask.draft, ask.draft_saved_at = text, timezone.now()
    ask.save(update_fields=["draft", "draft_saved_at"])
    return ask


@transaction.atomic
def hand_in(*, ask_id: int, expert: Expert, text: str) -> Ask:
    ask, _state = _ask(ask_id, expert)
    if ask.answered_at:
        return ask
    if not text.strip():
        raise DomainError(_("Write your answer first."))
    ask.draft, ask.answer, ask.answered_at = "", text.strip(), timezone.now()
    ask.save(update_fields=["draft", "answer", "answered_at"])
    _record_answer("answer.handed_in", ask)
    if not Ask.objects.filter(expert=expert, answered_at=None).exclude(asked_at=None).exists():
        notices.all_answered(expert)
    return ask


@transaction.atomic
def take_back(*, ask_id: int, expert: Expert) -> Ask:
    """Until the answers are published: it becomes a draft again."""
    ask, state = _ask(ask_id, expert)
    if not ask.answered_at:
        return ask
    ask.draft, ask.answer, ask.answered_at = ask.answer, "", None
    ask.save(update_fields=["draft", "answer", "answered_at"])
    _record_answer("answer.taken_back", ask)
    notices.remind(expert, state)
    return ask


def _record_answer(verb: str, ask: Ask) -> None:
    record(
        verb,
        conference=ask.expert.conference,
        actor_label=(_("expert %(name)s") % {"name": ask.expert})[:120],
        obj=ask,
        name=str(ask.expert),
        number=ask.question.number,
    )


@transaction.atomic
def publish_answers(*, conference_id: int, actor: User) -> int:
    """All written answers at once; those that are missing are shown as missing. Returns how many there are."""
    conference, state = _locked(conference_id)
    if state.answers_published_at:
        return 0
    answers = Ask.objects.filter(question__conference=conference).exclude(answered_at=None).count()
    if not answers:
        raise DomainError(_("No answer has been handed in yet."))
    state.answers_published_at = timezone.now()
    state.save()
    notices.published(conference)
    record("answers.published", conference=conference, actor=actor, obj=state, answers=answers)
    return answers


# -- The hearing -------------------------------------------------------------------------------------------------------
@transaction.atomic
def note_spoken(*, ask_id: int, actor: User, at: datetime | None) -> Ask:
    """That the expert answered in the room, and when; the item of the running order at that moment is noted with it."""
    conference_id = Ask.objects.values_list("question__conference_id", flat=True).get(pk=ask_id)
    conference, _state = _locked(conference_id)
    ask = Ask.objects.select_related("question", "expert").get(pk=ask_id)
    ask.spoken_at = at
    ask.spoken_item = _item_at(conference, at) if at else None
    ask.save(update_fields=["spoken_at", "spoken_item"])
    verb = "answer.spoken" if at else "answer.not_spoken"
    record(verb, conference=conference, actor=actor, obj=ask, name=str(ask.expert), number=ask.question.number)
    return ask


def _item_at(conference: Conference, at: datetime) -> Item | None:
    items = Item.objects.held().filter(session__conference=conference, starts_at__lte=at).order_by("-starts_at")
    return next((item for item in items if item.ends_at > at), None)


@transaction.atomic
def give_verdict(
    *, ask_id: int, actor: User, verdict: Verdict | str, contradicted_by: Expert | None = None, note: str = ""
) -> Ask:
    """What the panel says of the answer. Every earlier verdict stays in the log."""
    conference_id = Ask.objects.values_list("question__conference_id", flat=True).get(pk=ask_id)
    conference, _state = _locked(conference_id)
    ask = Ask.objects.select_related("question", "expert").get(pk=ask_id)
    if verdict == Verdict.CONTRADICTED and contradicted_by is None:
        raise DomainError(_("Say who contradicted the answer."))
    if verdict and not (ask.answered_at or ask.spoken_at):
        raise DomainError(_("There is no answer yet, neither written nor spoken."))
    ask.verdict, ask.verdict_note, ask.verdict_at = verdict, note.strip(), timezone.now() if verdict else None
    ask.contradicted_by = contradicted_by if verdict == Verdict.CONTRADICTED else None
    ask.save(update_fields=["verdict", "verdict_note", "verdict_at", "contradicted_by"])
    record(
        "answer.judged",
        conference=conference,
        actor=actor,
        obj=ask,
        name=str(ask.expert),
        number=ask.question.number,
        verdict=verdict or "–",
        reason=ask.verdict_note,
    )
    return ask
