"""The information file as a whole: its chapters, its glossary, and whether everybody may read it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import Conference, User
from experts.domain.sheets import swap
from experts.models import Chapter, GlossaryEntry, InformationFile, Sheet


def _lock(conference_id: int) -> Conference:
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)


@transaction.atomic
def open_to_everybody(*, conference: Conference, actor: User) -> InformationFile:
    """From now on the file stands on the public page. Sheets published later join it by themselves."""
    _lock(conference.pk)
    if not Sheet.objects.published().filter(conference=conference).exists():
        raise DomainError(_("No sheet is published yet: there is nothing to show."))
    file, _new = InformationFile.objects.get_or_create(conference=conference)
    if file.published_at is None:
        file.published_at = timezone.now()
        file.save(update_fields=["published_at"])
        record("information.opened", conference=conference, actor=actor, obj=file)
    return file


@transaction.atomic
def close_to_everybody(*, conference: Conference, actor: User) -> InformationFile:
    """The panel keeps the file; the public page no longer shows it."""
    _lock(conference.pk)
    file, _new = InformationFile.objects.get_or_create(conference=conference)
    if file.published_at is not None:
        file.published_at = None
        file.save(update_fields=["published_at"])
        record("information.closed", conference=conference, actor=actor, obj=file)
    return file


@transaction.atomic
def save_chapter(*, conference: Conference, actor: User, title: str, chapter_id: int | None = None) -> Chapter:
    _lock(conference.pk)
    if chapter_id is None:
        count = Chapter.objects.filter(conference=conference).count()
        chapter = Chapter.objects.create(conference=conference, title=title, position=count)
        record("chapter.added", conference=conference, actor=actor, obj=chapter, title=title)
        return chapter
    chapter = Chapter.objects.get(pk=chapter_id, conference=conference)
    if chapter.title != title:
        chapter.title = title
        chapter.save(update_fields=["title"])
        record("chapter.changed", conference=conference, actor=actor, obj=chapter, title=title)
    return chapter


@transaction.atomic
def move_chapter(*, chapter: Chapter, actor: User, up: bool) -> Chapter:
    conference = _lock(chapter.conference_id)
    row = list(Chapter.objects.filter(conference=conference))
    swap(row, chapter, up=up)
    for place, one in enumerate(row):
        one.position = place
    Chapter.objects.bulk_update(row, ["position"])
    record("chapter.changed", conference=conference, actor=actor, obj=chapter, title=chapter.title)
    return chapter


@transaction.atomic
def remove_chapter(*, chapter: Chapter, actor: User) -> None:
    """Its sheets stay, without a chapter."""
    conference = _lock(chapter.conference_id)
    record("chapter.removed", conference=conference, actor=actor, obj=chapter, title=chapter.title)
    chapter.delete()


@transaction.atomic
def save_entry(*, entry: GlossaryEntry, actor: User) -> GlossaryEntry:
    """A new word, or a word with another definition. The sheets find it by themselves."""
    is_new = entry.pk is None
    entry.forms = "\n".join(entry.spellings[1:])
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise DomainError(_("This word is in the glossary already.")) from error
    verb = "glossary.added" if is_new else "glossary.changed"
    record(verb, conference=entry.conference, actor=actor, obj=entry, term=entry.term)
    return entry


@transaction.atomic
def remove_entry(*, entry: GlossaryEntry, actor: User) -> None:
    record("glossary.removed", conference=entry.conference, actor=actor, obj=entry, term=entry.term)
    entry.delete()
