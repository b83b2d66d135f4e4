"""Briefings: written as a draft, published as version 1, 2, 3 ..., read and ticked by experts.

Whoever writes or publishes locks the briefing's row: two people publishing at once make one version, not one twice.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, Document, User
from conference.timing import reminder_after
from experts.domain import notices
from experts.models import Briefing, BriefingRead, BriefingVersion, Expert

REMIND_AFTER = timedelta(days=4)  # those who have not said that they have read it


def _locked(briefing_id: int) -> Briefing:
    locked = Briefing.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("conference", "expert").get(pk=briefing_id)


def concerned_by(briefing: Briefing) -> list[Expert]:
    """Who is told when it is published: those invited or accepted, and only the one expert if it is for one."""
    experts = Expert.objects.concerned().filter(conference=briefing.conference_id).select_related("conference")
    return list(experts.filter(pk=briefing.expert_id) if briefing.expert_id else experts)


@transaction.atomic
def create_briefing(*, conference: Conference, actor: User, title: str, expert: Expert | None) -> Briefing:
    """A briefing without a text yet, for one expert or (None) for all of them."""
    if expert and expert.conference_id != conference.pk:
        raise DomainError(_("This expert belongs to another conference."))
    briefing = Briefing.objects.create(conference=conference, title=title, expert=expert)
    record("briefing.created", conference=conference, actor=actor, obj=briefing, title=title)
    return briefing


@transaction.atomic
def save_draft(
    *, briefing_id: int, actor: User, title: str, text: str, documents: Collection[Document]
) -> BriefingVersion | None:
    """Keep the text as the one draft; nobody is told. A text equal to what is published leaves no draft."""
    briefing = _locked(briefing_id)
    if any(document.conference_id != briefing.conference_id for document in documents):
        raise DomainError(_("This document belongs to another conference."))
    if briefing.title != title:
        briefing.title = title
        briefing.save(update_fields=["title"])
    if {document.pk for document in documents} != set(briefing.documents.values_list("pk", flat=True)):
        briefing.documents.set(documents)
        record(
            "briefing.documents_changed",
            conference=briefing.conference,
            actor=actor,
            obj=briefing,
            title=briefing.title,
        )
    text = text.replace("\r\n", "\n").strip() + "\n"
    latest = briefing.versions.published().first()
    if latest and latest.text == text:
        briefing.versions.filter(published_at=None).delete()
        return None
    return BriefingVersion.objects.update_or_create(
        briefing=briefing, published_at=None, defaults={"text": text, "written_by": actor}
    )[0]


@transaction.atomic
def publish(*, briefing_id: int, actor: User, change_note: str = "") -> BriefingVersion:
    """Make the draft the next version, for ever, and tell those whom it concerns."""
    briefing = _locked(briefing_id)
    draft = briefing.versions.filter(published_at=None).first()
    if draft is None or not draft.text.strip():
        raise DomainError(_("There is nothing new to publish: write the text first."))
    latest = briefing.versions.exclude(published_at=None).first()
    change_note = change_note.strip()
    if latest and not change_note:
        raise DomainError(_("Write in a sentence what changed: those who have read the last version look for it."))
    draft.number = (latest.number or 0) + 1 if latest else 1
    draft.published_at = timezone.now()
    draft.change_note = change_note
    draft.save()
    record(
        "briefing.published",
        conference=briefing.conference,
        actor=actor,
        obj=briefing,
        title=briefing.title,
        number=draft.number,
        reason=change_note,
    )
    conference = briefing.conference
    remind_at = reminder_after(conference, conference.local(draft.published_at + REMIND_AFTER).date())
    for expert in concerned_by(briefing):
        notices.briefing_published(draft, expert)
        if latest:
            notices.cancel_reminders(expert, latest, _("A newer version was published"))
        notices.remind_of_briefing(draft, expert, remind_at)
    return draft


def not_read_by(version: BriefingVersion) -> list[Expert]:
    """Whom the version concerns and who have not said that they have read it."""
    have = set(BriefingRead.objects.filter(version=version).values_list("expert", flat=True))
    return [expert for expert in concerned_by(version.briefing) if expert.pk not in have]


@transaction.atomic
def remind_now(*, briefing_id: int, actor: User) -> list[Expert]:
    """Remind those who have not read the newest version; each at most once a day, however often the button is pressed."""
    briefing = _locked(briefing_id)
    version = briefing.versions.published().first()
    if version is None:
        raise DomainError(_("Nothing is published yet: there is nothing to be reminded of."))
    version.briefing = briefing
    late = not_read_by(version)
    if not late:
        raise DomainError(_("Everybody whom it concerns has read it."))
    reminded = [expert for expert in late if notices.remind_by_hand(version, expert)]
    if not reminded:
        raise DomainError(_("They have been reminded today already."))
    record(
        "briefing.reminded",
        conference=briefing.conference,
        actor=actor,
        obj=briefing,
        title=briefing.title,
        number=version.number,
        count=len(reminded),
    )
    return reminded


@transaction.atomic
def mark_read(*, expert: Expert, version: BriefingVersion) -> BriefingRead:
    """The expert says that they have read this version. Saying it twice is once."""
    read, is_new = BriefingRead.objects.get_or_create(version=version, expert=expert)
    if is_new:
        notices.cancel_reminders(expert, version, _("The briefing has been read"))
        record(
            "briefing.read",
            conference=expert.conference,
            actor_label=(_("expert %(name)s") % {"name": expert})[:120],
            obj=version.briefing,
            name=str(expert),
            number=version.number,
            title=version.briefing.title,
        )
    return read
