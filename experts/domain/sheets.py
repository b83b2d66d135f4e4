"""Sheets of the information file: written as a draft, offered, read by a lay reader, signed by the committee, published.

Whoever writes, ticks, signs or publishes locks the sheet's row: two last signatures at once publish one version. What
somebody vouches for bears the fingerprint of the text that they saw: with the next change it no longer counts.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import Capability
from conference.models import Conference, Document, Membership, User
from experts.domain.board import COMMITTEE_ROLES
from experts.domain.pairs import undo_if_not_opposed
from experts.enums import Opinion, Position, SheetKind
from experts.models import Chapter, Expert, LayReading, Sheet, SheetOpinion, SheetVersion


# -- Where a draft stands ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Vouched:
    """Who has vouched for a draft as it stands now."""

    members: tuple[Membership, ...]
    readings: tuple[LayReading, ...]
    approvals: tuple[SheetOpinion, ...]
    objections: tuple[SheetOpinion, ...]
    silent: tuple[Membership, ...] = field(default=())

    @property
    def needed(self) -> int:
        """More than half of the members."""
        return len(self.members) // 2 + 1

    @property
    def is_signed(self) -> bool:
        return bool(self.members) and not self.objections and len(self.approvals) >= self.needed

    @property
    def is_read(self) -> bool:
        return bool(self.readings)

    def word_of(self, user_id: int | None) -> SheetOpinion | None:
        return next((word for word in (*self.approvals, *self.objections) if word.signed_by_id == user_id), None)


def committee_members(conference: Conference) -> tuple[Membership, ...]:
    members = Membership.objects.filter(conference=conference, role__in=COMMITTEE_ROLES, user__is_active=True)
    return tuple(members.select_related("user").order_by("id"))


def vouched_for(version: SheetVersion, members: tuple[Membership, ...]) -> Vouched:
    """No query if ``readings`` and ``opinions`` were fetched with the version. Words on an earlier text do not count."""
    now = version.fingerprint()
    ours = {member.user_id for member in members}
    words = [word for word in version.opinions.all() if word.fingerprint == now and word.signed_by_id in ours]
    said = {word.signed_by_id for word in words}
    return Vouched(
        members=members,
        readings=tuple(one for one in version.readings.all() if one.fingerprint == now),
        approvals=tuple(word for word in words if word.opinion == Opinion.APPROVES),
        objections=tuple(word for word in words if word.opinion == Opinion.OBJECTS),
        silent=tuple(member for member in members if member.user_id not in said),
    )


# -- Writing -----------------------------------------------------------------------------------------------------------
def _locked(sheet_id: int) -> Sheet:
    locked = Sheet.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("conference", "expert").get(pk=sheet_id)


@dataclass(frozen=True)
class Authorship:
    """Who writes, what the sheet does, and from where it speaks. ``name`` may be empty for an expert of the conference."""

    kind: SheetKind
    position: Position | str
    name: str = ""
    expert: Expert | None = None

    @property
    def author(self) -> str:
        return self.name.strip() or (str(self.expert) if self.expert else "")


def _check(conference: Conference, written: Authorship) -> None:
    if written.expert and written.expert.conference_id != conference.pk:
        raise DomainError(_("This expert belongs to another conference."))
    if not written.author:
        raise DomainError(_("Each sheet names its author."))
    if written.kind == SheetKind.ARGUES and written.position in {"", Position.OPEN}:
        raise DomainError(_("A sheet that argues takes a side: say which."))


@transaction.atomic
def create_sheet(
    *, conference: Conference, actor: User, title: str, chapter: Chapter | None, written: Authorship, language: str = ""
) -> Sheet:
    """A sheet without a text yet, last in its chapter."""
    _check(conference, written)
    if chapter and chapter.conference_id != conference.pk:
        raise DomainError(_("This chapter belongs to another conference."))
    sheet = Sheet.objects.create(
        conference=conference,
        chapter=chapter,
        position_in_chapter=Sheet.objects.filter(conference=conference, chapter=chapter).count(),
        title=title,
        language=language or conference.language,
        kind=written.kind,
        position=written.position,
        author_name=written.author,
        expert=written.expert,
    )
    record("sheet.created", conference=conference, actor=actor, obj=sheet, title=title)
    return sheet


@transaction.atomic
def change_authorship(*, sheet_id: int, actor: User, written: Authorship) -> Sheet:
    """Who writes and where they stand, until the first version is published. A pair that is no longer one is undone."""
    sheet = _locked(sheet_id)
    _check(sheet.conference, written)
    facts = (sheet.kind, sheet.position, sheet.author_name, sheet.expert_id)
    new = (written.kind, written.position, written.author, written.expert.pk if written.expert else None)
    if facts == new:
        return sheet
    if sheet.versions.published().exists():
        raise DomainError(_("Who wrote the sheet and where they stand is published: write a new sheet instead."))
    sheet.kind, sheet.position, sheet.author_name = written.kind, written.position, written.author
    sheet.expert = written.expert
    sheet.save(update_fields=["kind", "position", "author_name", "expert"])
    undo_if_not_opposed(sheet, actor=actor)
    sheet.versions.filter(published_at=None).update(ready_at=None)
    record("sheet.author_changed", conference=sheet.conference, actor=actor, obj=sheet, title=sheet.title)
    return sheet


@transaction.atomic
def save_draft(
    *,
    sheet_id: int,
    actor: User,
    title: str,
    text: str,
    chapter: Chapter | None,
    documents: Collection[Document],
) -> SheetVersion | None:
    """Keep the text as the one draft. Changing it takes it back from the lay reader and the committee: they have seen
    another one. A text equal to what is published leaves no draft."""
    sheet = _locked(sheet_id)
    if any(document.conference_id != sheet.conference_id for document in documents):
        raise DomainError(_("This document belongs to another conference."))
    if chapter and chapter.conference_id != sheet.conference_id:
        raise DomainError(_("This chapter belongs to another conference."))
    _place(sheet, title, chapter, documents)
    text = text.replace("\r\n", "\n").strip() + "\n"
    latest = sheet.versions.published().first()
    if latest and (latest.text, latest.title) == (text, title):
        sheet.versions.filter(published_at=None).delete()
        return None
    draft = sheet.versions.filter(published_at=None).first() or SheetVersion(sheet=sheet)
    if (draft.text, draft.title) == (text, title) and draft.pk:
        return draft
    draft.text, draft.title, draft.written_by, draft.ready_at = text, title, actor, None
    draft.save()
    return draft


def _place(sheet: Sheet, title: str, chapter: Chapter | None, documents: Collection[Document]) -> None:
    sheet.documents.set(documents)
    if sheet.chapter_id != (chapter.pk if chapter else None):
        sheet.chapter = chapter
        sheet.position_in_chapter = Sheet.objects.filter(conference=sheet.conference_id, chapter=chapter).count()
    if not sheet.versions.published().exists():
        sheet.title = title  # afterwards the published title stays until the next version is published
    sheet.save(update_fields=["chapter", "position_in_chapter", "title"])


# -- Offering, reading, signing ----------------------------------------------------------------------------------------
def _draft_of(sheet: Sheet) -> SheetVersion:
    draft = sheet.versions.filter(published_at=None).first()
    if draft is None or not draft.text.strip():
        raise DomainError(_("There is nothing new to publish: write the text first."))
    draft.sheet = sheet
    return draft


def _offered(sheet: Sheet, fingerprint: str) -> SheetVersion:
    draft = _draft_of(sheet)
    if draft.ready_at is None:
        raise DomainError(_("This text is still being written."))
    if draft.fingerprint() != fingerprint:
        raise DomainError(_("The text has changed since you opened this page. Read it once more."))
    return draft


@transaction.atomic
def offer(*, sheet_id: int, actor: User, change_note: str = "") -> SheetVersion:
    """Give the draft to the lay reader and the committee."""
    sheet = _locked(sheet_id)
    draft = _draft_of(sheet)
    draft.change_note = change_note.strip()
    if sheet.versions.published().exists() and not draft.change_note:
        raise DomainError(_("Write in a sentence what changed: those who have read the last version look for it."))
    draft.ready_at = timezone.now()
    draft.save()
    record("sheet.offered", conference=sheet.conference, actor=actor, obj=sheet, title=draft.title)
    return draft


@transaction.atomic
def tick(*, sheet_id: int, name: str, fingerprint: str, noted_by: User | None = None, remark: str = "") -> SheetVersion:
    """A lay reader says: I have read it and understood it. Anyone but who wrote it."""
    sheet = _locked(sheet_id)
    draft = _offered(sheet, fingerprint)
    name = " ".join(name.split())[:160]
    if not name:
        raise DomainError(_("Write your name: the readers see who has understood the sheet."))
    if (noted_by and noted_by.pk == draft.written_by_id) or name.casefold() == sheet.author_name.casefold():
        raise DomainError(_("Whoever has written a text cannot say whether others understand it. Ask somebody else."))
    _reading, is_new = LayReading.objects.get_or_create(
        version=draft, fingerprint=fingerprint, name=name, defaults={"noted_by": noted_by, "remark": remark.strip()}
    )
    if is_new:
        label = "" if noted_by else _("a lay reader")
        record(
            "sheet.understood",
            conference=sheet.conference,
            actor=noted_by,
            actor_label=label,
            obj=sheet,
            title=draft.title,
        )
    return _publish_if_ready(sheet, draft, actor=noted_by)


@transaction.atomic
def give_opinion(*, sheet_id: int, member: Membership, opinion: Opinion, reason: str, fingerprint: str) -> SheetVersion:
    """A member of the committee signs the sheet or objects with a reason. Their newest word on this text holds."""
    sheet = _locked(sheet_id)
    if not member.may(Capability.COMMITTEE) or member.conference_id != sheet.conference_id:
        raise DomainError(_("Only members of the steering committee sign the sheets."))
    draft = _offered(sheet, fingerprint)
    reason = reason.strip()
    if opinion == Opinion.OBJECTS and not reason:
        raise DomainError(_("Write why you object: whoever writes the sheet must know what to change."))
    before = SheetOpinion.objects.filter(version=draft, fingerprint=fingerprint, signed_by=member.user).first()
    if before is None or (before.opinion, before.reason) != (opinion, reason):
        SheetOpinion.objects.update_or_create(
            version=draft,
            fingerprint=fingerprint,
            signed_by=member.user,
            defaults={"opinion": opinion, "reason": reason, "name": str(member.user)[:200]},
        )
        verb = "sheet.signed" if opinion == Opinion.APPROVES else "sheet.objected"
        record(verb, conference=sheet.conference, actor=member.user, obj=sheet, title=draft.title, reason=reason)
    return _publish_if_ready(sheet, draft, actor=member.user)


def _publish_if_ready(sheet: Sheet, draft: SheetVersion, *, actor: User | None) -> SheetVersion:
    standing = vouched_for(draft, committee_members(sheet.conference))
    return _publish(sheet, draft, actor=actor) if standing.is_read and standing.is_signed else draft


@transaction.atomic
def publish_without_committee(*, sheet_id: int, actor: User, reason: str) -> SheetVersion:
    """The organiser publishes before the committee has signed, or where none sits. The readers see why.

    A lay reader's tick is needed all the same: a text that nobody has understood helps no citizen.
    """
    sheet = _locked(sheet_id)
    draft = _draft_of(sheet)
    reason = " ".join(reason.split())
    if draft.ready_at is None:
        raise DomainError(_("This text is still being written."))
    if not reason:
        raise DomainError(_("Write why the sheet is published without the committee: the readers see it."))
    if not vouched_for(draft, ()).is_read:
        raise DomainError(_("First somebody who has not written it must have read and understood it."))
    return _publish(sheet, draft, actor=actor, reason=reason[:500])


def _publish(sheet: Sheet, draft: SheetVersion, *, actor: User | None, reason: str = "") -> SheetVersion:
    latest = sheet.versions.published().first()
    draft.number = (latest.number or 0) + 1 if latest else 1
    draft.published_at = timezone.now()
    draft.override_reason = reason
    draft.save()
    sheet.title = draft.title
    sheet.save(update_fields=["title"])
    record(
        "sheet.published_anyway" if reason else "sheet.published",
        conference=sheet.conference,
        actor=actor,
        actor_label="" if actor else _("a lay reader"),
        obj=sheet,
        title=draft.title,
        number=draft.number,
        reason=reason or draft.change_note,
    )
    return draft


@transaction.atomic
def renew_reader_link(*, sheet_id: int, actor: User) -> SheetVersion:
    """Earlier links for a lay reader no longer open."""
    sheet = _locked(sheet_id)
    draft = _draft_of(sheet)
    draft.link_version += 1
    draft.save(update_fields=["link_version", "written_at"])
    record("sheet.link_renewed", conference=sheet.conference, actor=actor, obj=sheet, title=draft.title)
    return draft


@transaction.atomic
def remove_sheet(*, sheet_id: int, actor: User) -> None:
    """A sheet that was never published. What citizens have read stays."""
    sheet = _locked(sheet_id)
    if sheet.versions.published().exists():
        raise DomainError(_("This sheet has been published: it stays. Publish a version that says what was wrong."))
    record("sheet.removed", conference=sheet.conference, actor=actor, obj=sheet, title=sheet.title)
    sheet.delete()


@transaction.atomic
def move_sheet(*, sheet_id: int, actor: User, up: bool) -> Sheet:
    """One place up or down within its chapter."""
    moved = Sheet.objects.get(pk=sheet_id)
    Conference.objects.select_for_update(no_key=True).get(pk=moved.conference_id)
    row = list(Sheet.objects.filter(conference=moved.conference_id, chapter=moved.chapter_id))
    swap(row, moved, up=up)
    for place, sheet in enumerate(row):
        sheet.position_in_chapter = place
    Sheet.objects.bulk_update(row, ["position_in_chapter"])
    record("sheet.moved", conference=moved.conference, actor=actor, obj=moved, title=moved.title)
    return moved


def swap[T](row: list[T], one: T, *, up: bool) -> None:
    """Let it change places with its neighbour; at the end of the row nothing happens."""
    place = row.index(one)
    other = place - 1 if up else place + 1
    if 0 <= other < len(row):
        row[place], row[other] = row[other], row[place]
