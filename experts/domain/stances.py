"""The scale of positions, and where each expert stands on each key question."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from experts.domain.record import locked, log
from experts.enums import ExpertState, Position
from experts.models import Expert, KeyQuestion, ScaleStep, Stance
from experts.scale import forget_scale

ENDS = (Position.FOR, Position.AGAINST)


@transaction.atomic
def set_scale(*, conference: Conference, actor: User, labels: Mapping[str, str]) -> None:
    """Name the steps in the conference's own words. A step left empty is not used; none at all: the usual words."""
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    named = {position: words.strip() for position, words in labels.items() if words.strip()}
    if named and any(end not in named for end in ENDS):
        raise DomainError(_("Name both ends of the scale: the conference weighs two sides."))
    if len({words.casefold() for words in named.values()}) < len(named):
        raise DomainError(_("Two steps bear the same words."))
    ScaleStep.objects.filter(conference=conference).delete()
    ScaleStep.objects.bulk_create(
        ScaleStep(conference=conference, position=p, label=words) for p, words in named.items()
    )
    forget_scale(conference)
    record("experts.scale_set", conference=conference, actor=actor, steps=", ".join(named.values()) or "–")


@transaction.atomic
def set_stances(*, expert_id: int, stances: Mapping[int, tuple[str, str]], actor: User | None) -> list[Stance]:
    """Where the expert stands on key questions, by the question's key: (position, sentence); without a position, nothing
    stands there. ``actor``: the organiser who noted it; None: the expert."""
    expert = locked(expert_id)
    if actor is None and expert.state != ExpertState.ACCEPTED:
        raise DomainError(_("Please accept the invitation first."))
    questions = {q.pk: q for q in KeyQuestion.objects.filter(conference=expert.conference_id, pk__in=stances)}
    if len(questions) < len(stances):
        raise DomainError(_("This question belongs to another conference."))
    before = {s.question_id: (s.position, s.sentence) for s in Stance.objects.filter(expert=expert)}
    changed = []
    for pk, (position, sentence) in stances.items():
        if before.get(pk, ("", "")) == (position, sentence.strip() if position else ""):
            continue
        _set(expert, questions[pk], position, sentence.strip())
        changed.append(questions[pk].number)
    if changed:
        log("expert.stances", expert, actor=actor, numbers=", ".join(map(str, sorted(changed))))
    return list(Stance.objects.filter(expert=expert).select_related("question").order_by("question__number"))


def _set(expert: Expert, question: KeyQuestion, position: str, sentence: str) -> None:
    if not position:
        Stance.objects.filter(expert=expert, question=question).delete()
        return
    values = {"position": position, "sentence": sentence}
    Stance.objects.update_or_create(expert=expert, question=question, defaults=values)
