"""What the citizens wish to hear: noted by a facilitator, answered by the organiser, one by one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from experts.enums import GONE, WishAnswer
from experts.models import Expert, KeyQuestion, Wish


def _locked(wish_id: int) -> Wish:
    return Wish.objects.select_for_update(of=("self",), no_key=True).select_related("conference").get(pk=wish_id)


def _log(verb: str, wish: Wish, actor: User, **data: Any) -> None:
    record(verb, conference=wish.conference, actor=actor, obj=wish, text=wish.text, reason=wish.reason, **data)


def _check_question(wish: Wish, question: KeyQuestion | None) -> None:
    if question is not None and question.conference_id != wish.conference_id:
        raise DomainError(_("This question belongs to another conference."))


@transaction.atomic
def add_wish(*, conference: Conference, actor: User, fields: Mapping[str, Any]) -> Wish:
    wish = Wish(conference=conference, typed_by=actor, **fields)
    _check_question(wish, wish.question)
    wish.save()
    _log("wish.added", wish, actor)
    return wish


@transaction.atomic
def change_wish(*, wish_id: int, actor: User, fields: Mapping[str, Any]) -> Wish:
    """Mend what was typed. Once it is answered the words stand: the answer was given to them."""
    wish = _locked(wish_id)
    _still_open(wish)
    _check_question(wish, fields.get("question"))
    if all(getattr(wish, name) == value for name, value in fields.items()):
        return wish
    for name, value in fields.items():
        setattr(wish, name, value)
    wish.save()
    _log("wish.changed", wish, actor)
    return wish


@transaction.atomic
def remove_wish(*, wish_id: int, actor: User) -> None:
    """Take back what was typed by mistake. The log keeps its words; an answered wish stays."""
    wish = _locked(wish_id)
    _still_open(wish)
    _log("wish.removed", wish, actor)
    wish.delete()


def _still_open(wish: Wish) -> None:
    if wish.answer:
        raise DomainError(_("This wish has been answered: its words stand. Note a new one."))


@transaction.atomic
def answer_wish(*, wish_id: int, actor: User, answer: WishAnswer, expert: Expert | None, reason: str) -> Wish:
    """The organiser's answer. "Will be heard" names by whom; everything less says why."""
    wish = _locked(wish_id)
    reason = reason.strip()
    if answer == WishAnswer.NO:
        expert = None
    if answer == WishAnswer.HEARD and expert is None:
        raise DomainError(_("Choose the expert who will be heard."))
    if answer != WishAnswer.HEARD and not reason:
        raise DomainError(_("Write the explanation: the citizens read it."))
    if expert is not None and expert.conference_id != wish.conference_id:
        raise DomainError(_("This expert belongs to another conference."))
    if expert is not None and expert.state in GONE:
        raise DomainError(_("%(name)s does not come: choose another expert.") % {"name": expert})
    if (wish.answer, wish.expert, wish.reason) == (answer, expert, reason):
        return wish
    wish.answer, wish.expert, wish.reason = answer, expert, reason
    wish.answered_at, wish.answered_by = timezone.now(), actor
    wish.save()
    _log("wish.answered", wish, actor, answer=str(answer))
    return wish
