"""To which experts a free message may go."""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conference.audiences import Group, register_audiences
from conference.mail.domain.outbox import Recipient
from conference.models import Conference, Session
from experts.enums import CONCERNED, ExpertState
from experts.models import Ask, Expert, ExpertQuerySet


def recipient(expert: Expert) -> Recipient:
    return Recipient(f"expert:{expert.pk}", expert.email, str(expert), expert.language)


def _members(experts: ExpertQuerySet) -> Callable[[], Iterable[Recipient]]:
    return lambda: map(recipient, experts)


def groups(conference: Conference) -> list[Group]:
    """By their answer, and by the session in which they speak."""
    experts = Expert.objects.filter(conference=conference)
    found: list[tuple[str, str | Promise, ExpertQuerySet]] = [
        ("experts", _("The experts who have accepted"), experts.filter(state=ExpertState.ACCEPTED)),
        ("experts_invited", _("The experts who have not answered yet"), experts.filter(state=ExpertState.INVITED)),
    ]
    waiting = Ask.objects.unanswered().filter(question__conference=conference).exclude(asked_at=None)
    if waiting.exists():
        label = _now("The experts who owe the citizens a written answer")
        found.append(("experts_owing", label, experts.filter(state__in=CONCERNED, asks__in=waiting).distinct()))
    for session in Session.objects.filter(conference=conference).held():
        label = _now("The experts who speak in “%(session)s”") % {"session": session.title}
        speaking = experts.filter(state__in=CONCERNED, contributions__session=session).distinct()
        found.append((f"session_{session.pk}", label, speaking))
    return [Group(key, label, _members(chosen)) for key, label, chosen in found]


def _first_name(pk: int) -> str | None:
    return Expert.objects.filter(pk=pk).values_list("first_name", flat=True).first()


register_audiences("expert", groups, _first_name)
