"""Word of a published programme to the experts whom it concerns, and to nobody else."""

from collections.abc import Collection, Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from conference.domain.publication import programme_published
from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import ProgrammeVersion
from conference.programme_news import keys_of, news, register_readers, tell
from conference.published import Change, Programme
from experts.audiences import recipient
from experts.domain.letters import content_for, expert_of
from experts.enums import CONCERNED
from experts.models import Expert

SUBJECT = "experts.expert"


def key_of(expert: Expert) -> str:
    return f"expert:{expert.uuid}"


@receiver(programme_published)
def tell_experts(version: ProgrammeVersion, changes: Iterable[Change], programme: Programme, **_kwargs: Any) -> None:
    for expert in _readers(version.conference_id, keys_of(changes)):
        tell(
            version=version,
            kind=Kind.EXPERT_PROGRAMME,
            recipient=recipient(expert),
            subject_type=SUBJECT,
            subject_id=expert.pk,
        )


def _readers(conference_id: int, keys: Collection[str]) -> list[Expert]:
    """Of those whom the changes concern, those who are invited or have accepted."""
    experts = Expert.objects.filter(conference=conference_id).concerned()
    return [expert for expert in experts if key_of(expert) in keys]


register_readers(lambda conference_id, keys, _publisher: map(str, _readers(conference_id, keys)))


def build(message: Message) -> Content:
    expert = expert_of(message)
    if expert.state not in CONCERNED:
        raise ReasonGone(_("The expert no longer takes part"))
    with translation.override(message.language):
        facts = news(message, expert.conference, key_of(expert))
        return content_for(
            expert,
            message,
            _("Open my page"),
            number=facts["number"],
            changes=facts["changes"],
            programme=facts["programme"],
        )


register_kind(Kind.EXPERT_PROGRAMME, build)
