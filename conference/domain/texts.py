"""The words of messages, changed by an organiser, with the line in the log; and a test of them to oneself."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import outbox, texts
from conference.mail.domain.kinds import Text
from conference.mail.domain.texts import Overtaken
from conference.mail.enums import Kind
from conference.mail.models import Message, TextVersion
from conference.models import Conference, User

TESTED = "conference.text"

__all__ = ["Overtaken", "back_to_default", "restore", "save", "send_test"]


@transaction.atomic
def save(
    *, conference: Conference, actor: User, kind: Kind, language: str, base: int, text: Text
) -> TextVersion | None:
    """Another version, on top of version ``base``; raises Overtaken where somebody else was faster. None: no change.

    What has gone out stays as it is; what is still to go takes the new words.
    """
    wrong = texts.problems(kind, language, text)
    if wrong:
        raise DomainError(wrong[0].words)
    version = texts.write(
        conference_id=conference.pk, kind=kind, language=language, base=base, text=text, written_by=actor
    )
    if version is not None:
        verb = "text.default" if version.is_default else "text.changed"
        record(
            verb,
            conference=conference,
            actor=actor,
            obj=version,
            message=kind,
            language=language,
            number=version.number,
        )
    return version


def back_to_default(*, conference: Conference, actor: User, kind: Kind, language: str, base: int) -> TextVersion | None:
    text = texts.default_text(kind, language)
    return save(conference=conference, actor=actor, kind=kind, language=language, base=base, text=text)


def restore(*, conference: Conference, actor: User, version: TextVersion, base: int) -> TextVersion | None:
    """The words of an earlier version once more, as a new one. What no longer fits the message is refused."""
    kind = Kind(version.kind)
    text = texts.text_of(version, kind, version.language)
    return save(conference=conference, actor=actor, kind=kind, language=version.language, base=base, text=text)


@transaction.atomic
def send_test(
    *, conference: Conference, actor: User, kind: Kind, language: str, text: Text, once: UUID | str
) -> Message:
    """These words, saved or not, to one's own address, with invented values. ``once``: a second click sends nothing more."""
    wrong = texts.problems(kind, language, text)
    if wrong:
        raise DomainError(_("The test is not sent: %(problem)s") % {"problem": wrong[0].words})
    return outbox.schedule(
        kind=Kind.TEST,
        recipient=outbox.Recipient(f"user:{actor.pk}", actor.email, str(actor), language),
        conference_id=conference.pk,
        subject_type=TESTED,
        subject_id=f"{kind}.{language}",
        occurrence=str(once),
        data={"kind": kind, "subject": text.subject, "body": text.body},
    )
